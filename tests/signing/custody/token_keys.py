"""Keys made in a token as an administrator makes them, with the maker's own programs."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Attribute, KeyType, MechanismFlag, Session
from pkcs11.util.ec import encode_named_curve_parameters


def make_ec(session: Session, key_id: bytes, **private: Any) -> ec.EllipticCurvePublicKey:
    wanted = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    with closing(session.token.open(rw=True)) as writing:
        curve = writing.create_domain_parameters(KeyType.EC, wanted, local=True)
        public, _key = curve.generate_keypair(
            id=key_id,
            store=True,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template={Attribute[name.upper()]: value for name, value in private.items()},
        )
        point = public[Attribute.EC_POINT][2:]
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def make_rsa(session: Session, key_id: bytes, bits: int = 3072) -> rsa.RSAPublicKey:
    with closing(session.token.open(rw=True)) as writing:
        public, _key = writing.generate_keypair(
            KeyType.RSA,
            bits,
            id=key_id,
            store=True,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        )
        modulus = int.from_bytes(public[Attribute.MODULUS], "big")
        exponent = int.from_bytes(public[Attribute.PUBLIC_EXPONENT], "big")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()
