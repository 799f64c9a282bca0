"""A roll call on paper: entered by one person, counted once another has confirmed the same sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ecabinet.common import clock
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import decisions, live
from meetings.decision_files import outcome_files
from meetings.enums import DecisionType
from meetings.models import LiveEvent, RollCall
from meetings.projection import live_state
from meetings.queries.decisions import adopted_poll
from tests import cast as casting
from tests.meetings.live_room import Room
from tests.meetings.test_live_commands import refusal
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db


def answers(room: Room, chair: str, member: str, second: str) -> dict[int, str]:
    cast = room.cast
    words = {cast.chair: chair, cast.member: member, cast.second: second}
    return {cast.body.memberships.get(user=user).pk: word for user, word in words.items()}


def enter(room: Room, *words: str, **more: Any) -> str:
    facts = {"answers": answers(room, *words), "held_at": clock.now(), **more}
    return str(room.do("enter_roll_call", item_id=room.item.pk, **facts).body["digest"])


def confirm(room: Room, digest: str) -> LiveEvent:
    return room.do("confirm_roll_call", room.cast.chair, item_id=room.item.pk, digest=digest)


def test_it_counts_once_a_second_person_has_confirmed_it(room: Room) -> None:
    held_at = clock.now()
    digest = enter(room, "for", "for", "absent", held_at=held_at)
    assert not Poll.objects.exists()
    waiting = live_state(room.meeting, "desk")["desk"]
    assert waiting is not None
    assert [(row["entered_by"], row["poll_id"]) for row in waiting["roll_calls"]] == [("Clerk", None)]
    event = confirm(room, digest)
    poll = Poll.objects.get()
    assert (poll.mode, poll.state, poll.closed_at, poll.verdict["adopted"]) == (
        "roll_call",
        "closed",
        held_at,
        True,
    )
    assert [event.body[name] for name in ("poll", "entered_by", "confirmed_by", "digest")] == [
        poll.pk,
        room.cast.clerk.pk,
        room.cast.chair.pk,
        digest,
    ]
    line = live_state(room.meeting, "projector")["programme"][0]
    assert line["outcome"] is not None
    assert (line["outcome"]["in_favour"], line["outcome"]["base"]) == (2, 3)
    assert line["marks"]["roll_call"] is not None
    assert (line["marks"]["roll_call"]["entered_by"], line["marks"]["roll_call"]["confirmed_by"]) == (
        "Clerk",
        "Chair",
    )
    assert LedgerEntry.objects.filter(act="poll.roll_call").count() == 1
    page = casting.client(room.cast.member).get(f"/meetings/{room.meeting.pk}/").content.decode()
    assert "Biểu quyết bằng gọi tên, Clerk nhập sau, Chair xác nhận." in page


def test_each_answer_stands_where_it_belongs(room: Room) -> None:
    confirm(room, enter(room, "against", "silent", "recused"))
    verdict = Poll.objects.get().verdict
    assert [verdict[name] for name in ("against", "silent", "recused", "present")] == [1, 1, 1, 3]
    assert list(Ballot.objects.values_list("choice", "cast_by")) == [("against", room.cast.clerk.pk)]


def test_too_few_present_on_the_sheet_is_no_quorum(room: Room) -> None:
    confirm(room, enter(room, "for", "absent", "absent"))
    assert Poll.objects.get().verdict["outcome"] == "no_quorum"


def test_who_entered_it_does_not_confirm_it_and_a_change_needs_a_new_look(room: Room) -> None:
    first = enter(room, "for", "for", "against")
    own = lambda: room.do("confirm_roll_call", item_id=room.item.pk, digest=first)  # noqa: E731  # two words
    assert refusal(own) == ("second_person", 403)
    second = enter(room, "for", "against", "against")
    assert refusal(lambda: confirm(room, first)) == ("roll_changed", 409)
    assert not Poll.objects.exists()
    confirm(room, second)
    assert Poll.objects.get().verdict["in_favour"] == 1
    assert refusal(lambda: confirm(room, second)) == ("no_roll_call", 409)


def test_the_database_itself_wants_two_people(room: Room) -> None:
    enter(room, "for", "for", "for")
    row = RollCall.objects.get()
    confirm(room, row.digest)
    alone = RollCall.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        alone.update(confirmed_by=row.entered_by)


def test_what_was_entered_can_be_thrown_away_and_the_log_keeps_it(room: Room) -> None:
    enter(room, "for", "for", "for")
    room.do("discard_roll_call", item_id=room.item.pk)
    assert not RollCall.objects.exists()
    kinds = list(LiveEvent.objects.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == ["rollcall.discarded", "rollcall.entered"]


def test_refused_while_a_vote_on_the_item_is_open(room: Room) -> None:
    digest = enter(room, "for", "for", "for")
    poll = room.open_poll()
    assert refusal(lambda: enter(room, "for", "for", "for")) == ("poll_open", 409)
    assert refusal(lambda: confirm(room, digest)) == ("poll_open", 409)
    room.do("cancel_poll", poll_id=poll)
    confirm(room, digest)


def test_bad_sheets_are_refused_in_words(room: Room) -> None:
    item, now = room.item.pk, clock.now()
    full = answers(room, "for", "for", "for")
    act = lambda **words: refusal(lambda: room.do("enter_roll_call", item_id=item, **words))  # noqa: E731
    assert act(answers=dict(list(full.items())[:2]), held_at=now) == ("roll_incomplete", 422)
    assert act(answers={**full, 0: "for"}, held_at=now) == ("roll_incomplete", 422)
    assert act(answers=dict.fromkeys(full, "maybe"), held_at=now) == ("unknown_answer", 422)
    for at in (now - timedelta(days=1), now + timedelta(hours=1)):
        assert act(answers=full, held_at=at) == ("held_outside", 422)
    by_member = lambda: room.do(  # noqa: E731  # two words
        "enter_roll_call", room.cast.member, item_id=item, answers=full, held_at=now
    )
    assert refusal(by_member) == ("denied", 403)
    other = lambda: room.do("enter_roll_call", item_id=room.other.pk, answers=full, held_at=now)  # noqa: E731
    assert refusal(other) == ("item_not_votable", 409)


def test_after_the_adjournment_it_decides_by_when_it_was_held(room: Room) -> None:
    held_at = clock.now()
    poll = room.open_poll()
    live.cast_ballot(
        actor=room.cast.member, meeting_id=room.meeting.pk, poll_id=poll, choice="against", key="k"
    )
    room.do("close_poll", poll_id=poll)
    room.do("adjourn")
    confirm(room, enter(room, "for", "for", "for", held_at=held_at))
    # The vote in the room came later: it still decides.
    assert adopted_poll(room.item) is None
    outcome = live_state(room.meeting, "member")["programme"][0]["outcome"]
    assert outcome is not None
    assert (outcome["poll_id"], outcome["adopted"]) == (poll, False)


def test_the_archive_names_both_people(room: Room) -> None:
    confirm(room, enter(room, "for", "for", "for"))
    words = {"type": DecisionType.RESOLUTION, "abstract": "Về nhà ở", "content": "Điều 1."}
    made = decisions.prepare(actor=room.cast.clerk, item=room.item, **words)
    assert made.poll == Poll.objects.get()
    from ecabinet.common import blobs

    vote = next(row for row in outcome_files(made) if row.path == "data/vote.json")
    kept = blobs.path_of(vote.sha256).read_text()
    assert '"confirmed_by":"Chair"' in kept
    assert '"mode":"roll_call"' in kept
