"""The presenter's page: in everybody's state at once, in no log, gone with the item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from meetings import snapshots
from meetings.actions import live
from meetings.mine import me
from meetings.models import AgendaItem, LiveEvent
from meetings.projection import live_state
from meetings.queries.live import head_of
from meetings.snapshots import frame_of
from tests import cast as casting
from tests.meetings.live_room import Room
from tests.meetings.test_live_commands import refusal

pytestmark = pytest.mark.django_db
STEP_UP: Any = {"fresh": True, "url": ""}


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    snapshots._newest.clear()  # ids come again when a test's rows are rolled back
    made = Room(tmp_path)
    made.begin()
    AgendaItem.objects.filter(pk=made.item.pk).update(rapporteur=made.cast.member)
    return made


def version(room: Room) -> int:
    return int(room.item.dossier.documents.get(role="draft").versions.get().pk)


def present(room: Room, user: Any = None, **words: Any) -> None:
    live.present_page(actor=user or room.cast.clerk, meeting_id=room.meeting.pk, **words)


def test_a_turned_page_is_a_newer_state_and_no_event(room: Room) -> None:
    events, before = LiveEvent.objects.count(), head_of(room.meeting.pk)
    present(room, room.cast.member, version_id=version(room), page=2)
    after, frame = frame_of(room.meeting.pk, "member")
    assert before is not None
    assert (after > before, after.seq, after.pages) == (True, before.seq, 1)
    shown = json.loads(frame)
    assert shown["pages"] == 1
    assert shown["state"]["presenter"] == {
        "version_id": version(room),
        "page": 2,
        "name": "Member",
        "turns": 1,
    }
    assert LiveEvent.objects.count() == events
    assert live_state(room.meeting, "projector")["presenter"] is None


def test_the_last_page_counts_and_the_end_is_told(room: Room) -> None:
    for page in (1, 2, 1):
        present(room, version_id=version(room), page=page)
    shown = live_state(room.meeting, "observer")["presenter"]
    assert shown is not None
    assert (shown["page"], shown["turns"], shown["name"]) == (1, 3, "Clerk")
    present(room, version_id=None)
    assert live_state(room.meeting, "member")["presenter"] is None
    assert frame_of(room.meeting.pk, "member")[0].pages == 4


def test_it_ends_with_the_item(room: Room) -> None:
    present(room, version_id=version(room))
    room.do("call_item", item_id=room.other.pk)
    assert live_state(room.meeting, "member")["presenter"] is None
    assert refusal(lambda: present(room, version_id=version(room))) == ("paper_not_found", 404)


def test_who_may_turn_pages_and_which(room: Room) -> None:
    paper, cast = version(room), room.cast
    assert refusal(lambda: present(room, cast.second, version_id=paper)) == ("denied", 403)
    assert refusal(lambda: present(room, cast.outsider, version_id=paper)) == ("meeting_not_found", 404)
    assert refusal(lambda: present(room, version_id=paper, page=3)) == ("page_not_found", 422)
    assert refusal(lambda: present(room, version_id=0)) == ("paper_not_found", 404)
    assert me(cast.member, room.meeting, STEP_UP)["may_present"]
    assert not me(cast.second, room.meeting, STEP_UP)["may_present"]
    room.do("end_item", item_id=room.item.pk)
    assert refusal(lambda: present(room, version_id=paper)) == ("no_current_item", 409)


def test_pages_are_turned_over_http(room: Room) -> None:
    browser, url = casting.client(room.cast.member), f"/api/v1/meetings/{room.meeting.pk}"
    answer = browser.post(f"{url}/present", {"version_id": version(room), "page": 2}, "application/json")
    assert answer.json() == {"turns": 1}
    tag = browser.get(f"{url}/state")["ETag"]
    assert browser.get(f"{url}/state", headers={"If-None-Match": tag}).status_code == 304
    browser.post(f"{url}/present", {"version_id": version(room), "page": 1}, "application/json")
    assert browser.get(f"{url}/state", headers={"If-None-Match": tag}).status_code == 200
