"""Signing stored files: a new version is stored, the old one stays."""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, WrongState
from signing import custody, trust
from signing.actions.versions import record_version
from signing.custody import Authorisation, Entry
from signing.custody.proof import require_by
from signing.enums import Level, Trouble, VersionKind
from signing.loop import run
from signing.models import Certificate
from signing.pades import deferred, longterm
from signing.pades.appearance import handwriting
from signing.pades.deferred import SignatureField
from signing.permissions import can_sign_with, may_still_sign
from signing.prepare import PERSON_FIELD, SEAL_FIELD

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedFile:
    """A stored signed file. ``timestamp_pending``: signed, but the last timestamp is still to come."""

    sha256: str
    size: int
    level: Level
    timestamp_pending: bool
    trouble: Trouble | None = None  # why it is pending; ``detail`` for experts, in English
    detail: str = ""


def person_field(name: str, *, location: str = "") -> SignatureField:
    """The visible field of the person ``name``, with the drawn hand."""
    return SignatureField(PERSON_FIELD, handwriting(name), location=location)


def sign_pdf(
    *,
    actor: User,
    sha256: str,
    certificate: Certificate,
    field: SignatureField | None = None,
    secret: str = "",
) -> SignedFile:
    """The holder's personal signature in the prepared visible field, B-T (B-B without a TSA).

    ``secret`` is the PIN of a key whose custody ``needs_secret``.

    Raises Denied for another's certificate, WrongState for one not in force, CustodyError when the
    key does not sign, DomainError when the file does not take the signature; the stored file stays.
    """
    if not can_sign_with(actor, certificate):
        raise Denied(_("This is not your certificate."))
    field = field or person_field(actor.full_name)
    with working_copy(sha256) as path:
        stamped = _sign_in_place(path, sha256, certificate, field, {"user": actor.pk}, secret=secret)
        signed = stored(path, Level.T if stamped else Level.B, pending=not stamped)
    record_version(sha256=signed.sha256, made_from=sha256, kind=VersionKind.SIGN)
    return signed


def seal_pdf(*, actor: User | None, sha256: str, certificate: Certificate, reason: str = "") -> SignedFile:
    """The organisation's invisible seal, then B-LTA; the file ends with its timestamp.

    The house calls it after the responsible person has signed; ``actor`` is who set that off. When
    the TSA or a revocation service is away the file is sealed and ``timestamp_pending``.
    """
    if certificate.agency_id is None:
        raise Denied(_("An organisation's seal needs the organisation's certificate."))
    field = SignatureField(SEAL_FIELD, reason=reason)
    with working_copy(sha256) as path:
        stamped = _sign_in_place(path, sha256, certificate, field, {"seal_for": actor.pk if actor else None})
        sealed = stored(path, Level.T if stamped else Level.B, pending=True)
    record_version(sha256=sealed.sha256, made_from=sha256, kind=VersionKind.SEAL)
    return _completed(sealed.sha256, sealed.level)


def complete_timestamp(*, actor: User | None, sha256: str) -> SignedFile:
    """Bring a signed file to B-LTA now; still ``timestamp_pending`` while the services do not answer.

    Call it again later for a pending file. ``actor`` is who set it off, None for the ticker.
    """
    logger.info("completing the timestamps of %s for %s", sha256, actor.pk if actor else "the ticker")
    return _completed(sha256, Level.B)


def pending(sha256: str) -> SignedFile:
    """A stored file that is known to wait for its last timestamp."""
    return SignedFile(sha256, blobs.path_of(sha256).stat().st_size, Level.B, timestamp_pending=True)


def _completed(sha256: str, level: Level) -> SignedFile:
    timestamper = trust.timestamper()
    with working_copy(sha256) as path:
        size = path.stat().st_size
        try:
            longterm.seal_for_decades(path, timestamper)
            complete = stored(path, Level.LTA, pending=False)
            record_version(sha256=complete.sha256, made_from=sha256, kind=VersionKind.TIMESTAMP)
            return complete
        except longterm.FAILURES as error:
            trouble, detail = longterm.trouble_of(error), " ".join(f"{type(error).__name__}: {error}".split())
            logger.warning("long-term data for %s are still to come: %s", sha256, detail)
    return SignedFile(sha256, size, level, timestamp_pending=True, trouble=trouble, detail=detail[:400])


def sign_bytes(*, certificate: Certificate, data: bytes) -> bytes:
    """A detached CMS signature (CAdES attributes, timestamped where possible) over ``data``, DER."""
    _require_in_force(certificate)
    return run(_sign_bytes(certificate, data, trust.timestamper()))


async def _sign_bytes(certificate: Certificate, data: bytes, timestamper: TimeStamper | None) -> bytes:
    chain = certificate.certificates()
    digest = hashlib.sha256(data).digest()
    attributes = await _signer(chain, None).signed_attrs(
        digest, deferred.DIGEST, use_pades=True, is_pdf_sig=False
    )
    entry = Entry("bytes", digest.hex(), attributes.dump())
    raw = _raw(certificate, [entry], Authorisation.of([entry]))[0]
    signer = _signer(chain, raw)
    try:
        content = await signer.async_sign_prescribed_attributes(
            deferred.DIGEST, attributes, timestamper=timestamper
        )
    except OSError as error:
        logger.warning("no timestamp: %s", error)
        content = await signer.async_sign_prescribed_attributes(deferred.DIGEST, attributes)
    der: bytes = content.dump()
    return der


def _signer(chain: list[x509.Certificate], raw: bytes | None) -> ExternalSigner:
    registry = SimpleCertificateStore()
    registry.register_multiple(chain)
    return ExternalSigner(signing_cert=chain[0], cert_registry=registry, signature_value=raw)


@contextmanager
def working_copy(sha256: str) -> Iterator[Path]:
    """A private copy of a stored file that may be changed."""
    root = Path(settings.BLOB_DIR)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".signing-") as folder:
        path = Path(folder) / "document.pdf"
        shutil.copyfile(blobs.path_of(sha256), path)
        yield path


def stored(path: Path, level: Level, *, pending: bool) -> SignedFile:
    sha256, size = blobs.put_file(path)
    return SignedFile(sha256, size, level, pending)


def _sign_in_place(
    path: Path,
    sha256: str,
    certificate: Certificate,
    field: SignatureField,
    evidence: dict[str, object],
    *,
    secret: str = "",
) -> bool:
    """Prepare, sign, embed in one go; True when timestamped."""
    _require_in_force(certificate)
    chain, timestamper = certificate.certificates(), trust.timestamper()
    room = trust.token_bytes()
    prepared = deferred.prepare(path, field, chain, moment=clock.now(), token_bytes=room)
    entry = Entry(f"file:{sha256}", sha256, prepared.attributes)
    raw = _raw(certificate, [entry], Authorisation.of([entry], evidence, secret=secret))[0]
    return deferred.embed(path, prepared, raw, chain, timestamper)


def _raw(certificate: Certificate, entries: Sequence[Entry], authorisation: Authorisation) -> Sequence[bytes]:
    raws = custody.backend(certificate.backend).raw_sign(certificate.key_ref, entries, authorisation)
    require_by(certificate.certificates()[0], entries, raws)
    return raws


def _require_in_force(certificate: Certificate) -> None:
    now = clock.now()
    used = Certificate.objects.filter(pk=certificate.pk).usable(now)
    person = certificate.user
    if not used.exists() or (person is not None and not may_still_sign(certificate, person, now)):
        message = _(
            "This certificate may not make new signatures. Ask your registration officer for a new one."
        )
        raise WrongState("certificate_not_active", message)
