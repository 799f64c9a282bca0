"""The course of a meeting on a screen: who may see it, and what each step says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from frontend.queries.replay import WORDS, replay
from meetings.actions import live
from meetings.rules.replay import STEPS
from tests.cast import client
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    """A sitting of eleven events, not over yet."""
    room = Room(tmp_path)
    room.begin()
    request = room.ask(room.cast.member)
    room.do("give_floor", request_id=request, minutes=2)
    room.do("end_floor", request_id=request)
    poll = room.open_poll()
    live.cast_ballot(
        actor=room.cast.chair, meeting_id=room.meeting.pk, poll_id=poll, choice="against", key="k"
    )
    room.do("close_poll", poll_id=poll)
    room.do("record_conclusion", item_id=room.item.pk, text="Giao Bộ Y tế hoàn thiện.")
    return room


def page(room: Room, query: str = "") -> str:
    answer = client(room.cast.member).get(f"/meetings/{room.meeting.pk}/replay/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_members_see_it_once_it_is_over_the_desk_at_any_time(room: Room) -> None:
    address = f"/meetings/{room.meeting.pk}/replay/"
    assert client(room.cast.member).get(address).status_code == 404
    assert client(room.cast.clerk).get(address).status_code == 200
    room.do("adjourn")
    assert client(room.cast.member).get(address).status_code == 200
    assert client(room.cast.outsider).get(address).status_code == 404


def test_every_kind_of_event_has_its_sentence() -> None:
    assert set(WORDS) == set(STEPS)


def test_each_step_shows_the_room_as_it_was(room: Room) -> None:
    room.do("adjourn")
    with translation.override("en"):
        told = replay(room.meeting, room.cast.member, None)
        assert [line.words for line in told.lines] == [
            "The meeting begins",
            "Present: Chair",
            "Present: Member",
            "Present: Second",
            "Called: 1. Dự thảo Nghị quyết",
            "Member asks to speak",
            "Member has the floor for 2\N{NO-BREAK SPACE}minutes",
            "Member has finished",
            "The vote is open on: 1. Dự thảo Nghị quyết",
            "The vote is closed, not adopted: 1. Dự thảo Nghị quyết",
            "Conclusion recorded on: 1. Dự thảo Nghị quyết",
            "The sitting is closed",
        ]
        assert told.lines[9].note == "2 of 3 members needed; 0 in favour: not adopted."
        speaking = replay(room.meeting, room.cast.member, 7)
    assert speaking.state["floor"]["speaker"] is not None
    assert speaking.state["floor"]["speaker"]["name"] == "Member"
    assert speaking.seats == ()
    voted = replay(room.meeting, room.cast.member, 10)
    assert sorted(seat.state for seat in voted.seats) == ["against", "wait", "wait"]
    assert voted.seats[1].name == "Chair"


def test_the_page_works_by_its_address_alone(room: Room) -> None:
    room.do("adjourn")
    assert "Giao Bộ Y tế hoàn thiện." in page(room, "?seq=11")
    before = page(room, "?seq=0")
    assert 'href="?seq=1"' in before
    assert "seq=-1" not in before
    last = page(room)
    assert 'href="?seq=11"' in last
    assert 'href="?seq=13"' not in last
    for odd in ("?seq=99", "?seq=x", "?seq=-4", "?seq=%C2%B2", "?seq=99999999999999999999"):
        assert 'max="12" value="12"' in page(room, odd)
