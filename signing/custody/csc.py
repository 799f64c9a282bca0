"""Keys at a remote signing service, through the Cloud Signature Consortium's API v2.

The person's PIN or code opens the key for exactly the digests of one gesture (SCAL2): the service
gives signature activation data (SAD) for those and signs nothing else with it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from django.utils.translation import gettext as _

from signing.custody import Authorisation, CustodyError, Entry
from signing.custody.csc_client import EXPIRED, UNREADABLE, Client
from signing.custody.csc_credential import ECDSA_SHA256, CscCredential, decoded, read_credential
from signing.custody.proof import require_by

SHA256 = "2.16.840.1.101.3.4.2.1"
P1363_BYTES = 64  # r and s of P-256 one after the other; DER of that length does not occur in practice


class CscCustody:
    """``key_ref`` is the service's credential identifier."""

    on_device = False
    needs_secret = True

    def raw_sign(
        self, key_ref: str, entries: Sequence[Entry], authorisation: Authorisation
    ) -> Sequence[bytes]:
        authorisation.require(entries)
        if not entries:
            return []
        with Client(settings.CSC) as client:
            credential = _credential(client, key_ref)
            credential.require_room(len(entries))
            answers = credential.answers(authorisation.secret or settings.CSC.seal_pins.get(key_ref, ""))
            digests = [hashlib.sha256(entry.attributes).digest() for entry in entries]
            raws = [
                raw
                for part in _parts(digests, credential.multisign)
                for raw in _signed(client, credential, part, answers)
            ]
        require_by(credential.signer, entries, raws)
        return raws

    def import_credential(self, credential_id: str) -> list[x509.Certificate]:
        """The certificates of a key at the service, the signer's first, each issued by the next.

        For the register, which must check whose they are. Raises CustodyError when the key cannot sign here.
        """
        with Client(settings.CSC) as client:
            return list(_credential(client, credential_id).chain)

    def credentials(self) -> list[str]:
        """The identifiers of all keys that the service shows this site. Raises CustodyError."""
        with Client(settings.CSC) as client:
            return _listed(client)

    def missing(self, key_refs: Collection[str]) -> list[str]:
        """Asks the service what it can do and which keys it shows; see ``Custody.missing``."""
        with Client(settings.CSC) as client:
            about = client.call("info", {})
            shown = _listed(client)
        methods = about.get("methods")
        if not isinstance(methods, list) or "signatures/signHash" not in methods:
            message = _("The signing service does not sign digests (signatures/signHash).")
            raise CustodyError("key_unsupported", message)
        if not str(about.get("specs", "")).startswith("2."):
            message = _("The signing service does not speak version 2 of the CSC API.")
            raise CustodyError("key_unsupported", message)
        return [key_ref for key_ref in key_refs if key_ref not in shown]


def _credential(client: Client, name: str) -> CscCredential:
    wanted = {"credentialID": name, "certificates": "chain", "certInfo": False, "authInfo": True}
    return read_credential(name, client.call("credentials/info", wanted))


def _listed(client: Client) -> list[str]:
    found = client.call("credentials/list", {"credentialInfo": False}).get("credentialIDs")
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise CustodyError("csc_unreadable", UNREADABLE)
    return found


def _parts(digests: Sequence[bytes], most: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(digests), most):
        yield digests[start : start + most]


def _signed(
    client: Client, credential: CscCredential, digests: Sequence[bytes], answers: Sequence[Mapping[str, str]]
) -> list[bytes]:
    """One authorisation and one signing of exactly these digests."""
    exactly = {
        "credentialID": credential.name,
        "hashes": [base64.b64encode(digest).decode() for digest in digests],
        "hashAlgorithmOID": SHA256,
    }
    allowed = client.call(
        "credentials/authorize", exactly | {"numSignatures": len(digests), "authData": list(answers)}
    )
    sad = allowed.get("SAD")
    if not isinstance(sad, str) or not sad:
        raise CustodyError("confirmation_expired", EXPIRED)
    wanted = exactly | {"SAD": sad, "signAlgo": credential.algorithm, "operationMode": "S"}
    given = client.call("signatures/signHash", wanted).get("signatures")
    if not isinstance(given, list) or len(given) != len(digests):
        raise CustodyError("csc_unreadable", UNREADABLE)
    return [_der(credential, decoded(each)) for each in given]


def _der(credential: CscCredential, raw: bytes) -> bytes:
    """The specification leaves the form of an ECDSA signature open; services give either."""
    if credential.algorithm != ECDSA_SHA256 or len(raw) != P1363_BYTES:
        return raw
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    return encode_dss_signature(r, s)
