"""Forms of the programme: bring up an item of the consent list, take no part in one; what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecabinet.accounts.models import User
from meetings.actions import live
from meetings.models import Attendance, ConsentPull, Recusal
from tests import cast as casting
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    made = Room(tmp_path)
    made.meeting.items.update(consent=True)
    return made


def page(room: Room, user: User | None = None) -> str:
    browser = casting.client(user or room.cast.member)
    return browser.get(f"/meetings/{room.meeting.pk}/").content.decode()


def test_a_member_brings_up_an_item_from_the_programme(room: Room) -> None:
    address = f"/items/{room.item.pk}/pull/"
    assert address in page(room)
    answer = casting.client(room.cast.member).post(address)
    assert answer["Location"] == f"/meetings/{room.meeting.pk}/#item-{room.item.pk}"
    assert ConsentPull.objects.get().item == room.item
    assert address not in page(room)
    assert "Member" in page(room, room.cast.second)


def test_a_member_withdraws_and_takes_part_again(room: Room) -> None:
    browser, item = casting.client(room.cast.member), room.item.pk
    missing = browser.post(f"/items/{item}/recusal/", {"note": "x"})
    assert missing.status_code == 422
    assert (
        browser.post(f"/items/{item}/recusal/", {"reason": "conflict", "note": "Cổ đông"}).status_code == 302
    )
    assert Recusal.objects.get().note == "Cổ đông"
    assert "Cổ đông" in page(room)
    assert "Cổ đông" not in page(room, room.cast.second)
    assert browser.post(f"/items/{item}/recusal/end/").status_code == 302
    assert not Recusal.objects.exists()


def test_who_cannot_come_says_so_and_names_a_substitute(room: Room) -> None:
    browser, address = casting.client(room.cast.member), f"/meetings/{room.meeting.pk}/presence/"
    shown = page(room)
    # Four days ahead nobody is present yet.
    assert address in shown
    assert 'value="present"' not in shown
    words = {"presence": "absent", "reason": "Công tác", "substitute": "Thứ trưởng An"}
    assert browser.post(address, words).status_code == 302
    row = Attendance.objects.get()
    assert (row.presence, row.reason, row.substitute) == ("absent", "Công tác", "Thứ trưởng An")
    assert "Thứ trưởng An" in page(room)
    assert browser.post(address, {"presence": "expected"}).status_code == 302
    room.do("start")
    assert 'value="present"' in page(room)
    browser.post(address, {"presence": "present"})
    assert Attendance.objects.get().presence == "present"
    assert 'value="present"' not in page(room)
    assert address not in page(room, room.cast.clerk)


def test_nobody_without_a_vote_is_offered_either(room: Room) -> None:
    shown = page(room, room.cast.clerk)
    assert "/pull/" not in shown
    assert "/recusal/" not in shown


def test_the_programme_tells_what_was_adopted_and_what_was_reopened(room: Room) -> None:
    room.do("start")
    room.check_in()
    room.do("adopt_consent", item_ids=[room.item.pk, room.other.pk])
    shown = page(room)
    assert shown.count("Thông qua không thảo luận lúc") == 2
    live.reopen_item(
        actor=room.cast.clerk, meeting_id=room.meeting.pk, item_id=room.item.pk, reason="Có thông tin mới"
    )
    shown = page(room)
    assert "Có thông tin mới" in shown
    # What was decided stands until a new vote.
    assert shown.count("Thông qua không thảo luận lúc") == 2
