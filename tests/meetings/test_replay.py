"""Replay and projection agree after every event, in sittings written down and in sittings made up."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import meetings.actions.live
from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from meetings.actions import live
from meetings.enums import ItemKind, MeetingState, Presence
from meetings.live_types import Audience
from meetings.models import FloorRequest, LiveEvent, Proxy
from meetings.projection import live_state
from meetings.replay import log_of, logged, past
from meetings.rules.polls import Amendment, Option
from meetings.rules.replay import STEPS, Event, Unreplayable, sittings
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.enums import PollState
from voting.models import Poll

pytestmark = pytest.mark.django_db
AUDIENCES: tuple[Audience, ...] = ("desk", "projector")


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    return Room(tmp_path)


class Witness:
    """Looks at the screens after every event and keeps what they show."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.seen: list[dict[Audience, dict[str, Any]]] = []
        self.look()

    def look(self) -> None:
        self.seen.append({audience: self.shown(audience) for audience in AUDIENCES})

    def shown(self, audience: Audience) -> dict[str, Any]:
        return logged(live_state(self.room.meeting, audience))

    def do(self, name: str, actor: User | None = None, **words: Any) -> LiveEvent:
        event = self.room.do(name, actor, **words)
        self.look()
        return event

    def compare(self) -> None:
        told = past(self.room.meeting.pk)
        assert len(self.seen) == len(told.events) + 1
        for audience in AUDIENCES:
            for before, state in zip(self.seen, told.states(audience), strict=True):
                assert logged(state) == before[audience]


