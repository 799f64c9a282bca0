"""A whole certification authority in one process, for demonstrations and tests only.

Its names say DEMO everywhere. A real site points to its own authority by settings and never uses it.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.conf import settings

from ecabinet.common import clock
from signing.authority import identities
from signing.authority.identities import AUTHORITY, Identity
from signing.authority.timestamps import DemoTimeStamper

FRESH = timedelta(days=7)
SERVICE_YEARS = 15  # of the time-stamping and OCSP certificates
HOLD = x509.ReasonFlags.certificate_hold.value


class DemoAuthority:
    """Issues certificates, answers OCSP, publishes a CRL and stamps time. ``folder`` keeps its keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for service in ("root", "ocsp", "tsa"):
            self._made(service)
        self._read()

    def _read(self) -> None:
        """What the folder holds, oldest first; the newest of each is used for new work."""
        self.roots = self._series("root")
        self._responders, self._stampers = self._series("ocsp"), self._series("tsa")
        self.timestamper = DemoTimeStamper(self._stampers[-1])

    @property
    def root(self) -> Identity:
        """The newest root; the older ones stay trusted."""
        return self.roots[-1]

    @property
    def roots_asn1(self) -> list[asn1_x509.Certificate]:
        ders = [each.certificate.public_bytes(Encoding.DER) for each in self.roots]
        return [asn1_x509.Certificate.load(der) for der in ders]

    @property
    def root_asn1(self) -> asn1_x509.Certificate:
        return self.roots_asn1[-1]

    @property
    def tsa_certificate(self) -> x509.Certificate:
        return self._stampers[-1].certificate

    def roll(self) -> None:
        """New keys for time-stamping and OCSP, under a new root where the present one would end too soon.

        Old roots stay trust anchors, old responders answer for what their root issued. Other processes
        see it when they start again.
        """
        moment = clock.now() - timedelta(minutes=5)
        ends = moment + timedelta(days=365 * SERVICE_YEARS)
        with self._locked():
            if self.root.certificate.not_valid_after_utc <= ends:
                self._save("root", identities.make_root(moment, number=len(self.roots) + 1))
            self._read()
            for service in ("ocsp", "tsa"):
                self._save(service, self._make_service(service, moment))
            self._read()

    def issue_signer(
        self,
        public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        subject: x509.Name,
        *,
        years: int = 5,
        since: datetime | None = None,
    ) -> x509.Certificate:
        """A signing certificate for a person or an agency; at most 5 years (Decree 68/2024)."""
        extensions = identities.signer_extensions()
        moment = since or clock.now() - timedelta(minutes=5)
        return identities.issue(
            self.root, subject, public_key, moment, years=min(years, 5), extensions=extensions
        )

    def issued(self, certificate: x509.Certificate) -> bool:
        return any(certificate.issuer == each.certificate.subject for each in self.roots)

    def _issuer(self, certificate: x509.Certificate) -> Identity:
        return next(each for each in self.roots if each.certificate.subject == certificate.issuer)

    def revoke(
        self, serial: int, moment: datetime, reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
    ) -> None:
        """From ``moment`` on the certificate is revoked; a second call changes nothing, but that what was
        on hold (reason certificate_hold) is then revoked for good, from the moment of the hold on.
        """
        with self._locked():
            revoked = self._revoked()
            since, held = revoked.get(str(serial), (moment.astimezone(UTC).isoformat(), HOLD))
            revoked[str(serial)] = (since, reason.value if held == HOLD else held)
            self._write(revoked)

    def resume(self, serial: int) -> None:
        """Take a hold away; what is revoked for good stays so."""
        with self._locked():
            revoked = self._revoked()
            if revoked.get(str(serial), ("", ""))[1] == HOLD:
                del revoked[str(serial)]
                self._write(revoked)

    def _write(self, revoked: dict[str, tuple[str, str]]) -> None:
        identities.write_private(self.folder / "revoked.json", json.dumps(revoked).encode())

    def ocsp_response(self, certificate: x509.Certificate) -> bytes:
        """A fresh DER reply about one certificate of this authority."""
        issuer = self._issuer(certificate)
        revoked_at, reason = self._revoked().get(f"{certificate.serial_number}", ("", ""))
        moment = clock.now().astimezone(UTC).replace(microsecond=0, tzinfo=None)
        since = datetime.fromisoformat(revoked_at).replace(tzinfo=None) if revoked_at else None
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD,
            this_update=moment,
            next_update=moment + FRESH,
            revocation_time=since,
            revocation_reason=x509.ReasonFlags(reason) if since else None,
        )
        appointed = [r for r in self._responders if r.certificate.issuer == issuer.certificate.subject]
        responder = appointed[-1]
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        builder = builder.certificates([responder.certificate])
        return builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def crl(self) -> bytes:
        """The list of revoked certificates, DER."""
        moment = clock.now().astimezone(UTC)
        builder = x509.CertificateRevocationListBuilder(self.root.certificate.subject, moment, moment + FRESH)
        for serial, (since, reason) in self._revoked().items():
            entry = x509.RevokedCertificateBuilder(int(serial), datetime.fromisoformat(since))
            if reason != x509.ReasonFlags.unspecified.value:  # RFC 5280 5.3.1: then the extension is absent
                entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags(reason)), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key())
        builder = builder.add_extension(key_id, critical=False)
        builder = builder.add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _revoked(self) -> dict[str, tuple[str, str]]:
        """By serial number: since when, and why."""
        path = self.folder / "revoked.json"
        content = json.loads(path.read_text()) if path.exists() else {}
        return {serial: (since, reason) for serial, (since, reason) in content.items()}

    def _made(self, name: str) -> None:
        """Made once, even when two processes start together."""
        with self._locked():
            if not self._series(name):
                # Demo meetings lie in the past, and so do their signatures.
                moment = clock.now() - timedelta(days=800)
                made = identities.make_root(moment) if name == "root" else self._make_service(name, moment)
                self._save(name, made)

    def _series(self, name: str) -> list[Identity]:
        """``root``, ``root-2``, … as far as they were made."""
        found: list[Identity] = []
        while (self.folder / f"{_numbered(name, len(found))}.crt").exists():
            found.append(identities.load(self.folder, _numbered(name, len(found))))
        return found

    def _save(self, name: str, identity: Identity) -> None:
        identities.save(identity, self.folder, _numbered(name, len(self._series(name))))

    def _make_service(self, name: str, moment: datetime) -> Identity:
        key, root = identities.new_key(), self._series("root")[-1]
        service = {"ocsp": "OCSP responder", "tsa": "time-stamping"}[name]
        extensions = {
            "ocsp": identities.responder_extensions,
            "tsa": identities.timestamping_extensions,
        }[name]()
        subject = identities.subject_name(f"{AUTHORITY}: {service}", organisation=AUTHORITY)
        certificate = identities.issue(
            root, subject, key.public_key(), moment, years=SERVICE_YEARS, extensions=extensions
        )
        return Identity(key, certificate)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _numbered(name: str, place: int) -> str:
    return f"{name}-{place + 1}" if place else name


@lru_cache(maxsize=4)
def _authority(folder: Path) -> DemoAuthority:
    return DemoAuthority(folder)


def demo_authority() -> DemoAuthority:
    """The authority of this data directory; its keys are made at the first call."""
    return _authority(Path(settings.KEYS_DIR) / "demo-authority")
