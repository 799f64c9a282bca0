"""The consent list: one gavel for what nobody pulled, and what was adopted counts like a vote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connections

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import decisions
from meetings.actions.positions import state_position
from meetings.enums import DecisionType, Stance
from meetings.models import AgendaItem, ConsentAdoption, ConsentPull, LiveEvent, Membership
from meetings.projection import live_state
from meetings.queries.decisions import basis_of
from tests.meetings.live_room import Room
from tests.meetings.test_live_commands import refusal
from tests.races import at_once

pytestmark = pytest.mark.django_db


def listed(folder: Path) -> Room:
    """A room with both items on the consent list, everybody present, nothing called."""
    room = Room(folder)
    room.meeting.items.update(consent=True)
    room.do("start")
    room.check_in()
    return room


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    return listed(tmp_path)


def seat(room: Room, user: User) -> Membership:
    return room.cast.body.memberships.get(user=user)


def block(room: Room) -> list[int]:
    return [row["id"] for row in live_state(room.meeting, "desk")["programme"] if row["marks"]["in_block"]]


def adopt(room: Room, *items: AgendaItem) -> LiveEvent:
    return room.do("adopt_consent", item_ids=[item.pk for item in items])


def test_one_gavel_adopts_all_that_nobody_pulled(room: Room) -> None:
    assert block(room) == [room.item.pk, room.other.pk]
    event = adopt(room, room.item, room.other)
    draft = room.item.dossier.documents.get(role="draft").versions.get().sha256
    assert event.kind == "consent.adopted"
    assert event.body["items"] == [
        {"item": room.item.pk, "text_sha256": draft},
        {"item": room.other.pk, "text_sha256": ""},
    ]
    lines = live_state(room.meeting, "member")["programme"]
    assert [line["state"] for line in lines] == ["done", "done"]
    assert all(line["marks"]["adopted_at"] == line["ended_at"] for line in lines)
    entry = LedgerEntry.objects.get(act="item.adopted", subject=f"item:{room.item.pk}")
    assert json.loads(entry.body)["digest"] == draft
    assert refusal(lambda: adopt(room, room.item)) == ("consent_empty", 409)


def test_what_was_adopted_in_the_block_is_ready_for_a_decision_until_a_vote_replaces_it(room: Room) -> None:
    adopt(room, room.item, room.other)
    words = {"type": DecisionType.RESOLUTION, "abstract": "Về nhà ở", "content": "Điều 1."}
    made = decisions.prepare(actor=room.cast.clerk, item=room.item, **words)
    adoption = ConsentAdoption.objects.get(item=room.item)
    assert (made.adoption, made.poll) == (adoption, None)
    assert decisions.prepare(actor=room.cast.clerk, item=room.item, **words) == made
    room.do("reopen_item", item_id=room.item.pk, reason="Có thông tin mới")
    assert basis_of(room.item) == adoption
    room.do("call_item", item_id=room.item.pk)
    poll = room.open_poll()
    assert basis_of(room.item) == adoption
    room.do("close_poll", poll_id=poll)
    assert basis_of(room.item) is None


def test_any_voting_member_pulls_an_item_and_it_is_dealt_with_like_any_other(room: Room) -> None:
    room.do("pull_item", room.cast.member, item_id=room.item.pk)
    assert block(room) == [room.other.pk]
    marks = live_state(room.meeting, "member")["programme"][0]["marks"]
    own = {"membership_id": seat(room, room.cast.member).pk, "name": "Member", "stance": ""}
    assert marks["pulled_by"] == [own]
    again = lambda: room.do("pull_item", room.cast.second, item_id=room.item.pk)  # noqa: E731  # two words
    assert refusal(again) == ("already_pulled", 409)
    adopt(room, room.other)
    late = lambda: room.do("pull_item", room.cast.second, item_id=room.other.pk)  # noqa: E731  # two words
    assert refusal(late) == ("not_on_consent_list", 409)
    room.do("call_item", item_id=room.item.pk)
    assert room.open_poll()


def test_an_item_is_pulled_before_the_meeting_and_by_the_desk_for_a_member(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.meeting.items.update(consent=True)
    room.do("pull_item", room.cast.second, item_id=room.item.pk)
    member = seat(room, room.cast.member).pk
    room.do("pull_item", item_id=room.other.pk, membership_id=member)
    assert ConsentPull.objects.get(item=room.other).membership_id == member
    assert block(room) == []


def test_who_may_not_pull_for_whom(room: Room) -> None:
    item, other = room.item.pk, seat(room, room.cast.second).pk
    assert refusal(lambda: room.do("pull_item", item_id=item)) == ("no_mandate", 403)
    for_other = lambda: room.do("pull_item", room.cast.member, item_id=item, membership_id=other)  # noqa: E731
    assert refusal(for_other) == ("denied", 403)
    assert refusal(lambda: room.do("pull_item", item_id=item, membership_id=0)) == ("member_not_found", 404)
    assert refusal(lambda: room.do("pull_item", room.cast.outsider, item_id=item)) == (
        "meeting_not_found",
        404,
    )
    assert refusal(lambda: room.do("adopt_consent", room.cast.member, item_ids=[item])) == ("denied", 403)
    room.do("adjourn")
    assert refusal(lambda: room.do("pull_item", room.cast.member, item_id=item)) == ("meeting_not_open", 409)


@pytest.mark.parametrize(("pulls", "left"), [(True, 1), (False, 2)])
@pytest.mark.parametrize("stance", [Stance.OBJECT, Stance.SPEAK])
def test_a_position_stated_beforehand_pulls_where_the_body_says_so(
    room: Room, stance: Stance, pulls: bool, left: int
) -> None:
    room.cast.body.positions_pull = pulls
    room.cast.body.save()
    state_position(actor=room.cast.member, item=room.item, stance=stance, comment="Chưa rõ.")
    assert len(block(room)) == left
    # Where it does not pull, the desk sees it all the same.
    assert live_state(room.meeting, "desk")["programme"][0]["marks"]["against"] == 1


def test_an_agreeing_position_pulls_nothing(room: Room) -> None:
    state_position(actor=room.cast.member, item=room.item, stance=Stance.AGREE)
    assert len(block(room)) == 2


def test_the_gavel_needs_the_list_as_read_out_the_quorum_and_no_open_vote(room: Room) -> None:
    room.do("pull_item", room.cast.member, item_id=room.other.pk)
    assert refusal(lambda: adopt(room, room.item, room.other)) == ("consent_changed", 409)
    for user in (room.cast.member, room.cast.second):
        room.do("set_presence", user, presence="absent")
    assert refusal(lambda: adopt(room, room.item)) == ("no_quorum", 409)
    room.check_in()
    room.do("call_item", item_id=room.other.pk)
    AgendaItem.objects.filter(pk=room.other.pk).update(kind="decision")
    room.do("open_poll", item_id=room.other.pk)
    assert refusal(lambda: adopt(room, room.item)) == ("poll_open", 409)
    assert not ConsentAdoption.objects.exists()


def test_an_item_that_was_called_once_is_no_longer_on_the_list(room: Room) -> None:
    room.do("call_item", item_id=room.item.pk)
    room.do("postpone_item", item_id=room.item.pk)
    room.do("reopen_item", item_id=room.item.pk, reason="Đủ thời gian")
    assert block(room) == [room.other.pk]


def test_reopening_needs_a_reason_and_an_item_that_is_over(room: Room) -> None:
    item = {"item_id": room.item.pk}
    assert refusal(lambda: room.do("reopen_item", **item, reason="x")) == ("item_not_over", 409)
    room.do("call_item", **item)
    room.do("end_item", **item)
    assert refusal(lambda: room.do("reopen_item", **item, reason="  ")) == ("reason_missing", 422)
    assert refusal(lambda: room.do("reopen_item", room.cast.member, **item, reason="x")) == ("denied", 403)
    event = room.do("reopen_item", **item, reason=" Có thông tin mới ")
    assert event.body == {"item": room.item.pk, "reason": "Có thông tin mới"}
    line = live_state(room.meeting, "projector")["programme"][0]
    assert (line["state"], line["ended_at"]) == ("waiting", None)
    assert line["marks"]["reopened"] is not None
    assert line["marks"]["reopened"]["reason"] == "Có thông tin mới"
    room.do("call_item", **item)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(4))
def test_a_pull_and_the_gavel_never_both_get_the_item(
    run: int, transactional_db: None, tmp_path: Path
) -> None:
    room = listed(tmp_path)
    actions = [
        lambda: adopt(room, room.item, room.other),
        lambda: room.do("pull_item", room.cast.member, item_id=room.item.pk),
        lambda: state_position(
            actor=room.cast.second, item=AgendaItem.objects.get(pk=room.other.pk), stance=Stance.SPEAK
        ),
    ]

    def outcome(place: int) -> str:
        try:
            actions[place]()
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    gavel, pull, speak = at_once(outcome, 3)
    adopted = set(ConsentAdoption.objects.values_list("item", flat=True))
    if gavel == "done":
        assert adopted == {room.item.pk, room.other.pk}
        assert (pull, speak) == ("not_on_consent_list", "positions_closed")
        assert not ConsentPull.objects.exists()
    else:
        assert gavel in ("consent_changed", "consent_empty")
        assert adopted == set()
        assert "done" in (pull, speak)
