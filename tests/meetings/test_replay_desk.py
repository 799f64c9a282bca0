"""Consent list, recusals and reopened items in the replay and in the minutes' facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from meetings.minutes_facts import minutes_facts
from meetings.minutes_text import minutes_text
from meetings.models import AgendaItem
from tests import cast as casting
from tests.meetings.live_room import Room
from tests.meetings.test_replay import Witness

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    room = Room(tmp_path)
    for title in ("Nội dung thông qua", "Nội dung tách ra"):
        made = casting.item(room.cast, room.meeting, title)
        AgendaItem.objects.filter(pk=made.pk).update(consent=True)
    return room


def listed(room: Room) -> list[int]:
    return list(room.meeting.items.filter(consent=True).order_by("sort_order").values_list("pk", flat=True))


def hold(room: Room) -> Witness:
    watched, cast = Witness(room), room.cast
    adopted, pulled = listed(room)
    for user in (cast.chair, cast.member, cast.second):
        watched.do("set_presence", user, presence="present")
    watched.do("start")
    watched.do("pull_item", cast.member, item_id=pulled)
    watched.do("adopt_consent", item_ids=[adopted])
    watched.do("declare_recusal", cast.second, item_id=room.item.pk, reason="conflict", note="Người thân")
    watched.do("declare_recusal", cast.member, item_id=room.item.pk, reason="conflict")
    watched.do("take_back_recusal", cast.member, item_id=room.item.pk)
    watched.do("call_item", item_id=room.item.pk)
    watched.do("end_item", item_id=room.item.pk)
    watched.do("reopen_item", item_id=room.item.pk, reason="Sai sót")
    watched.do("call_item", item_id=room.item.pk)
    watched.do("adjourn")
    return watched


def test_the_desk_s_events_are_told_again(room: Room) -> None:
    hold(room).compare()


def test_they_stand_in_the_minutes(room: Room) -> None:
    hold(room)
    room.meeting.refresh_from_db()
    facts: Any = minutes_facts(room.meeting)
    items = {item["item"]: item for item in facts["items"]}
    adopted, pulled = (items[pk] for pk in listed(room))
    assert adopted["adopted_in_block_at"]
    assert pulled["adopted_in_block_at"] is None
    item = items[room.item.pk]
    assert [(row["name"], row["reason"], row["note"]) for row in item["recusals"]] == [
        ("Second", "conflict", "Người thân")
    ]
    assert [row["reason"] for row in item["reopened"]] == ["Sai sót"]
    assert len(item["on_table"]) == 2
    text = {row.item: row for row in minutes_text(facts, {}).items}
    assert text[listed(room)[0]].adopted_in_block
    assert text[room.item.pk].recusals[0].name == "Second"
