"""The list of speakers: points of order first, substitutes of the absent, speaking times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecabinet.common import clock
from meetings.live_types import LiveState
from meetings.models import FloorRequest
from meetings.projection import live_state
from tests.meetings.live_room import Room
from tests.meetings.test_live_commands import refusal

pytestmark = pytest.mark.django_db


def seat(room: Room, user: object) -> int:
    return int(room.cast.body.memberships.get(user=user).pk)


def desk(room: Room) -> LiveState:
    return live_state(room.meeting, "desk")


def test_points_of_order_go_first_and_each_kind_by_time(room: Room) -> None:
    chair, member, second = room.cast.chair, room.cast.member, room.cast.second
    room.ask(member)
    room.ask(chair)
    room.do("request_floor", second, kind="point_of_order")
    room.do("request_floor", member, kind="point_of_order")
    queue = desk(room)["floor"]["queue"]
    assert [(row["name"], row["kind"]) for row in queue] == [
        ("Second", "point_of_order"),
        ("Member", "point_of_order"),
        ("Member", "request"),
        ("Chair", "request"),
    ]
    again = lambda: room.do("request_floor", second, kind="point_of_order")  # noqa: E731  # two words
    assert refusal(again) == ("already_asked", 409)
    room.do("withdraw_request", member, kind="point_of_order")
    assert [row["name"] for row in desk(room)["floor"]["queue"]] == ["Second", "Member", "Chair"]
    assert refusal(lambda: room.do("request_floor", second, kind="shout")) == ("unknown_kind", 422)


def test_the_substitute_of_an_absent_member_speaks_by_the_desks_hand_and_never_votes(room: Room) -> None:
    member = seat(room, room.cast.member)
    words = {"presence": "absent", "reason": "Công tác", "substitute": "Thứ trưởng An"}
    room.do("set_presence", membership_ids=[member], **words)
    assert refusal(lambda: room.ask(room.cast.member)) == ("not_present", 409)
    asked = room.do("request_floor", membership_id=member).body
    assert asked["substitute"] == "Thứ trưởng An"
    room.do("give_floor", request_id=asked["request"])
    speaker = live_state(room.meeting, "projector")["floor"]["speaker"]
    assert speaker is not None
    assert (speaker["name"], speaker["in_place_of"]) == ("Thứ trưởng An", "Member")
    room.do("open_poll", item_id=room.item.pk)
    poll = desk(room)["poll"]
    assert poll is not None
    assert (poll["electors"], poll["expected"]) == (3, 2)


def test_the_desk_asks_for_who_is_here_and_not_for_who_is_away_without_substitute(room: Room) -> None:
    second = seat(room, room.cast.second)
    room.do("request_floor", membership_id=second)
    assert desk(room)["floor"]["queue"][0]["in_place_of"] == ""
    other = lambda: room.do("request_floor", room.cast.member, membership_id=second)  # noqa: E731  # two words
    assert refusal(other) == ("denied", 403)
    room.do("set_presence", room.cast.member, presence="absent")
    member = seat(room, room.cast.member)
    assert refusal(lambda: room.do("request_floor", membership_id=member)) == ("nobody_to_speak", 409)
    assert refusal(lambda: room.do("request_floor", membership_id=0)) == ("member_not_found", 404)


def test_finished_speeches_are_told_to_the_desk_with_item_and_time(room: Room) -> None:
    asked = room.ask(room.cast.member)
    room.do("give_floor", request_id=asked)
    assert desk(room)["desk"]["speeches"] == []  # type: ignore[index]
    room.do("end_floor", request_id=asked)
    began = clock.now() - timedelta(minutes=3)
    FloorRequest.objects.filter(pk=asked).update(given_at=began, ended_at=began + timedelta(seconds=95))
    told = desk(room)["desk"]["speeches"]  # type: ignore[index]
    assert [(row["item_id"], row["membership_id"], row["seconds"]) for row in told] == [
        (room.item.pk, seat(room, room.cast.member), 95)
    ]
    assert live_state(room.meeting, "member")["desk"] is None