def test_a_sitting_is_told_again_as_it_was_seen(room: Room) -> None:
    watched, cast = Witness(room), room.cast
    seat = cast.body.memberships.get(user=cast.second).pk
    watched.do("start")
    for user in (cast.chair, cast.member):
        watched.do("set_presence", user, presence="present")
    watched.do("set_presence", presence="absent", membership_ids=[seat], reason="Ốm", substitute="Bà Lan")
    watched.do("call_item", item_id=room.item.pk)
    first = watched.do("request_floor", cast.member).body["request"]
    second = watched.do("request_floor", cast.chair).body["request"]
    watched.do("give_floor", request_id=first, minutes=2)
    watched.do("extend_floor", request_id=first)
    watched.do("give_floor", request_id=second)
    watched.do("end_floor", cast.chair, request_id=second)
    withdrawn = watched.do("open_poll", item_id=room.item.pk).body["poll"]
    watched.do("cancel_poll", poll_id=withdrawn, reason="Nhầm câu hỏi")
    poll = watched.do("open_poll", item_id=room.item.pk).body["poll"]
    for user in (cast.chair, cast.member):
        live.cast_ballot(actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k")
    watched.do("close_poll", poll_id=poll)
    watched.do("record_conclusion", item_id=room.item.pk, text="Thống nhất.")
    watched.do("set_presence", cast.second, presence="remote")
    watched.do("request_floor", cast.second)
    watched.do("withdraw_request", cast.second)
    watched.do("end_item", item_id=room.item.pk)
    watched.do("call_item", item_id=room.other.pk)
    watched.do("postpone_item", item_id=room.other.pk, reason="Chờ ý kiến")
    watched.do("adjourn")
    watched.compare()
    state = past(room.meeting.pk).at(11)
    assert state.floor[0].state == "spoken"
    assert next(iter(past(room.meeting.pk).states("desk")))["seq"] == 0


class Driver:
    """Does what comes to mind, allowed or not, from a seed."""

    def __init__(self, watched: Witness, seed: int) -> None:
        self.watched, self.room, self.random = watched, watched.room, Random(seed)  # noqa: S311 - not a secret

    def run(self, steps: int) -> None:
        for act in self.acts(steps):
            try:
                act()
            except DomainError:
                assert len(self.watched.seen) == LiveEvent.objects.count() + 1

    def acts(self, steps: int) -> Iterator[Callable[[], object]]:
        wishes = ("request", "request", "request", "give", "give", "extend", "end", "remove", "withdraw")
        polls = ("open", "open", "vote", "vote", "vote", "close", "close", "cancel")
        kinds = ("amend", "options", "again", "again", "proxy", "proxy", "revoke")
        run = ("presence", "presence", "call", "call", "end_item", "postpone", "conclude")
        names = (*run, *wishes, *polls, *kinds)
        for place in range(steps):
            name = "start" if place == 4 else self.random.choice(names)
            yield getattr(self, f"act_{name}")
        yield self.act_adjourn

    @property
    def anyone(self) -> User:
        cast = self.room.cast
        return self.random.choice((cast.chair, cast.member, cast.second))

    @property
    def item(self) -> int:
        return self.random.choice(list(self.room.meeting.items.values_list("pk", flat=True)))

    @property
    def wish(self) -> int:
        return self.random.choice([0, *FloorRequest.objects.values_list("pk", flat=True)])

    @property
    def poll(self) -> int:
        return Poll.objects.filter(state=PollState.OPEN).values_list("pk", flat=True).first() or 0

    def act_start(self) -> None:
        self.watched.do("start")

    def act_adjourn(self) -> None:
        self.watched.do("adjourn")

    def act_presence(self) -> None:
        # Most are there, so that polls find their quorum.
        where = self.random.choice((*Presence.values, *(Presence.PRESENT, Presence.REMOTE) * 3))
        ids = self.room.cast.body.memberships.values_list("pk", flat=True)
        some = self.random.sample(list(ids), self.random.randint(1, len(ids)))
        words = {
            "reason": self.random.choice(("", "Công tác")),
            "substitute": self.random.choice(("", "Ông Hà")),
        }
        self.watched.do("set_presence", presence=where, membership_ids=some, **words)

    def act_call(self) -> None:
        self.watched.do("call_item", item_id=self.item)

    def act_end_item(self) -> None:
        self.watched.do("end_item", item_id=self.item)

    def act_postpone(self) -> None:
        self.watched.do("postpone_item", item_id=self.item, reason="Chờ ý kiến")

    def act_conclude(self) -> None:
        self.watched.do("record_conclusion", item_id=self.item, text=f"Kết luận {self.random.random()}")

    def act_request(self) -> None:
        self.watched.do("request_floor", self.anyone)

    def act_give(self) -> None:
        self.watched.do("give_floor", request_id=self.wish, minutes=self.random.choice((None, 1, 10)))

    def act_extend(self) -> None:
        self.watched.do("extend_floor", request_id=self.wish, minutes=self.random.choice((None, 3)))

    def act_end(self) -> None:
        self.watched.do("end_floor", self.anyone, request_id=self.wish)

    def act_remove(self) -> None:
        self.watched.do("remove_request", request_id=self.wish)

    def act_withdraw(self) -> None:
        self.watched.do("withdraw_request", self.anyone)

    def act_open(self) -> None:
        self.watched.do("open_poll", item_id=self.item)

    def act_amend(self) -> None:
        words = Amendment("Điều 1", f"Lời mới {self.random.random()}")
        self.watched.do("open_amendment", item_id=self.item, amendment=words)

    def act_options(self) -> None:
        sites = [Option("Đà Nẵng", "Da Nang"), Option("Huế")]
        self.watched.do("open_options", item_id=self.item, options=sites)

    def act_again(self) -> None:
        closed = Poll.objects.filter(state=PollState.CLOSED).order_by("pk").values_list("pk", flat=True)
        self.watched.do("open_revote", poll_id=self.random.choice([0, *closed]), reason="Đếm sai")

    def act_proxy(self) -> None:
        acting = self.random.choice(list(self.room.cast.body.memberships.values_list("pk", flat=True)))
        self.watched.do("give_proxy", self.anyone, acting=acting)

    def act_revoke(self) -> None:
        given = [0, *Proxy.objects.filter(revoked_at=None).order_by("pk").values_list("pk", flat=True)]
        self.watched.do("revoke_proxy", proxy_id=given[-1])

    def act_vote(self) -> None:
        choices, key = ("for", "against", "abstain", "option-1"), str(self.random.random())
        choice = self.random.choice(choices)
        live.cast_ballot(
            actor=self.anyone, meeting_id=self.room.meeting.pk, poll_id=self.poll, choice=choice, key=key
        )

    def act_close(self) -> None:
        self.watched.do("close_poll", self.room.cast.chair, poll_id=self.poll, chair_choice="for")

    def act_cancel(self) -> None:
        self.watched.do("cancel_poll", poll_id=self.poll)


@pytest.mark.parametrize("seed", range(5))
def test_replay_and_projection_agree_after_every_event(room: Room, seed: int) -> None:
    for title in ("Nội dung ba", "Nội dung bốn", "Nội dung năm", "Nội dung sáu"):
        casting.item(room.cast, room.meeting, title, ItemKind.DECISION)
    body = room.cast.body
    body.proxies, body.proxies_in_quorum, body.tally_while_open = 1, True, True
    body.save()
    watched = Witness(room)
    Driver(watched, seed).run(130)
    assert len(watched.seen) > 20
    watched.compare()


def test_every_kind_of_event_that_actions_write_can_be_replayed() -> None:
    folder = Path(meetings.actions.live.__file__).parent
    written = {kind for path in folder.glob("*.py") for kind in _kinds(path)}
    assert len(written) >= 14
    assert written - set(STEPS) == set(), "new kinds: add their step to meetings/rules/replay.py"


def _kinds(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Happening" and node.args:
            kind = ast.literal_eval(node.args[0])
            yield kind


@pytest.mark.parametrize(
    "log", [[(1, "meeting.dreamt")], [(2, "meeting.started")], [(1, "meeting.started"), (3, "item.ended")]]
)
def test_what_cannot_be_replayed_says_so(log: list[tuple[int, str]]) -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    with pytest.raises(Unreplayable):
        list(sittings(Event(seq, kind, {}, at) for seq, kind in log))


def test_the_log_is_read_in_order_and_the_command_judges_it(room: Room) -> None:
    room.begin()
    assert [event.seq for event in log_of(room.meeting.pk)] == [1, 2, 3, 4, 5]
    out = StringIO()
    call_command("replay", room.meeting.pk, stdout=out)
    assert "5" in out.getvalue()
    room.meeting.refresh_from_db()
    room.meeting.state = MeetingState.ADJOURNED
    room.meeting.save(update_fields=["state"])
    with pytest.raises(CommandError, match="meeting"):
        call_command("replay", room.meeting.pk, stdout=out)
    with pytest.raises(CommandError, match="no such meeting"):
        call_command("replay", 0, stdout=out)


def test_the_events_of_a_moment_bear_its_time(room: Room) -> None:
    room.begin()
    room.do("call_item", item_id=room.other.pk)
    event = log_of(room.meeting.pk)[-1]
    ended, called = (room.meeting.items.get(pk=pk) for pk in (room.item.pk, room.other.pk))
    assert ended.ended_at == called.started_at == event.at
