"""Keys where a real site has them: in a token, and behind a signing service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pkcs11 import Attribute, KeyType, MechanismFlag, Session
from pkcs11.util.ec import encode_named_curve_parameters

from ecabinet.accounts.models import Agency, User
from ecabinet.common.custody_env import BACKENDS, Pkcs11Settings
from signing.authority import demo_authority
from signing.authority.identities import subject_name
from signing.custody.cryptoki import connection
from signing.models import Certificate
from tests import services
from tests.services import Token

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def enrolled(
    backend: str,
    key_ref: str,
    public_key: Any,
    *,
    user: User | None = None,
    agency: Agency | None = None,
) -> Certificate:
    """A certificate of the demo authority for a key that is kept elsewhere."""
    name = user.full_name if user else str(agency and agency.name)
    subject = subject_name(name, organisation="" if user else name)
    authority = demo_authority()
    issued = authority.issue_signer(public_key, subject)
    chain = [issued, authority.root.certificate]
    return Certificate.objects.create(
        user=user,
        agency=agency,
        backend=backend,
        key_ref=key_ref,
        subject=subject.rfc4514_string(),
        serial=f"{issued.serial_number:x}",
        chain="".join(each.public_bytes(Encoding.PEM).decode() for each in chain),
        not_before=issued.not_valid_before_utc,
        not_after=issued.not_valid_after_utc,
    )


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    """A token of this test's own, and the site set up to use it."""
    with services.softhsm() as made:
        monkeypatch.setenv("SOFTHSM2_CONF", str(made.configuration))
        monkeypatch.setattr(settings, "PKCS11", Pkcs11Settings(made.library, made.label, made.pin))
        monkeypatch.setattr(settings, "SIGNING_CUSTODY", BACKENDS)
        yield made
        connection().close()


def make_ec(session: Session, key_id: bytes, **private: Any) -> ec.EllipticCurvePublicKey:
    """A P-256 key as an administrator would make it with the maker's own programs."""
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


@pytest.fixture
def imported(token: Token) -> Callable[..., tuple[str, Any]]:
    """Makes a key beside the site's back; returns (reference, public key)."""

    def make(kind: Callable[..., Any] = make_ec, key_id: bytes = b"\x01\xab", **more: Any) -> tuple[str, Any]:
        public = connection().use(lambda session: kind(session, key_id, **more))
        return key_id.hex(), public

    return make
