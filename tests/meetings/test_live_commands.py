"""Commands of a sitting: what each changes, and in which state each is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import live
from meetings.enums import ItemKind, MeetingState
from meetings.models import FloorRequest, LiveEvent
from meetings.projection import live_state
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.fixture
def sitting(room: Room) -> Room:
    room.begin()
    return room


def refusal(act: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        act()
    assert str(caught.value)
    return caught.value.code, caught.value.status


def test_a_meeting_from_the_gavel_to_the_adjournment(room: Room) -> None:
    room.begin()
    member, chair = room.cast.member, room.cast.chair
    asked = room.ask(member)
    room.do("give_floor", request_id=asked)
    room.do("extend_floor", request_id=asked)
    room.do("end_floor", member, request_id=asked)
    poll = room.open_poll()
    for user in (chair, member):
        live.cast_ballot(actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k")
    room.do("close_poll", chair, poll_id=poll)
    room.do("record_conclusion", item_id=room.item.pk, text=" Chính phủ thống nhất. ")
    room.do("end_item", item_id=room.item.pk)
    room.do("adjourn")
    kinds = list(LiveEvent.objects.filter(meeting=room.meeting).values_list("kind", flat=True))
    assert kinds == [
        "meeting.started",
        *["presence.set"] * 3,
        "item.called",
        "floor.requested",
        "floor.given",
        "floor.extended",
        "floor.ended",
        "poll.opened",
        "poll.closed",
        "item.concluded",
        "item.ended",
        "meeting.adjourned",
    ]
    numbers = list(LiveEvent.objects.filter(meeting=room.meeting).values_list("seq", flat=True))
    assert numbers == list(range(1, len(kinds) + 1))
    acts = set(LedgerEntry.objects.values_list("act", flat=True))
    assert acts >= {"meeting.started", "poll.opened", "ballot.cast", "poll.closed", "meeting.adjourned"}
    state = live_state(room.meeting, "member")
    assert (state["meeting"]["state"], state["seq"]) == ("adjourned", len(kinds))
    assert state["programme"][0]["outcome"] == {"poll_id": poll, "adopted": True, "in_favour": 2, "base": 3}


def test_every_command_has_a_state_in_which_it_is_refused(room: Room) -> None:
    item, other = room.item.pk, room.other.pk
    before = {
        "call_item": {"item_id": item},
        "end_item": {"item_id": item},
        "postpone_item": {"item_id": item},
        "record_conclusion": {"item_id": item, "text": "x"},
        "open_poll": {"item_id": item},
        "give_floor": {"request_id": 1},
        "extend_floor": {"request_id": 1},
        "end_floor": {"request_id": 1},
        "remove_request": {"request_id": 1},
        "adjourn": {},
    }
    for name, words in before.items():
        assert refusal(lambda name=name, words=words: room.do(name, **words)) == ("not_in_session", 409)
    assert refusal(lambda: room.do("request_floor", room.cast.member)) == ("not_in_session", 409)
    room.begin()
    assert refusal(lambda: room.do("start")) == ("already_started", 409)
    assert refusal(lambda: room.do("call_item", item_id=item)) == ("item_current", 409)
    assert refusal(lambda: room.do("end_item", item_id=other)) == ("item_not_current", 409)
    assert refusal(lambda: room.do("open_poll", item_id=other)) == ("item_not_current", 409)
    assert refusal(lambda: room.do("record_conclusion", item_id=other, text="x")) == ("item_not_called", 409)
    assert refusal(lambda: room.do("call_item", item_id=0)) == ("item_not_found", 404)
    assert refusal(lambda: room.do("give_floor", request_id=0)) == ("request_not_found", 404)
    assert refusal(lambda: room.do("withdraw_request", room.cast.member)) == ("not_asked", 409)
    room.open_poll()
    for name, words in {
        "open_poll": {"item_id": item},
        "end_item": {"item_id": item},
        "call_item": {"item_id": other},
        "postpone_item": {"item_id": item},
        "adjourn": {},
    }.items():
        assert refusal(lambda name=name, words=words: room.do(name, **words)) == ("poll_open", 409)
    room.do("cancel_poll", poll_id=Poll.objects.get().pk, reason="Nhầm câu hỏi")
    room.do("adjourn")
    for name, words in before.items():
        assert refusal(lambda name=name, words=words: room.do(name, **words)) == ("meeting_adjourned", 409)
    assert refusal(lambda: room.do("start")) == ("meeting_over", 409)
    assert refusal(room.check_in) == ("attendance_closed", 409)


def test_papers_come_before_the_gavel(room: Room) -> None:
    room.meeting.state = MeetingState.PREPARING
    room.meeting.save(update_fields=["state"])
    assert refusal(lambda: room.do("start")) == ("not_distributed", 409)


def test_who_may_do_what(sitting: Room) -> None:
    member, outsider = sitting.cast.member, sitting.cast.outsider
    for name, words in {
        "adjourn": {},
        "call_item": {"item_id": sitting.other.pk},
        "open_poll": {"item_id": sitting.item.pk},
        "record_conclusion": {"item_id": sitting.item.pk, "text": "x"},
    }.items():
        assert refusal(lambda name=name, words=words: sitting.do(name, member, **words)) == ("denied", 403)
        hidden = refusal(lambda name=name, words=words: sitting.do(name, outsider, **words))
        assert hidden == ("meeting_not_found", 404)
    # The clerk runs the desk but has no mandate: neither speaks nor votes.
    assert refusal(lambda: sitting.do("request_floor")) == ("denied", 403)
    assert refusal(lambda: sitting.do("set_presence", presence="present")) == ("no_mandate", 403)
    others = [m.pk for m in sitting.cast.body.memberships.filter(user=sitting.cast.second)]
    act = lambda: sitting.do("set_presence", member, presence="absent", membership_ids=others)  # noqa: E731  # two words
    assert refusal(act) == ("denied", 403)
    sitting.do("set_presence", presence="absent", membership_ids=others, reason="Công tác")
    state = live_state(sitting.meeting, "desk")
    assert state["attendance"]["present"] == 2
    assert state["desk"] is not None
    assert state["desk"]["absences"][0]["reason"] == "Công tác"
    assert refusal(lambda: sitting.do("set_presence", presence="lost", membership_ids=others)) == (
        "unknown_presence",
        400,
    )


def test_a_poll_needs_the_quorum(sitting: Room) -> None:
    sitting.do("set_presence", sitting.cast.member, presence="absent")
    sitting.do("set_presence", sitting.cast.second, presence="absent")
    assert refusal(sitting.open_poll) == ("no_quorum", 409)


def test_the_electorate_is_frozen_when_the_poll_opens(sitting: Room) -> None:
    second = sitting.cast.second
    sitting.do("set_presence", second, presence="absent")
    poll = sitting.open_poll()
    sitting.do("set_presence", second, presence="present")
    late = {"meeting_id": sitting.meeting.pk, "poll_id": poll, "choice": "for", "key": "k"}
    assert refusal(lambda: live.cast_ballot(actor=second, **late)) == ("elector_absent", 403)
    assert refusal(lambda: live.cast_ballot(actor=sitting.cast.clerk, **late)) == ("no_mandate", 403)
    assert refusal(lambda: live.cast_ballot(actor=sitting.cast.outsider, **late)) == (
        "meeting_not_found",
        404,
    )
    assert refusal(lambda: live.cast_ballot(actor=second, **{**late, "poll_id": 0})) == (
        "poll_not_found",
        404,
    )


def test_a_poll_is_about_the_draft_as_distributed(sitting: Room) -> None:
    state = live_state(sitting.meeting, "member")
    assert state["current"] is not None
    draft = state["current"]["draft"]
    assert draft is not None
    poll = Poll.objects.get(pk=sitting.open_poll())
    assert poll.text_sha256 in {
        v.sha256 for d in sitting.item.dossier.documents.all() for v in d.versions.all()
    }
    view = live_state(sitting.meeting, "member")["poll"]
    assert view is not None
    assert (view["text_version"], view["needed"], view["base"], view["expected"]) == (1, 2, 3, 3)
    assert poll.question == "Thông qua: Dự thảo Nghị quyết"


def test_a_vote_on_a_classified_matter_does_not_name_it(room: Room) -> None:
    secret = casting.item(room.cast, room.meeting, "Tên không được lộ", ItemKind.PAPER_ONLY)
    room.begin()
    room.do("call_item", item_id=secret.pk)
    room.do("open_poll", item_id=secret.pk)
    shown = json.dumps(live_state(room.meeting, "projector"), ensure_ascii=False)
    assert "Thông qua: " in shown
    assert "không được lộ" not in shown


def test_who_has_voted_is_shown_and_how_only_after_closing(sitting: Room) -> None:
    poll = sitting.open_poll()
    cast, meeting = sitting.cast, sitting.meeting
    live.cast_ballot(actor=cast.member, meeting_id=meeting.pk, poll_id=poll, choice="against", key="k")
    state = live_state(meeting, "desk")
    view = state["poll"]
    assert view is not None
    mandate = cast.body.memberships.get(user=cast.member).pk
    assert (view["voted"], view["turnout"], view["results"], view["verdict"]) == ([mandate], 1, [], None)
    assert state["votes"] == 1
    assert state["desk"] is not None
    assert len(state["desk"]["not_voted"]) == 2
    sitting.do("close_poll", poll_id=poll)
    view = live_state(meeting, "projector")["poll"]
    assert view is not None
    assert view["verdict"] is not None
    assert view["verdict"]["sentence_en"] == "2 of 3 members needed; 0 in favour: not adopted."
    assert {row["standing"] for row in view["results"]} == {"voted", "silent"}
    late = {"meeting_id": meeting.pk, "poll_id": poll, "choice": "for", "key": "late"}
    assert refusal(lambda: live.cast_ballot(actor=cast.second, **late)) == ("poll_closed", 409)
    assert Ballot.objects.count() == 1


def test_the_chair_breaks_a_tie(sitting: Room) -> None:
    poll, meeting = sitting.open_poll(), sitting.meeting
    seen = []
    for user, choice in ((sitting.cast.member, "for"), (sitting.cast.second, "against")):
        live.cast_ballot(actor=user, meeting_id=meeting.pk, poll_id=poll, choice=choice, key="k")
        seen.append((live_state(meeting, "desk")["desk"] or {})["chair_must_decide"])
    assert seen == [False, True]
    assert refusal(lambda: sitting.do("close_poll", poll_id=poll)) == ("chair_must_decide", 409)
    by_clerk = lambda: sitting.do("close_poll", poll_id=poll, chair_choice="for")  # noqa: E731  # two words
    assert refusal(by_clerk) == ("chair_must_decide", 409)
    sitting.do("close_poll", sitting.cast.chair, poll_id=poll, chair_choice="for")
    view = live_state(meeting, "member")["poll"]
    assert view is not None
    assert view["verdict"] is not None
    assert view["verdict"]["adopted"]


def test_one_speaker_at_a_time_and_a_queue_in_order(sitting: Room) -> None:
    cast = sitting.cast
    first, second = sitting.ask(cast.member), sitting.ask(cast.second)
    assert refusal(lambda: sitting.ask(cast.member)) == ("already_asked", 409)
    sitting.do("give_floor", request_id=first)
    sitting.do("give_floor", request_id=second, minutes=3)
    floor = live_state(sitting.meeting, "member")["floor"]
    assert floor["speaker"] is not None
    assert (floor["speaker"]["request_id"], floor["speaker"]["allotted_seconds"]) == (second, 180)
    assert floor["queue"] == []
    assert refusal(lambda: sitting.do("extend_floor", request_id=first)) == ("request_changed", 409)
    assert refusal(lambda: sitting.do("end_floor", cast.member, request_id=second)) == ("denied", 403)
    third = sitting.ask(cast.member)
    assert live_state(sitting.meeting, "member")["floor"]["queue"][0]["times"] == 1
    sitting.do("remove_request", request_id=third)
    sitting.do("call_item", item_id=sitting.other.pk)
    assert FloorRequest.objects.get(pk=second).state == "spoken"


def test_who_is_not_present_does_not_ask_for_the_floor(sitting: Room) -> None:
    sitting.do("set_presence", sitting.cast.second, presence="absent")
    assert refusal(lambda: sitting.ask(sitting.cast.second)) == ("not_present", 409)


def test_a_postponed_item_can_be_called_again_a_done_one_cannot(sitting: Room) -> None:
    sitting.do("postpone_item", item_id=sitting.item.pk, reason="Chờ ý kiến")
    assert refusal(lambda: sitting.do("postpone_item", item_id=sitting.item.pk)) == ("item_not_open", 409)
    sitting.do("call_item", item_id=sitting.item.pk)
    sitting.do("end_item", item_id=sitting.item.pk)
    assert refusal(lambda: sitting.do("call_item", item_id=sitting.item.pk)) == ("item_done", 409)


def test_a_conclusion_has_words_and_a_limit(sitting: Room) -> None:
    item = {"item_id": sitting.item.pk}
    assert refusal(lambda: sitting.do("record_conclusion", **item, text="  ")) == ("conclusion_empty", 400)
    assert refusal(lambda: sitting.do("record_conclusion", **item, text="x" * 20_001)) == (
        "conclusion_long",
        400,
    )


def test_the_same_key_is_the_same_event(sitting: Room) -> None:
    asked = sitting.ask(sitting.cast.member)
    sitting.do("give_floor", request_id=asked)
    first = sitting.do("extend_floor", request_id=asked, key="once")
    ends_at = FloorRequest.objects.get(pk=asked).ends_at
    assert sitting.do("extend_floor", request_id=asked, key="once") == first
    assert FloorRequest.objects.get(pk=asked).ends_at == ends_at
    assert refusal(lambda: sitting.do("adjourn", key="k" * 65)) == ("key_too_long", 400)


def test_a_refused_command_leaves_no_gap(sitting: Room) -> None:
    sitting.meeting.refresh_from_db()
    before = sitting.meeting.seq
    refusal(lambda: sitting.do("end_item", item_id=sitting.other.pk))
    sitting.meeting.refresh_from_db()
    assert sitting.meeting.seq == before


def test_the_projection_asks_a_fixed_number_of_questions(
    sitting: Room, django_assert_num_queries: Callable[[int], object]
) -> None:
    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            live_state(sitting.meeting, "desk")
        return len(captured)

    sitting.ask(sitting.cast.member)
    poll = sitting.open_poll()
    few = count()
    sitting.ask(sitting.cast.second)
    for user in (sitting.cast.member, sitting.cast.second):
        live.cast_ballot(actor=user, meeting_id=sitting.meeting.pk, poll_id=poll, choice="for", key="k")
    assert count() == few


def test_a_changed_ballot_makes_a_newer_state(sitting: Room) -> None:
    """Nobody is added to those who voted, yet a tie may be gone: the desk must be told."""
    poll = sitting.open_poll()
    cast, meeting = sitting.cast, sitting.meeting
    told = []
    for choice in ("for", "against"):
        live.cast_ballot(actor=cast.second, meeting_id=meeting.pk, poll_id=poll, choice=choice, key=choice)
        live.cast_ballot(actor=cast.member, meeting_id=meeting.pk, poll_id=poll, choice="against", key="k")
        state = live_state(meeting, "desk")
        assert state["desk"] is not None
        told.append((state["votes"], state["desk"]["chair_must_decide"]))
    assert told == [(2, True), (3, False)]
