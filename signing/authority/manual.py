"""An authority that is reached by people: the officer carries the request there and the certificate back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from django.utils.translation import gettext as _

from signing.authority.adapter import AuthorityError


class ManualAuthority:
    """Issues nothing itself: the officer uploads what the authority issued. Holds and revocations count
    here at once; the officer reports them to the authority, as the page of the certificate says.
    """

    online = False

    def issue(self, csr: bytes, subject: x509.Name, years: int) -> Sequence[x509.Certificate]:
        message = _("Take the request to the authority and upload the certificate it issues.")
        raise AuthorityError("chain_missing", message)

    def revoke(self, serial: int, reason: str, moment: datetime) -> None:
        pass

    def suspend(self, serial: int, reason: str, moment: datetime) -> None:
        pass

    def resume(self, serial: int) -> None:
        pass
