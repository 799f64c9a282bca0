"""The pages of the room: who may open which, and what stands in them before a script runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ecabinet.accounts.models import User
from meetings.actions import distribution, live
from meetings.models import Meeting
from tests import cast as casting
from tests.cast import Cast, client


@pytest.fixture
def room(cast: Cast, tmp_path: Path) -> Meeting:
    """In session, with its one item on the table and everybody present."""
    meeting = casting.meeting(cast, days=0)
    item = casting.item(cast, meeting)
    casting.complete(cast, item, tmp_path)
    distribution.distribute(actor=cast.clerk, meeting=meeting, note="Họp gấp.")
    for member in (cast.chair, cast.member, cast.second):
        live.set_presence(actor=member, meeting_id=meeting.pk, presence="present")
    live.start(actor=cast.clerk, meeting_id=meeting.pk)
    live.call_item(actor=cast.clerk, meeting_id=meeting.pk, item_id=item.pk)
    return meeting


def config(user: User, path: str) -> dict[str, Any]:
    page = client(user).get(path)
    assert page.status_code == 200
    found = re.search(
        r'<script id="live-config" type="application/json">(.*?)</script>', page.content.decode(), re.DOTALL
    )
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_each_page_carries_the_state_of_its_audience(cast: Cast, room: Meeting) -> None:
    places = [
        (cast.member, "live", "member"),
        (cast.clerk, "desk", "desk"),
        (cast.clerk, "wall", "projector"),
    ]
    for user, place, audience in places:
        data = config(user, f"/meetings/{room.pk}/{place}/")
        assert data["audience"] == data["frame"]["state"]["audience"] == audience
        assert data["frame"]["state"]["current"]["title"] == "Dự thảo Nghị quyết"


def test_only_the_wall_carries_nothing_personal(cast: Cast, room: Meeting) -> None:
    assert config(cast.member, f"/meetings/{room.pk}/live/")["me"]["mandate"]["name"] == "Member"
    assert config(cast.member, f"/meetings/{room.pk}/wall/")["me"] is None


def test_who_does_not_vote_looks_on(cast: Cast, room: Meeting) -> None:
    assert config(cast.clerk, f"/meetings/{room.pk}/live/")["audience"] == "observer"


def test_the_item_stands_in_the_page_without_a_script(cast: Cast, room: Meeting) -> None:
    page = client(cast.member).get(f"/meetings/{room.pk}/live/").content.decode()
    shown = page.partition("<ec-live-room>")[2]
    assert '<h1 class="official">Dự thảo Nghị quyết</h1>' in shown
    assert "<b>3/3</b>" in shown
    assert re.search(r'href="/papers/\d+/"', shown)


@pytest.mark.parametrize("place", ["live", "desk", "wall"])
def test_an_outsider_finds_no_room(cast: Cast, room: Meeting, place: str) -> None:
    assert client(cast.outsider).get(f"/meetings/{room.pk}/{place}/").status_code == 404


def test_the_desk_is_closed_to_members(cast: Cast, room: Meeting) -> None:
    assert client(cast.member).get(f"/meetings/{room.pk}/desk/").status_code == 403
    assert client(cast.chair).get(f"/meetings/{room.pk}/desk/").status_code == 200


@pytest.mark.parametrize("place", ["live", "desk", "wall"])
def test_rooms_are_read_only_pages(cast: Cast, room: Meeting, place: str) -> None:
    assert client(cast.clerk).post(f"/meetings/{room.pk}/{place}/").status_code == 405
