"""Keys in a security module or card, through PKCS #11: they are made there and never leave it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from contextlib import closing

from asn1crypto.core import OctetString
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.utils.translation import gettext_lazy as _
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, PrivateKey, Session
from pkcs11.exceptions import AttributeTypeInvalid
from pkcs11.types import SignMixin
from pkcs11.util.ec import encode_named_curve_parameters

from signing.custody import Authorisation, CustodyError, Entry
from signing.custody.cryptoki import PIN_EACH_TIME, UNSUPPORTED, Lost, connection

P256 = encode_named_curve_parameters("secp256r1")
RSA_LEAST_BITS = 2048  # SOG-IS agreed mechanisms 1.3
POINT_BYTES = 65  # 04, x, y
KEY_REF = re.compile(r"(?:[0-9a-f]{2}){1,64}")
NEEDED = (Mechanism.ECDSA, Mechanism.EC_KEY_PAIR_GEN)

# The key can sign and do nothing else: not be read, copied, changed, or unlock other keys.
ONLY_SIGNS = {
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.PRIVATE: True,
    Attribute.MODIFIABLE: False,
    Attribute.DERIVE: False,
}
NEVER_LEAVES = (Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.LOCAL)


class Pkcs11Custody:
    """``key_ref`` is the key's CKA_ID in lower-case hexadecimal."""

    on_device = False
    needs_secret = False

    def raw_sign(
        self, key_ref: str, entries: Sequence[Entry], authorisation: Authorisation
    ) -> Sequence[bytes]:
        authorisation.require(entries)
        return connection().use(lambda session: _signatures(session, key_ref, entries))

    def new_key(self) -> tuple[str, ec.EllipticCurvePublicKey]:
        """A P-256 key made in the token, which it cannot leave: its reference and public half."""
        return connection().use(_made)

    def missing(self, key_refs: Collection[str]) -> list[str]:
        """Opens a session; see ``Custody.missing``."""
        return connection().use(lambda session: _missing(session, key_refs))


def _missing(session: Session, key_refs: Collection[str]) -> list[str]:
    offered = session.token.slot.get_mechanisms()
    lacking = [each.name for each in NEEDED if each not in offered]
    if lacking:
        message = _("The security module lacks %(names)s, so it cannot sign here.")
        raise CustodyError("key_unsupported", message % {"names": ", ".join(lacking)})
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True}
    there = {bytes(key[Attribute.ID]).hex() for key in session.get_objects(wanted)}
    return [key_ref for key_ref in key_refs if key_ref not in there]


def _signatures(session: Session, key_ref: str, entries: Sequence[Entry]) -> list[bytes]:
    key = _private_key(session, key_ref)
    sign = {KeyType.EC: _ecdsa, KeyType.RSA: _rsa}.get(key.key_type)
    if sign is None or not isinstance(key, SignMixin) or not _strong(key):
        raise CustodyError("key_unsupported", UNSUPPORTED)
    if _wants_pin_each_time(key):
        raise CustodyError("pin_each_time", PIN_EACH_TIME)
    return [sign(key, entry.attributes) for entry in entries]


def _private_key(session: Session, key_ref: str) -> PrivateKey:
    if not KEY_REF.fullmatch(key_ref):
        raise CustodyError("key_missing", _("The signing key is missing. Ask for a new certificate."))
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: bytes.fromhex(key_ref)}
    found = list(session.get_objects(wanted))
    if not found:
        raise Lost(key_ref)
    if len(found) > 1:
        message = _("Two keys in the security module bear the same identifier. Tell the administrator.")
        raise CustodyError("key_ambiguous", message)
    key = found[0]
    if not isinstance(key, PrivateKey):
        raise CustodyError("key_unsupported", UNSUPPORTED)
    return key


def _strong(key: PrivateKey) -> bool:
    if key.key_type == KeyType.EC:
        return bool(key[Attribute.EC_PARAMS] == P256)
    return len(key[Attribute.MODULUS]) * 8 >= RSA_LEAST_BITS


def _wants_pin_each_time(key: PrivateKey) -> bool:
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except AttributeTypeInvalid:  # a token from before the rule
        return False


def _ecdsa(key: SignMixin, data: bytes) -> bytes:
    """The token gives r and s one after the other; everybody else wants DER."""
    both = key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)
    half = len(both) // 2
    return encode_dss_signature(int.from_bytes(both[:half], "big"), int.from_bytes(both[half:], "big"))


def _rsa(key: SignMixin, data: bytes) -> bytes:
    return key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS)


def _made(session: Session) -> tuple[str, ec.EllipticCurvePublicKey]:
    key_id = secrets.token_bytes(16)
    # A session of its own may write; it shares the login.
    with closing(session.token.open(rw=True)) as writing:
        curve = writing.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: P256}, local=True)
        public, private = curve.generate_keypair(
            id=key_id,
            label=f"E-Cabinet {key_id.hex()}",
            store=True,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template=ONLY_SIGNS,
        )
        if not _stays_inside(private):
            private.destroy()
            public.destroy()
            message = _("The security module does not keep its keys inside. Use another one.")
            raise CustodyError("key_extractable", message)
        return key_id.hex(), public_half(public[Attribute.EC_POINT])


def _stays_inside(key: PrivateKey) -> bool:
    """What the token says of itself; one that does not say counts as open."""
    try:
        return all(key[kept] for kept in NEVER_LEAVES) and not key[Attribute.EXTRACTABLE]
    except AttributeTypeInvalid:
        return False


def public_half(point: bytes) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a CKA_EC_POINT: in a DER octet string, or, from older tokens, bare."""
    bare = point if len(point) == POINT_BYTES else OctetString.load(point).native
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bare)
