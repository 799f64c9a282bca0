"""The authority that issues certificates, behind one interface.

``settings.SIGNING_AUTHORITY`` names the class. How to write one: docs/certificates.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from cryptography import x509
from django.conf import settings
from django.utils.module_loading import import_string

from ecabinet.common.errors import DomainError


class AuthorityError(DomainError):
    """The authority did not do it; nothing was changed. The message says what to do."""

    def __init__(self, code: str, message: Any) -> None:
        super().__init__(code, message, 503)


class Authority(Protocol):
    """What every authority offers. Whatever it issues is checked by ``signing.authority.chains``."""

    # False: nothing goes by wire. Officers carry request and certificate, and report revocations, themselves.
    online: bool

    def issue(self, csr: bytes, subject: x509.Name, years: int) -> Sequence[x509.Certificate]:
        """A certificate for the key of ``csr`` (PKCS#10, PEM, its signature already checked).

        ``subject`` is what the register knows of the holder and counts, not the one in the request.
        ``years`` is 1 to 5. Returns the chain, the new certificate first. Raises AuthorityError. Called
        again for the same request after a failure: an authority that issued meanwhile gives the same.
        """
        ...

    def revoke(self, serial: int, reason: str, moment: datetime) -> None:
        """From ``moment`` on it is revoked; a second call changes nothing.

        ``reason`` is a value of ``signing.enums.StatusReason``. Raises AuthorityError.
        """
        ...

    def suspend(self, serial: int, reason: str, moment: datetime) -> None:
        """Put on hold (RFC 5280: certificateHold); an authority that cannot do it does nothing."""
        ...

    def resume(self, serial: int) -> None:
        """Take the hold away; one that is not held stays as it is."""
        ...


def authority() -> Authority:
    """The authority of this site."""
    made: Authority = import_string(settings.SIGNING_AUTHORITY)()
    return made
