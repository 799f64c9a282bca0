"""Keys that come with their certificate enter the register: whose they are, and with how many eyes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.utils.translation import gettext

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError
from signing import actions
from signing.authority.adapter import AuthorityError
from signing.authority.demo_adapter import DemoAdapter
from signing.enums import (
    CertificateRequestKind,
    CertificateRequestState,
    CertificateStatus,
    RequestState,
    StatusReason,
)
from signing.models import Certificate, CertificateRequest
from signing.validation import validate
from tests.cast import fresh_client
from tests.signing.custody.conftest import Service
from tests.signing.custody.csc_service import PIN
from tests.signing.register_cast import Register, assemble, office
from tests.signing.test_change_of_position import ask, move

pytestmark = [pytest.mark.softhsm, pytest.mark.django_db(transaction=True)]

MINISTER = "ĐẶNG QUỲNH CHI"  # as some authorities write names
State = CertificateRequestState


@pytest.fixture
def register(service: Service) -> Register:
    service.certify("ec", holder=MINISTER)
    return assemble()


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    assert str(refusal.value.message).endswith(".")
    return refusal.value.code


def named(register: Register, key_ref: str = "ec") -> CertificateRequest:
    request = register.asked(backend="csc")
    return actions.name_key(actor=register.minister, request_id=request.pk, key_ref=key_ref)


def entered(register: Register) -> Certificate:
    request = named(register)
    actions.approve_request(actor=register.first, request_id=request.pk)
    return actions.issue_certificate(actor=register.second, request_id=request.pk)


def test_from_the_key_to_the_first_signature(register: Register) -> None:
    certificate = entered(register)
    assert (certificate.backend, certificate.key_ref) == ("csc", "ec")
    assert certificate.position == register.seat
    row = ask(register, 1)
    session = actions.open_session(actor=register.minister, request_ids=[row.pk])
    actions.prepare_session(session.pk)
    actions.confirm_session(actor=register.minister, session_id=session.pk, gesture=DemoGesture(), secret=PIN)
    actions.finish_session(session.pk)
    row.refresh_from_db()
    assert (row.state, row.reason) == (RequestState.SIGNED, "")
    [report] = validate(blobs.path_of(row.signed_sha256)).signatures
    assert (report.signer, report.intact) == (MINISTER, True)


def test_nothing_is_approved_before_the_key_is_named(register: Register) -> None:
    request = register.asked(backend="csc")
    approve = partial(actions.approve_request, actor=register.first, request_id=request.pk)
    assert refused(approve) == "key_unnamed"
    assert refused(partial(name, register, request, " ")) == "key_unnamed"
    assert refused(partial(name, register, request, "nobody")) == "key_missing"
    request.refresh_from_db()
    assert (request.key_ref, request.has_key) == ("", False)
    name(register, request, " ec ")
    assert approve().state == State.APPROVED


def name(register: Register, request: CertificateRequest, key_ref: str) -> CertificateRequest:
    return actions.name_key(actor=register.minister, request_id=request.pk, key_ref=key_ref)


def test_a_certificate_of_somebody_else_is_refused_in_words(service: Service, register: Register) -> None:
    request = register.asked(backend="csc")
    with pytest.raises(DomainError, match="Trần Quốc Khải") as refusal:
        name(register, request, "rsa")
    assert refusal.value.code == "other_holder"
    assert "Đặng Quỳnh Chi" in str(refusal.value.message)


def test_the_key_is_named_by_who_has_the_request_in_hand_and_once(register: Register) -> None:
    request = register.asked(backend="csc")
    for actor in (register.beside, register.clerk):
        by_another = partial(actions.name_key, actor=actor, request_id=request.pk, key_ref="ec")
        assert refused(by_another) == "denied"
    name(register, request, "ec")
    assert refused(partial(name, register, request, "ec")) == "csr_there"
    in_house = partial(actions.name_key, actor=register.minister, request_id=10**6, key_ref="ec")
    assert refused(in_house) == "no_such_request"


def test_a_key_of_the_house_is_not_named(register: Register) -> None:
    request = register.asked()
    assert refused(partial(name, register, request, "ec")) == "key_not_wanted"


def test_who_names_the_key_of_the_houses_own_request_does_not_approve_it(
    service: Service, register: Register
) -> None:
    entered(register)
    move(register, office(register.department, "Cục trưởng Cục Y tế dự phòng"))
    request = CertificateRequest.objects.get(certificate=None)
    assert (request.kind, request.backend) == (CertificateRequestKind.REISSUE, "csc")
    service.certify("other", holder=MINISTER)
    by = {"actor": register.first, "request_id": request.pk}
    assert refused(lambda: actions.name_key(**by, key_ref="ec")) == "key_used"
    assert actions.name_key(**by, key_ref="other").requested_by == register.first
    assert refused(lambda: actions.approve_request(**by)) == "denied"
    by["actor"] = register.below
    assert actions.approve_request(**by).state == State.APPROVED


def test_a_named_key_is_free_again_after_a_refusal_and_taken_while_it_lives(
    service: Service, register: Register
) -> None:
    first = named(register)
    actions.refuse_request(actor=register.first, request_id=first.pk, reason="Sai khóa")
    second = named(register)
    assert second.key_digest == first.key_digest
    actions.approve_request(actor=register.first, request_id=second.pk)
    actions.issue_certificate(actor=register.second, request_id=second.pk)
    again = register.asked(backend="csc")
    assert refused(partial(name, register, again, "ec")) == "key_used"
    again.refresh_from_db()
    assert not again.has_key


def test_the_certificate_that_enters_is_the_one_approved(service: Service, register: Register) -> None:
    request = named(register)
    actions.approve_request(actor=register.first, request_id=request.pk)
    service.certify("ec", holder=MINISTER)
    issue = partial(actions.issue_certificate, actor=register.second, request_id=request.pk)
    assert refused(issue) == "certificate_changed"
    assert not Certificate.objects.exists()
    service.fault(credential={"key": {"status": "disabled"}})
    assert refused(issue) == "key_disabled"


def test_the_sites_authority_is_not_asked_to_revoke_what_it_has_not_issued(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = entered(register)

    def unknown(*_: object) -> None:
        raise AuthorityError("unknown_serial", "This serial number is unknown.")

    monkeypatch.setattr(DemoAdapter, "revoke", unknown)
    revoked = actions.revoke_certificate(
        actor=register.first, certificate_id=certificate.pk, reason=StatusReason.KEY_COMPROMISE
    )
    assert revoked.status == CertificateStatus.REVOKED


def test_on_screens(service: Service, register: Register) -> None:
    minister, first = fresh_client(register.minister), fresh_client(register.first)
    assert minister.post("/certificates/request/", {"backend": "csc"}).status_code == 302
    request = CertificateRequest.objects.get()
    address = f"/register/requests/{request.pk}/"
    assert f"{address}approve/" not in first.get(address).content.decode()
    mine = f"/certificates/requests/{request.pk}/name/"
    assert mine in minister.get("/certificates/").content.decode()
    wrong = minister.post(mine, {"key": "rsa"})
    assert wrong.status_code == 400
    assert 'value="rsa"' in wrong.content.decode()
    assert minister.post(mine, {"key": "ec"}).status_code == 302
    assert mine not in minister.get("/certificates/").content.decode()
    shown = first.get(address).content.decode()
    assert MINISTER in shown
    assert first.post(f"{address}approve/").status_code == 302
    second = fresh_client(register.second)
    assert second.post(f"{address}issue/").status_code == 302
    assert Certificate.objects.get().user == register.minister
    # Its authority is not the site's: the officer reports a revocation there.
    kept = second.get(f"/register/certificates/{Certificate.objects.get().pk}/").content.decode()
    assert (
        gettext(
            "What you do here counts on this site at once. Tell the authority as well: it is not connected."
        )
        in kept
    )


def test_a_clerk_names_the_key_of_the_seal_they_asked_for(service: Service, register: Register) -> None:
    service.certify("rsa", holder="Bo Y te")
    clerk = fresh_client(register.clerk)
    asked = {"agency": register.ministry.pk, "backend": "csc"}
    assert clerk.post("/register/new/", asked).status_code == 302
    request = CertificateRequest.objects.get()
    address = f"/certificates/requests/{request.pk}/name/"
    assert address in clerk.get("/certificates/").content.decode()
    assert clerk.post(address, {"key": "ec"}).status_code == 400
    assert clerk.post(address, {"key": "rsa"}).status_code == 302
    actions.approve_request(actor=register.first, request_id=request.pk)
    seal = actions.issue_certificate(actor=register.second, request_id=request.pk)
    assert (seal.agency, seal.key_ref) == (register.ministry, "rsa")


def test_an_officer_names_the_key_of_somebody_else(service: Service, register: Register) -> None:
    first = fresh_client(register.first)
    answer = first.post("/register/new/", {"person": register.minister.email, "backend": "csc"})
    address = answer["Location"]
    assert f"{address}name/" in first.get(address).content.decode()
    assert first.post(f"{address}name/", {"key": "ec"}).status_code == 302
    assert first.post(f"{address}approve/").status_code == 403
    assert fresh_client(register.second).post(f"{address}approve/").status_code == 302
