"""Keys that come with their certificate: a remote signing service has had them certified already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError
from ecabinet.common.folding import folded
from signing import custody
from signing.authority import chains

NAMES = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)


@runtime_checkable
class BringsCertificates(Protocol):
    """A custody backend whose keys have certificates of their own."""

    def import_credential(self, credential_id: str) -> list[x509.Certificate]:
        """The certificates of that key, the signer's first. Raises CustodyError."""
        ...


def comes_certified(backend: str) -> bool:
    """Whether keys of that custody bring their certificate. Raises CustodyError for an unknown one."""
    return isinstance(custody.backend(backend), BringsCertificates)


def fetch(backend: str, key_ref: str, holder: Sequence[str], moment: datetime) -> list[x509.Certificate]:
    """The path from the key's certificate to a trusted root, checked as one that an authority sends.

    ``holder`` are the names one of which it has to be made out to. Raises CustodyError, DomainError
    ``chain_…`` or ``other_holder``.
    """
    keeper = custody.backend(backend)
    if not isinstance(keeper, BringsCertificates):
        raise TypeError(f"keys of {backend} bring no certificate")
    given = keeper.import_credential(key_ref)
    path = chains.checked(given, given[0].public_key(), moment)
    _require_holder(path[0], holder)
    return path


def _require_holder(leaf: x509.Certificate, holder: Sequence[str]) -> None:
    named = [str(each.value) for oid in NAMES for each in leaf.subject.get_attributes_for_oid(oid)]
    # Authorities write names with and without accents, in capitals or not.
    if not {folded(name) for name in named} & {folded(name) for name in holder}:
        message = _("This certificate is made out to %(named)s, not to %(holder)s.")
        words = {"named": ", ".join(named) or leaf.subject.rfc4514_string(), "holder": holder[0]}
        raise DomainError("other_holder", message % words)
