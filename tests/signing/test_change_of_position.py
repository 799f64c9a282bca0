"""A minister moves: no new signatures at once, a re-issue that opens by itself, old signatures stay valid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from asn1crypto import ocsp as asn1_ocsp
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import Duty
from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import Appointment, Position
from ecabinet.common import blobs, clock
from ecabinet.common.errors import DomainError, WrongState
from signing import actions, rules
from signing.actions.positions import follow_all
from signing.enums import CertificateRequestKind, CertificateRequestState, CertificateStatus, RequestState
from signing.models import CertificateRequest, SigningRequest
from signing.permissions import may_still_sign
from signing.queries import certificate_of
from signing.rules import Term
from signing.validation import Verdict, validate
from tests.signing.conftest import printed
from tests.signing.register_cast import LONG_AGO, Register, assemble, office, person

DAY = timedelta(days=1)


@pytest.fixture
def register(db: None) -> Register:
    return assemble()


@pytest.fixture
def new_seat(register: Register) -> Position:
    return office(register.other, "Bộ trưởng Bộ Tài chính", Duty.LEADER)


def ask(register: Register, number: int) -> SigningRequest:
    return actions.request_signature(
        actor=None,
        signer=register.minister,
        kind="test",
        subject=f"test:{number}",
        title="Quyết định",
        sha256=blobs.put_bytes(printed(f"{number}/QĐ-BYT")),
    )


def move(register: Register, seat: Position, *, last_day: date | None = None) -> None:
    """The administration ends the one appointment and makes the other."""
    last = last_day or clock.today() - DAY
    accounts.end_appointment(actor=register.admin, appointment=register.term, last_day=last)
    accounts.appoint(actor=register.admin, user=register.minister, position=seat, starts_on=clock.today())


# The rule.

ON = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("terms", "left"),
    [
        ([Term(1, 10, LONG_AGO, None)], False),
        ([Term(1, 10, LONG_AGO, ON)], False),  # the last day counts
        ([Term(1, 10, LONG_AGO, ON - DAY)], True),
        ([], True),
        ([Term(2, 10, LONG_AGO, None)], True),
        ([Term(1, 10, ON + DAY, None)], True),
        # A second office beside the first is no transfer; a new one while the old runs out is.
        ([Term(1, 10, LONG_AGO, None), Term(2, 20, ON, None)], False),
        ([Term(1, 10, LONG_AGO, ON), Term(2, 20, ON, None)], True),
        ([Term(1, 10, LONG_AGO, ON + 20 * DAY), Term(2, 20, ON, None)], True),
        ([Term(1, 10, LONG_AGO, ON), Term(2, 20, ON + DAY, None)], False),
        ([Term(1, 10, LONG_AGO, ON), Term(2, 10, ON, None)], False),  # the same agency: until the last day
        ([Term(1, 10, ON - DAY, ON), Term(2, 20, LONG_AGO, None)], False),  # an acting office beside the own
        # Appointed anew without a gap.
        ([Term(1, 10, LONG_AGO, ON - DAY), Term(1, 10, ON, None)], False),
    ],
)
def test_who_has_left_an_office(terms: list[Term], left: bool) -> None:
    assert rules.has_left(terms, 1, ON) == left


# The life cycle.


def test_a_move_between_opening_and_confirming_stops_the_session(
    register: Register, new_seat: Position
) -> None:
    certificate = register.issued()
    row = ask(register, 1)
    session = actions.open_session(actor=register.minister, request_ids=[row.pk])
    actions.prepare_session(session.pk)
    assert session.certificate == certificate
    move(register, new_seat)
    with pytest.raises(WrongState) as refusal:
        actions.confirm_session(actor=register.minister, session_id=session.pk, gesture=DemoGesture())
    assert refusal.value.code == "certificate_not_active"
    row.refresh_from_db()
    assert (row.state, row.signed_sha256) == (RequestState.WAITING, "")
    session.refresh_from_db()
    assert session.authorised_at is None
    certificate.refresh_from_db()
    assert (certificate.status, certificate.status_reason) == ("disabled", "change_of_position")


def test_the_whole_way_from_one_ministry_to_the_other(register: Register, new_seat: Position) -> None:
    old, seal = register.issued(), actions.issue_demo_certificate(actor=None, agency=register.ministry)
    row = ask(register, 1)
    [before] = actions.authorise(actor=register.minister, request_ids=[row.pk], gesture=DemoGesture())
    sealed = actions.seal_pdf(actor=None, sha256=before.signed_sha256, certificate=seal)
    move(register, new_seat)

    # Nothing new is signed.
    with pytest.raises(DomainError) as refusal:
        certificate_of(register.minister)
    assert refusal.value.code == "no_certificate"
    with pytest.raises(DomainError):
        actions.authorise(actor=register.minister, request_ids=[ask(register, 2).pk], gesture=DemoGesture())
    with pytest.raises(WrongState):
        actions.sign_pdf(
            actor=register.minister,
            sha256=blobs.put_bytes(printed("3/QĐ-BYT")),
            certificate=old,
        )

    # The new ministry's officer decides on the request that opened by itself.
    request = CertificateRequest.objects.get(state=CertificateRequestState.REQUESTED)
    assert (request.kind, request.requested_by) == (CertificateRequestKind.REISSUE, register.admin)
    assert (request.agency, request.position, request.backend) == (register.other, new_seat, "pkcs12")
    with pytest.raises(DomainError):
        actions.approve_request(actor=register.first, request_id=request.pk)
    actions.approve_request(actor=register.beside, request_id=request.pk)
    new = actions.issue_certificate(actor=register.beside, request_id=request.pk)
    second = SigningRequest.objects.get(subject="test:2")
    [after] = actions.authorise(actor=register.minister, request_ids=[second.pk], gesture=DemoGesture())
    assert after.state == RequestState.SIGNED
    session = after.entries.get().session
    assert (session.certificate, session.mandate) == (new, "Bộ trưởng Bộ Tài chính")
    old.refresh_from_db()
    assert (old.status, old.renewed_by) == (CertificateStatus.DISABLED, new)

    # What was signed before stays genuine, also once the old certificate is revoked at the authority,
    # and everything that proves it was kept at signing time.
    actions.revoke_certificate(actor=register.first, certificate_id=old.pk, reason="change_of_position")
    before.refresh_from_db()
    first = before.entries.get().session
    assert (first.certificate, first.mandate) == (old, "Bộ trưởng Bộ Y tế")
    report = validate(blobs.path_of(sealed.sha256))
    assert report.verdict == Verdict.GENUINE
    assert report.signatures[0].signer == "Đặng Quỳnh Chi"
    assert report.signatures[0].time_proven
    assert (report.signatures[0].serial, report.signatures[0].title) == (old.serial, "Bộ trưởng Bộ Y tế")
    assert old.serial in replies(sealed.sha256)


def replies(sha256: str) -> set[str]:
    """Serial numbers of the certificates that the revocation replies stored in the file call good."""
    with blobs.path_of(sha256).open("rb") as stream:
        store = DocumentSecurityStore.read_dss(PdfFileReader(stream))
        answers = [asn1_ocsp.OCSPResponse.load(each.get_object().data) for each in store.ocsps]
    good = set()
    for answer in answers:
        for single in answer.response_data["responses"]:
            assert single["cert_status"].name == "good"
            good.add(f"{single['cert_id']['serial_number'].native:x}")
    return good


# When nobody writes anything on the day itself.


def test_a_term_that_runs_out_stops_at_midnight_and_is_followed_by_the_ticker(
    register: Register, new_seat: Position
) -> None:
    certificate = register.issued()
    last = clock.today() + 3 * DAY
    accounts.end_appointment(actor=register.admin, appointment=register.term, last_day=last)
    accounts.appoint(
        actor=register.admin, user=register.minister, position=new_seat, starts_on=last + 5 * DAY
    )
    follow_all()
    now = timezone.now()
    assert may_still_sign(certificate, register.minister, now + 3 * DAY)
    assert not may_still_sign(certificate, register.minister, now + 4 * DAY)
    with clock.starting_at(now + 4 * DAY):
        follow_all()
        certificate.refresh_from_db()
        assert certificate.status == CertificateStatus.DISABLED
        assert not CertificateRequest.objects.filter(kind="reissue").exists()  # not in office yet
    with clock.starting_at(now + 8 * DAY):
        follow_all()
        follow_all()
        request = CertificateRequest.objects.get(kind="reissue")
        assert (request.position, request.requested_by) == (new_seat, None)
        actions.refuse_request(actor=register.beside, request_id=request.pk, reason="Chờ quyết định")
        follow_all()
        assert CertificateRequest.objects.filter(kind="reissue").count() == 1  # a refusal stands


def test_a_transfer_counts_from_the_day_the_new_office_is_taken_up(
    register: Register, new_seat: Position
) -> None:
    certificate = register.issued()
    move(register, new_seat, last_day=clock.today() + 10 * DAY)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.DISABLED
    assert CertificateRequest.objects.get(kind="reissue").position == new_seat


def test_a_second_office_changes_nothing(register: Register, new_seat: Position) -> None:
    certificate = register.issued()
    accounts.appoint(actor=register.admin, user=register.minister, position=new_seat, starts_on=clock.today())
    assert certificate_of(register.minister) == certificate
    assert not CertificateRequest.objects.filter(kind="reissue").exists()


def test_an_appointment_rewritten_in_the_administration_counts_too(
    register: Register, new_seat: Position
) -> None:
    certificate = register.issued()
    term = Appointment.objects.get(pk=register.term.pk)
    term.position = new_seat
    accounts.save_appointment(actor=register.admin, appointment=term)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.DISABLED
    assert CertificateRequest.objects.get(kind="reissue").position == new_seat


def test_an_appointment_given_to_somebody_else_disables_who_had_it(register: Register) -> None:
    certificate = register.issued()
    term = Appointment.objects.get(pk=register.term.pk)
    term.user = person("successor", "Successor")
    accounts.save_appointment(actor=register.admin, appointment=term)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.DISABLED


def test_a_request_for_the_old_office_is_dropped(register: Register, new_seat: Position) -> None:
    stale = register.asked()
    actions.approve_request(actor=register.first, request_id=stale.pk)
    move(register, new_seat)
    stale.refresh_from_db()
    assert stale.state == CertificateRequestState.WITHDRAWN
    assert CertificateRequest.objects.get(state="requested").position == new_seat


def test_a_suspended_certificate_is_disabled_as_well(register: Register, new_seat: Position) -> None:
    certificate = register.issued()
    actions.report_loss(actor=register.minister, certificate_id=certificate.pk)
    move(register, new_seat)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.DISABLED
    with pytest.raises(WrongState):
        actions.resume_certificate(actor=register.first, certificate_id=certificate.pk)


def test_who_retires_gets_no_request(register: Register) -> None:
    certificate = register.issued()
    accounts.end_appointment(actor=register.admin, appointment=register.term, last_day=clock.today() - DAY)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.DISABLED
    assert not CertificateRequest.objects.filter(kind="reissue").exists()


def test_an_approved_request_is_not_issued_for_an_office_left_meanwhile(register: Register) -> None:
    request = register.asked()
    actions.approve_request(actor=register.first, request_id=request.pk)
    Appointment.objects.filter(pk=register.term.pk).update(ends_on=clock.today() - DAY)  # before the ticker
    with pytest.raises(WrongState) as refusal:
        actions.issue_certificate(actor=register.second, request_id=request.pk)
    assert refusal.value.code == "office_left"
