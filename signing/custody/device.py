"""Keys that never leave the person's own browser (WebCrypto, not extractable): the signatures come along.

The browser signs the attribute bytes itself after the gesture; here they are only put in the usual form.
Whether they are the right key's is checked where every custody's answer is (``signing.custody.proof``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.utils.translation import gettext_lazy as _

from signing.custody import Authorisation, CustodyError, Entry

HALF = 32  # bytes of r and of s with P-256


class DeviceCustody:
    """``key_ref`` is the SHA-256 of the public key (SubjectPublicKeyInfo, DER), hexadecimal."""

    on_device = True
    needs_secret = False

    def missing(self, key_refs: Collection[str]) -> list[str]:
        """None that could be known here: only the devices know."""
        return []

    def raw_sign(
        self, key_ref: str, entries: Sequence[Entry], authorisation: Authorisation
    ) -> Sequence[bytes]:
        """``authorisation.evidence["signatures"]``: one for each entry, r and s one behind the other."""
        authorisation.require(entries)
        given = list(authorisation.evidence.get("signatures", ()))
        if len(given) != len(entries) or not all(given):
            message = _(
                "Your key is on another device: sign there, or ask for a certificate for this device."
            )
            raise CustodyError("device_silent", message)
        return [_der(each) for each in given]


def _der(signature: bytes) -> bytes:
    if len(signature) != 2 * HALF:
        raise CustodyError("device_garbled", _("The key on this device gave no usable signature. Try again."))
    r, s = (int.from_bytes(part, "big") for part in (signature[:HALF], signature[HALF:]))
    return encode_dss_signature(r, s)
