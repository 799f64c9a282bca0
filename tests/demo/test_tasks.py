"""Members of the demo without a role card vote by themselves; nobody else does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.demo import tasks
from ecabinet.demo.cards import CARDS, DOMAIN
from tests.meetings.live_room import Room
from voting.models import Ballot

pytestmark = pytest.mark.django_db(transaction=True)


def move(user: User, address: str) -> None:
    User.objects.filter(pk=user.pk).update(email=address)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Second is one of the demo's people without a card, member has one, the chair is of the site."""
    made = Room(tmp_path)
    move(made.cast.second, f"khong-the@{DOMAIN}")
    move(made.cast.member, CARDS[1].email)
    made.begin()
    return made


def voters(poll: int) -> list[User]:
    return [ballot.cast_by for ballot in Ballot.objects.filter(poll=poll)]


def test_only_those_vote_whose_seat_nobody_can_take_and_once(room: Room) -> None:
    poll = room.open_poll()
    tasks.tick()
    assert voters(poll) == []  # they are still thinking
    with clock.starting_at(clock.now() + tasks.THINKING + timedelta(seconds=1)):
        tasks.tick()
        tasks.tick()
    assert voters(poll) == [room.cast.second]


def test_a_closed_poll_is_left_alone(room: Room) -> None:
    poll = room.open_poll()
    room.do("close_poll", poll_id=poll)
    with clock.starting_at(clock.now() + tasks.THINKING + timedelta(seconds=1)):
        tasks.tick()
    assert voters(poll) == []
