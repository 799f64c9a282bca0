"""My certificates and the officers' register on screens: who sees what, each step, what a refusal keeps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile

from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import User
from ecabinet.common import clock
from frontend.queries.today import today_of
from signing import actions
from signing.authority import csr, identities
from signing.enums import CertificateStatus
from signing.models import Certificate, CertificateRequest, RegistrationOfficer
from tests.cast import client, fresh_client
from tests.signing.register_cast import Register, assemble, office, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> Register:
    return assemble()


def page(user: User, path: str) -> str:
    answer = client(user).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def post(user: User, path: str, **data: Any) -> Any:
    return fresh_client(user).post(path, data)


def test_from_the_wish_to_the_certificate_on_screens(register: Register) -> None:
    assert 'action="/certificates/request/"' in page(register.minister, "/certificates/")
    assert post(register.minister, "/certificates/request/", backend="pkcs12").status_code == 302
    mine = page(register.minister, "/certificates/")
    assert "/withdraw/" in mine
    assert 'action="/certificates/request/"' not in mine
    request = CertificateRequest.objects.get()
    assert today_of(register.first).certificates.waiting == 1
    assert 'href="/register/"' in page(register.first, "/")
    assert f"/register/requests/{request.pk}/" in page(register.first, "/register/")
    address = f"/register/requests/{request.pk}/"
    assert f"{address}approve/" in page(register.first, address)
    assert post(register.first, f"{address}approve/").status_code == 302
    shown = page(register.second, address)
    assert f"{address}issue/" in shown
    assert f"{address}approve/" not in shown
    assert post(register.second, f"{address}issue/").status_code == 302
    certificate = Certificate.objects.get()
    assert f"/register/certificates/{certificate.pk}/" in page(register.first, "/register/")
    assert f"/certificates/{certificate.pk}/lost/" in page(register.minister, "/certificates/")
    assert today_of(register.first).certificates.waiting == 0


def test_who_asked_is_told_that_another_decides(register: Register) -> None:
    answer = post(register.first, "/register/new/", person=register.minister.email, backend="pkcs12")
    request = CertificateRequest.objects.get()
    assert answer["Location"] == f"/register/requests/{request.pk}/"
    shown = page(register.first, answer["Location"])
    assert "/approve/" not in shown
    assert "/withdraw/" in shown
    assert post(register.first, f"/register/requests/{request.pk}/approve/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"person": "nobody@example.vn"}, 422),
        ({}, 422),
        ({"person": "minister@example.vn", "agency": "own"}, 422),
        ({"person": "beside@example.vn"}, 409),  # holds no office
        ({"person": "minister@example.vn", "backend": "drawer"}, 422),
    ],
    ids=str,
)
def test_a_wrong_wish_comes_back_as_typed(register: Register, typed: dict[str, str], status: int) -> None:
    words = {"backend": "pkcs12", **typed}
    if typed.get("agency") == "own":
        words["agency"] = str(register.ministry.pk)
    answer = post(register.first, "/register/new/", **words)
    assert answer.status_code == status
    assert typed.get("person", "") in answer.content.decode()
    assert not CertificateRequest.objects.exists()


def test_a_clerk_asks_for_the_seal_and_sees_no_register(register: Register) -> None:
    shown = page_fresh(register.clerk, "/register/new/")
    assert 'name="person"' not in shown
    answer = post(register.clerk, "/register/new/", agency=register.ministry.pk, backend="pkcs12")
    assert answer["Location"] == "/certificates/"
    request = CertificateRequest.objects.get()
    assert request.user is None
    withdraw = f"/certificates/requests/{request.pk}/withdraw/"
    assert withdraw in page(register.clerk, "/certificates/")
    assert withdraw not in page(register.minister, "/certificates/")
    for path in (
        "/register/",
        f"/register/requests/{request.pk}/",
        "/register/officers/",
        "/register/coverage/",
    ):
        assert client(register.clerk).get(path).status_code in (302, 404)
        assert fresh_client(register.clerk).get(path).status_code == 404


def page_fresh(user: User, path: str) -> str:
    answer = fresh_client(user).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_officer_of_another_agency_finds_nothing(register: Register) -> None:
    certificate, request = register.issued(), register.asked()
    for user in (register.beside, register.below, register.minister):
        browser = fresh_client(user)
        assert browser.get(f"/register/requests/{request.pk}/").status_code == 404
        assert browser.get(f"/register/requests/{request.pk}/request.csr").status_code == 404
        assert browser.post(f"/register/requests/{request.pk}/approve/").status_code == 404
        assert browser.get(f"/register/certificates/{certificate.pk}/").status_code == 404
        revoke = f"/register/certificates/{certificate.pk}/revoke/"
        assert browser.post(revoke, {"reason": "loss"}).status_code == 404
    assert "Đặng Quỳnh Chi" not in page(register.beside, "/register/")


def test_nothing_is_decided_without_a_fresh_proof(register: Register) -> None:
    certificate, request = register.issued(), register.asked()
    stale = client(register.first)
    stale.post(f"/register/requests/{request.pk}/approve/")
    stale.post(f"/register/certificates/{certificate.pk}/revoke/", {"reason": "loss"})
    client(register.admin).post(
        "/register/officers/", {"person": register.clerk.email, "agency": register.ministry.pk}
    )
    request.refresh_from_db()
    certificate.refresh_from_db()
    assert (request.state, certificate.status) == ("requested", "active")
    assert not RegistrationOfficer.objects.filter(user=register.clerk).exists()


def test_a_loss_is_reported_without_another_proof(register: Register) -> None:
    certificate = register.issued()
    assert client(register.clerk).post(f"/certificates/{certificate.pk}/lost/").status_code == 403
    assert client(register.minister).post(f"/certificates/{certificate.pk}/lost/").status_code == 302
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.SUSPENDED
    assert client(register.minister).post(f"/certificates/{certificate.pk}/lost/").status_code == 409
    address = f"/register/certificates/{certificate.pk}/"
    assert f"{address}resume/" in page(register.first, address)
    assert post(register.first, f"{address}resume/").status_code == 302
    assert post(register.first, f"{address}revoke/", reason="whim").status_code == 400
    assert post(register.first, f"{address}suspend/", reason="loss").status_code == 302
    assert post(register.first, f"{address}revoke/", reason="loss").status_code == 302
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.REVOKED
    assert f"{address}revoke/" not in page(register.first, address)
    assert post(register.first, f"{address}frame/").status_code == 404


def test_a_refusal_needs_a_reason_and_the_holder_reads_it(register: Register) -> None:
    request = register.asked()
    address = f"/register/requests/{request.pk}/refuse/"
    assert post(register.first, address, reason=" ").status_code == 400
    assert post(register.first, address, reason="Sai chức vụ").status_code == 302
    assert "Sai chức vụ" in page(register.minister, "/certificates/")
    assert post(register.minister, f"/certificates/requests/{request.pk}/withdraw/").status_code == 409


def test_the_request_is_carried_to_the_authority_and_the_certificate_back(
    register: Register, settings: Any, tmp_path: Path
) -> None:
    root = identities.make_root(clock.now() - timedelta(days=30))
    (tmp_path / "national.crt").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    settings.TRUST_DIR = tmp_path
    settings.SIGNING_AUTHORITY = "signing.authority.manual.ManualAuthority"
    request = register.asked()
    address = f"/register/requests/{request.pk}/"
    assert client(register.first).get(f"{address}request.csr").status_code == 404
    post(register.first, f"{address}approve/")
    wanted = csr.read(client(register.first).get(f"{address}request.csr").content.decode())
    issued = identities.issue(
        root,
        identities.subject_name("Đặng Quỳnh Chi"),
        wanted.public_key,
        clock.now(),
        years=3,
        extensions=identities.signer_extensions(),
    )
    refused = post(register.second, f"{address}issue/", pasted="nonsense")
    assert refused.status_code == 400
    assert "nonsense" in refused.content.decode()
    assert post(register.second, f"{address}issue/").status_code == 503
    chain = SimpleUploadedFile("minister.cer", issued.public_bytes(Encoding.DER))
    assert post(register.second, f"{address}issue/", chain=chain).status_code == 302
    assert Certificate.objects.get().serial == f"{issued.serial_number:x}"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", True),
        ("q=qu%E1%BB%B3nh", True),
        ("q=nobody", False),
        ("state=active", True),
        ("state=revoked", False),
        ("state=ended", False),
        ("state=nonsense&agency=x&page=99", True),
        ("agency=own", True),
        ("agency=other", False),
    ],
)
def test_the_register_is_narrowed(register: Register, asked: str, found: bool) -> None:
    certificate = register.issued()
    asked = asked.replace("own", str(register.ministry.pk)).replace("other", str(register.other.pk))
    shown = page(register.first, f"/register/?{asked}")
    assert (f"/register/certificates/{certificate.pk}/" in shown) == found


def test_administrators_appoint_and_end(register: Register) -> None:
    assert "/register/officers/" in page(register.admin, "/register/")
    words = {"person": register.clerk.email, "agency": register.department.pk, "until": ""}
    assert post(register.first, "/register/officers/", **words).status_code == 404
    assert post(register.admin, "/register/officers/", **{**words, "person": "x@x.vn"}).status_code == 422
    own = post(register.admin, "/register/officers/", **{**words, "person": register.admin.email})
    assert own.status_code == 403
    assert post(register.admin, "/register/officers/", **words).status_code == 302
    officer = RegistrationOfficer.objects.get(user=register.clerk)
    assert officer.appointed_by == register.admin
    end = f"/register/officers/{officer.pk}/end/"
    assert post(register.first, end).status_code == 403
    assert post(register.admin, end).status_code == 302
    assert "Clerk" not in page_fresh(register.admin, "/register/officers/")


def test_an_auditor_sees_officers_and_figures_and_no_certificate(register: Register) -> None:
    certificate = register.issued()
    auditor = person("auditor", "Auditor", office(register.other, "Kiểm soát viên", Duty.AUDITOR))
    assert "Đặng Quỳnh Chi" not in page(auditor, "/register/")
    assert "Bộ Y tế" in page(auditor, "/register/coverage/")
    officers = page_fresh(auditor, "/register/officers/")
    assert "First" in officers
    assert "/end/" not in officers
    assert client(auditor).get(f"/register/certificates/{certificate.pk}/").status_code == 404
    assert fresh_client(auditor).get("/register/new/").status_code == 404


def test_an_officer_whom_no_agency_is_delegated_to_is_told_so(register: Register) -> None:
    lone = person("lone", "Lone", office(register.other, "Cán bộ đăng ký", Duty.REGISTRAR))
    for end in ("", "coverage/"):
        assert "/register/certificates/" not in page(lone, f"/register/{end}")
    assert "First" not in page_fresh(lone, "/register/officers/")


def test_a_certificate_that_ends_soon_is_told_of(register: Register) -> None:
    actions.issue_demo_certificate(actor=None, user=register.minister, ends_in=timedelta(days=25, hours=1))
    own = today_of(register.minister).certificates.own
    assert own is not None
    assert own.ends in page(register.minister, "/certificates/")
    assert own.ends in page(register.minister, "/")
    with clock.starting_at(clock.now() + timedelta(days=26)):
        from frontend.queries.certificates import mine

        [expired] = mine(register.minister).certificates
        assert (expired.mark, expired.ends) == ("final", "")
        assert today_of(register.minister).certificates.own is None
