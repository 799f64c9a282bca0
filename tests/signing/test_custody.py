"""A custody backend signs what was authorised and nothing else; the demo authority keeps its keys."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from django.conf import settings

from signing import custody
from signing.authority import demo_authority
from signing.authority.demo import DemoAuthority
from signing.custody import Authorisation, CustodyError, Entry
from signing.models import Certificate
from tests.signing.conftest import Signers

A, B, C = (Entry(f"decision:{n}", "0" * 64, bytes([n])) for n in (1, 2, 3))


def key_of(certificate: Certificate) -> ec.EllipticCurvePublicKey:
    key = x509.load_pem_x509_certificate(certificate.chain.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def test_signs_the_authorised_set_in_order(signers: Signers) -> None:
    backend = custody.backend("pkcs12")
    raws = backend.raw_sign(signers.own.key_ref, [A, B], Authorisation.of([A, B]))
    for entry, raw in zip([A, B], raws, strict=True):
        key_of(signers.own).verify(raw, entry.attributes, ec.ECDSA(hashes.SHA256()))


def test_a_part_of_the_set_may_drop_out(signers: Signers) -> None:
    raws = custody.backend("pkcs12").raw_sign(signers.own.key_ref, [B], Authorisation.of([A, B]))
    assert len(raws) == 1


@pytest.mark.parametrize("entries", [[C], [A, C], [A, A]])
def test_nothing_else_and_nothing_twice(signers: Signers, entries: list[Entry]) -> None:
    with pytest.raises(CustodyError) as refusal:
        custody.backend("pkcs12").raw_sign(signers.own.key_ref, entries, Authorisation.of([A, B]))
    assert refusal.value.code == "not_authorised"


@pytest.mark.parametrize("change", [{"subject": "decision:9"}, {"sha256": "1" * 64}, {"attributes": b"x"}])
def test_the_challenge_binds_dossier_version_attributes_and_order(change: dict[str, object]) -> None:
    other = replace(A, **change)  # type: ignore[arg-type]  # one field of the right type each
    assert Authorisation.of([A, B]).challenge != Authorisation.of([other, B]).challenge
    assert Authorisation.of([A, B]).challenge != Authorisation.of([B, A]).challenge


def test_an_unknown_backend_or_key_is_a_clear_refusal(signers: Signers) -> None:
    with pytest.raises(CustodyError):
        custody.backend("drawer")
    for key_ref in ("../../secret", "0" * 32):
        with pytest.raises(CustodyError) as refusal:
            custody.backend("pkcs12").raw_sign(key_ref, [A], Authorisation.of([A]))
        assert refusal.value.code == "key_missing"


def test_keys_are_for_the_owner_only_and_encrypted(signers: Signers) -> None:
    keys = Path(settings.KEYS_DIR)
    files = [path for path in keys.rglob("*") if path.suffix in (".key", ".p12")]
    assert len(files) >= 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates(
            (keys / "custody" / f"{signers.own.key_ref}.p12").read_bytes(), b"guess"
        )


def test_the_authority_is_made_once_and_says_demo(signers: Signers) -> None:
    authority = demo_authority()
    again = DemoAuthority(authority.folder)
    assert again.root.certificate == authority.root.certificate
    assert "DEMO" in authority.root.certificate.subject.rfc4514_string()


def test_revocation_is_answered_by_ocsp_and_listed(signers: Signers) -> None:
    from ecabinet.common import clock

    authority = demo_authority()
    certificate = x509.load_pem_x509_certificate(signers.seal.chain.encode())
    before = ocsp.load_der_ocsp_response(authority.ocsp_response(certificate))
    assert before.certificate_status == ocsp.OCSPCertStatus.GOOD
    authority.revoke(certificate.serial_number, clock.now())
    after = ocsp.load_der_ocsp_response(authority.ocsp_response(certificate))
    assert after.certificate_status == ocsp.OCSPCertStatus.REVOKED
    listed = x509.load_der_x509_crl(authority.crl())
    assert listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
