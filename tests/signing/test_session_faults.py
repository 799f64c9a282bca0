"""What breaks while many are signed stays with the one it happened to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import WrongState
from signing import actions, completions
from signing.actions import preparations
from signing.enums import EntryState, RequestState, SessionState
from signing.models import Certificate, Preparation
from signing.pades.appearance import handwriting
from tests.signing.conftest import Signers, printed
from tests.signing.test_sessions import ask, completed, confirmed, finished, opened  # noqa: F401 - a fixture


def test_no_two_sessions_share_a_challenge(signers: Signers) -> None:
    row = ask(signers, 1)
    assert opened(signers, row).challenge != opened(signers, row).challenge


def test_a_lost_file_fails_alone(signers: Signers) -> None:
    good, lost = ask(signers, 1), ask(signers, 2)
    blobs.path_of(lost.sha256).unlink()
    rows = actions.authorise(actor=signers.person, request_ids=[good.pk, lost.pk], gesture=DemoGesture())
    assert [row.state for row in rows] == [RequestState.SIGNED, RequestState.FAILED]


def test_a_completion_that_breaks_fails_alone(
    signers: Signers,
    completed: list[tuple[str, str]],  # noqa: F811 - the fixture
) -> None:
    def breaks(*, subject: str, sha256: str) -> None:
        if subject == "test:2":
            raise ZeroDivisionError
        completed.append((subject, sha256))

    completions.register("test", breaks)
    rows = finished(signers, opened(signers, *(ask(signers, number) for number in (1, 2, 3))))
    assert [row.state for row in rows] == [EntryState.SIGNED, EntryState.FAILED, EntryState.SIGNED]
    assert [row.request.state for row in rows] == [
        RequestState.SIGNED,
        RequestState.FAILED,
        RequestState.SIGNED,
    ]


def test_a_certificate_that_ended_after_the_confirmation_signs_nothing_more(signers: Signers) -> None:
    session = confirmed(signers, opened(signers, ask(signers, 1), ask(signers, 2)))
    actions.revoke_demo_certificate(actor=None, certificate_id=signers.own.pk)
    actions.finish_session(session.pk)
    assert {row.state for row in session.entries.all()} == {EntryState.FAILED}
    assert {row.request.state for row in session.entries.all()} == {RequestState.WAITING}
    session.refresh_from_db()
    assert session.state == SessionState.DONE


def test_a_list_of_which_nothing_is_left_takes_no_gesture(signers: Signers) -> None:
    row = ask(signers, 1)
    session = opened(signers, row)
    actions.return_unsigned(actor=signers.person, request_id=row.pk, reason="Sai căn cứ")
    with pytest.raises(WrongState) as refusal:
        confirmed(signers, session)
    assert refusal.value.code == "nothing_left"


def test_a_list_on_screen_is_not_prepared_anew_under_it(
    signers: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(signers, 1)
    session = opened(signers, row)
    first = Preparation.objects.get(request=row)
    monkeypatch.setattr(settings, "SIGNING_PREPARED_SECONDS", 0)  # too old at once
    actions.prepare_waiting()
    assert Preparation.objects.get(request=row).file == first.file
    assert [each.state for each in finished(signers, session)] == [EntryState.SIGNED]


def test_one_who_may_not_sign_holds_up_nobody(signers: Signers) -> None:
    agency = accounts.create_agency(actor=None, code="G13", name="Bộ Y tế")
    seat = accounts.create_position(actor=None, agency=agency, title="Bộ trưởng")
    other = User.objects.create_user("left@example.vn", full_name="Left")
    accounts.appoint(actor=None, user=other, position=seat, starts_on=date(2020, 1, 1))
    actions.issue_demo_certificate(actor=None, user=other)
    Certificate.objects.filter(user=other).update(position=seat)
    other.appointments.update(ends_on=clock.today() - timedelta(days=1))  # nobody has followed it yet
    sheet = blobs.put_bytes(printed("9/NQ-CP"))
    actions.request_signature(
        actor=None, signer=other, kind="test", subject="test:9", title="9", sha256=sheet
    )
    mine = ask(signers, 1)
    actions.prepare_waiting()
    assert [row.request for row in Preparation.objects.all()] == [mine]


def test_returned_while_it_was_prepared_leaves_no_file(signers: Signers) -> None:
    row = ask(signers, 1)
    actions.return_unsigned(actor=signers.person, request_id=row.pk, reason="Sai căn cứ")
    preparations.prepare_requests([row], signers.own)  # the worker still has the row of before
    assert not Preparation.objects.exists()


@pytest.mark.parametrize("name", ["王 小明", "", " ", "Ñ", "Trần Quốc Khải"])
def test_every_name_has_a_hand(name: str) -> None:
    assert handwriting(name).count("<path") == 3
