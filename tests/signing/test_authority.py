"""What comes back from an authority that is reached by people is checked before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from signing import actions
from signing.authority import chains, csr, identities
from signing.authority.identities import Identity
from signing.models import Certificate, CertificateRequest
from tests.signing.register_cast import Register, assemble

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outside:
    """A national authority: a root this site trusts, and an approved request that waits for it."""

    register: Register
    root: Identity
    request: CertificateRequest

    @property
    def key(self) -> ec.EllipticCurvePublicKey:
        return csr.read(self.request.csr).public_key

    def certificate(self, **changed: object) -> x509.Certificate:
        given: dict[str, object] = {
            "root": self.root,
            "subject": identities.subject_name("Đặng Quỳnh Chi"),
            "public_key": self.key,
            "moment": clock.now() - DAY,
            "years": 5,
            "extensions": identities.signer_extensions(),
        }
        return identities.issue(**{**given, **changed})  # type: ignore[arg-type]

    def upload(self, *chain: x509.Certificate) -> Certificate:
        data = "".join(each.public_bytes(Encoding.PEM).decode() for each in chain).encode()
        return actions.issue_certificate(actor=self.register.second, request_id=self.request.pk, chain=data)

    def refusal(self, data: bytes) -> str:
        with pytest.raises(DomainError) as refused:
            actions.issue_certificate(actor=self.register.second, request_id=self.request.pk, chain=data)
        self.request.refresh_from_db()
        assert self.request.state == "approved"
        assert not Certificate.objects.exists()
        return refused.value.code


@pytest.fixture
def outside(db: None, settings: object, tmp_path: Path) -> Outside:
    register = assemble()
    request = register.asked()
    request = actions.approve_request(actor=register.first, request_id=request.pk)
    root = identities.make_root(clock.now() - 30 * DAY)
    (tmp_path / "national.crt").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    settings.TRUST_DIR = tmp_path  # type: ignore[attr-defined]  # pytest-django
    settings.SIGNING_AUTHORITY = "signing.authority.manual.ManualAuthority"  # type: ignore[attr-defined]
    return Outside(register, root, request)


def test_the_uploaded_certificate_enters_the_register(outside: Outside) -> None:
    found = outside.certificate()
    certificate = outside.upload(found)
    path = x509.load_pem_x509_certificates(certificate.chain.encode())
    assert path == [found, outside.root.certificate]
    assert certificate.user == outside.register.minister
    assert certificate.key_ref == outside.request.key_ref


def test_der_and_any_order_are_read(outside: Outside) -> None:
    found = outside.certificate()
    assert chains.read(found.public_bytes(Encoding.DER)) == [found]
    certificate = outside.upload(outside.root.certificate, found)
    assert certificate.serial == f"{found.serial_number:x}"


def test_without_an_upload_the_officer_is_sent_to_the_authority(outside: Outside) -> None:
    assert outside.refusal(b"") == "chain_missing"


@pytest.mark.parametrize(
    "data", [b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"0" * 70_000]
)
def test_what_is_no_certificate_is_refused(outside: Outside, data: bytes) -> None:
    assert outside.refusal(data) == "chain_bad"


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def test_another_key_is_refused(outside: Outside) -> None:
    other = identities.new_key().public_key()
    assert outside.refusal(pem(outside.certificate(public_key=other))) == "chain_other_key"
    assert outside.refusal(pem(outside.root.certificate)) == "chain_other_key"


def test_an_authority_or_a_server_is_no_signer(outside: Outside) -> None:
    encipher = identities._usage(key_encipherment=True)
    authority = identities._usage(digital_signature=True, key_cert_sign=True)
    for extensions in ([(encipher, True)], [(authority, True)], []):
        found = outside.certificate(extensions=extensions)
        assert outside.refusal(pem(found)) == "chain_unfit"


def test_dates_are_looked_at(outside: Outside) -> None:
    old = outside.certificate(moment=clock.now() - 366 * DAY, years=1)
    assert outside.refusal(pem(old)) == "chain_expired"
    coming = outside.certificate(moment=clock.now() + DAY)
    assert outside.refusal(pem(coming)) == "chain_expired"
    assert outside.refusal(pem(outside.certificate(years=6))) == "chain_too_long"


def test_an_authority_nobody_trusts_is_refused_also_with_its_own_root(outside: Outside) -> None:
    stranger = identities.make_root(clock.now() - 30 * DAY)
    forged = outside.certificate(root=stranger)
    assert outside.refusal(pem(forged)) == "chain_untrusted"
    assert outside.refusal(pem(forged) + pem(stranger.certificate)) == "chain_untrusted"
    same_name = Identity(stranger.key, outside.root.certificate)
    assert outside.refusal(pem(outside.certificate(root=same_name))) == "chain_untrusted"


def test_the_demo_authority_issues_on_no_real_site(outside: Outside, settings: object) -> None:
    settings.SIGNING_AUTHORITY = "signing.authority.demo_adapter.DemoAdapter"  # type: ignore[attr-defined]
    settings.DEMO = False  # type: ignore[attr-defined]
    assert outside.refusal(b"") == "not_demo"
