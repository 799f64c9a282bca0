"""Where private keys are kept, behind one interface.

A backend is a class named in ``settings.SIGNING_CUSTODY``. It signs what one authorisation lists and
nothing else. A backend that signs on the person's own device gets the signatures in the evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ecabinet.common.errors import DomainError


class CustodyError(DomainError):
    """The key did not sign; nothing was changed. The message says what to do."""

    def __init__(self, code: str, message: Any, status: int = 503) -> None:
        super().__init__(code, message, status)


@dataclass(frozen=True)
class Entry:
    """One signature wanted: which dossier, which version of its file, and the attribute bytes to sign."""

    subject: str
    sha256: str
    attributes: bytes

    @cached_property
    def leaf(self) -> bytes:
        """SHA-256 that binds dossier, version and attributes together."""
        return leaf(self.subject, self.sha256, digest_of(self.attributes))


def leaf(subject: str, sha256: str, attributes_sha256: str) -> bytes:
    """The leaf of an entry from what is kept of it: ``attributes_sha256`` in hexadecimal."""
    parts = (subject.encode(), sha256.encode(), bytes.fromhex(attributes_sha256))
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def digest_of(attributes: bytes) -> str:
    """SHA-256 of an entry's attribute bytes, hexadecimal."""
    return hashlib.sha256(attributes).hexdigest()


@dataclass(frozen=True)
class Authorisation:
    """What a person allowed with one gesture: an ordered, exact set of entries, and the evidence."""

    leaves: tuple[bytes, ...]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    # Opens a key that wants its own PIN; kept nowhere.
    secret: str = field(default="", repr=False, compare=False)

    @classmethod
    def of(
        cls, entries: Sequence[Entry], evidence: Mapping[str, Any] | None = None, *, secret: str = ""
    ) -> Authorisation:
        return cls(tuple(entry.leaf for entry in entries), evidence or {}, secret)

    @property
    def challenge(self) -> bytes:
        """SHA-256 over the ordered list: what a passkey signs."""
        return hashlib.sha256(b"".join(self.leaves)).digest()

    def require(self, entries: Sequence[Entry]) -> None:
        """Raises CustodyError unless every entry was authorised, each at most once."""
        leaves = [entry.leaf for entry in entries]
        if not set(leaves) <= set(self.leaves) or len(set(leaves)) != len(leaves):
            raise CustodyError("not_authorised", _("Something changed after you confirmed. Confirm again."))


class Custody(Protocol):
    """What every backend offers."""

    # True when the key never leaves the person's device: signatures arrive in the evidence.
    on_device: bool
    # True when the person's PIN or code for the key must stand in the authorisation's ``secret``.
    needs_secret: bool

    def raw_sign(
        self, key_ref: str, entries: Sequence[Entry], authorisation: Authorisation
    ) -> Sequence[bytes]:
        """Signatures over ``entry.attributes`` with SHA-256, in order: ECDSA in DER, or RSA PKCS#1 v1.5.

        Calls ``authorisation.require(entries)`` first. Raises CustodyError; then nothing was signed.
        """
        ...

    def missing(self, key_refs: Collection[str]) -> list[str]:
        """Reaches the place where the keys are, and gives those of ``key_refs`` that are not there.

        For the doctor. Raises CustodyError when the place cannot be reached or cannot sign as it must.
        """
        ...


class KeyMaker(Protocol):
    """A backend that makes the keys it keeps, for a certificate to be asked for."""

    def new_key(self) -> tuple[str, ec.EllipticCurvePublicKey]:
        """A new P-256 key: its reference and its public half. Raises CustodyError."""
        ...


def backend(name: str) -> Custody:
    """The custody backend of that name. Raises CustodyError when the site has none or does not allow it."""
    path = settings.SIGNING_CUSTODY.get(name)
    if path is None:
        raise CustodyError("custody_unknown", _("This site cannot reach the place where the key is kept."))
    made: Custody = import_string(path)()
    return made
