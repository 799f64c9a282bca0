"""Minutes on screens: who sees what when, words that are never lost, remarks in place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ecabinet.common import clock
from frontend.queries.today import today_of
from meetings.actions import bodies, live, minutes
from meetings.actions.distribution import distribute
from meetings.enums import ItemKind, MinutesState
from meetings.models import Minutes, MinutesComment
from tests import cast as casting
from tests.cast import client
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    """A meeting that is over: one item with a vote and a conclusion, one never called."""
    room = Room(tmp_path)
    room.begin()
    poll = room.open_poll()
    live.cast_ballot(actor=room.cast.chair, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k")
    room.do("close_poll", poll_id=poll)
    room.do("record_conclusion", item_id=room.item.pk, text="Giao Bộ Y tế hoàn thiện.")
    room.do("adjourn")
    room.meeting.refresh_from_db()
    return room


@pytest.fixture
def sent(room: Room) -> Minutes:
    """Its minutes, circulated for a week."""
    made = minutes.draft(actor=room.cast.clerk, meeting=room.meeting)
    until = clock.today() + timedelta(days=7)
    minutes.circulate(actor=room.cast.clerk, minutes=made, until=until)
    made.refresh_from_db()
    return made


def post(user: Any, path: str, **data: Any) -> Any:
    return client(user).post(path, data)


def test_from_the_log_to_the_members(room: Room) -> None:
    clerk, address = client(room.cast.clerk), f"/meetings/{room.meeting.pk}/minutes/"
    assert "minutes/begin/" in clerk.get(address).content.decode()
    assert client(room.cast.member).get(address).status_code == 404
    begun = clerk.post(f"{address}begin/")
    made = Minutes.objects.get()
    assert begun["Location"] == f"/minutes/{made.pk}/edit/"
    form = clerk.get(f"/minutes/{made.pk}/edit/").content.decode()
    assert "Giao Bộ Y tế hoàn thiện." in form
    words = {
        "seen": minutes.prose_digest(made),
        "opening": "Chủ tọa khai mạc.",
        f"item-{room.item.pk}": "Bộ Y tế trình bày.",
        "item-x": "không có nội dung này",
    }
    assert clerk.post(f"/minutes/{made.pk}/edit/", words).status_code == 302
    assert client(room.cast.member).get(address).status_code == 404
    until = clock.today() + timedelta(days=7)
    assert clerk.post(f"/minutes/{made.pk}/circulate/", {"until": until.isoformat()}).status_code == 302
    page = client(room.cast.member).get(address).content.decode()
    for text in ("Chủ tọa khai mạc.", "Bộ Y tế trình bày.", "Giao Bộ Y tế hoàn thiện."):
        assert text in page
    assert "không có nội dung này" not in page
    assert f"/minutes/{made.pk}/edit/" not in page


def test_what_was_typed_survives_a_colleague(room: Room, sent: Minutes) -> None:
    seen = minutes.prose_digest(sent)
    minutes.write(actor=room.cast.clerk, minutes=sent, prose={"opening": "Của đồng nghiệp"}, seen=seen)
    typed = {"seen": seen, "opening": "Của tôi", "closing": ""}
    refused = post(room.cast.clerk, f"/minutes/{sent.pk}/edit/", **typed)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Của tôi" in page
    assert "Của đồng nghiệp" in page
    sent.refresh_from_db()
    again = {**typed, "seen": minutes.prose_digest(sent)}
    assert again["seen"] in page
    assert post(room.cast.clerk, f"/minutes/{sent.pk}/edit/", **again).status_code == 302


def test_only_the_secretariat_writes(room: Room, sent: Minutes) -> None:
    assert client(room.cast.member).get(f"/minutes/{sent.pk}/edit/").status_code == 404
    refused = post(room.cast.member, f"/minutes/{sent.pk}/circulate/", until=clock.today().isoformat())
    assert refused.status_code == 403
    assert client(room.cast.outsider).get(f"/minutes/{sent.pk}/file").status_code == 404


def test_a_remark_stands_at_its_item_and_a_refused_one_is_kept(room: Room, sent: Minutes) -> None:
    address = f"/minutes/{sent.pk}/comment/"
    made = post(room.cast.member, address, item=room.item.pk, text="Ghi rõ hơn.")
    assert made["Location"] == f"/meetings/{room.meeting.pk}/minutes/#item-{room.item.pk}"
    assert "Ghi rõ hơn." in client(room.cast.chair).get(made["Location"]).content.decode()
    long = "y" * 4_001
    refused = post(room.cast.member, address, item="", text=long)
    assert refused.status_code == 400
    assert long in refused.content.decode()
    assert post(room.cast.member, address, item="99999", text="x").status_code == 404
    assert MinutesComment.objects.count() == 1


@pytest.mark.parametrize("until", ["", "hôm nay", "2026-13-45", "2020-01-01"])
def test_a_day_that_cannot_be_is_refused_in_words(room: Room, until: str) -> None:
    made = minutes.draft(actor=room.cast.clerk, meeting=room.meeting)
    refused = post(room.cast.clerk, f"/minutes/{made.pk}/circulate/", until=until)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.content.decode()
    made.refresh_from_db()
    assert made.state == MinutesState.DRAFTED


def test_on_the_agenda_of_the_next_meeting(room: Room, sent: Minutes) -> None:
    later = casting.meeting(room.cast, days=30, title="Phiên họp tháng 12")
    item = casting.item(room.cast, later, "Thông qua biên bản", ItemKind.MINUTES)
    distribute(actor=room.cast.clerk, meeting=later)
    address = f"/minutes/{sent.pk}/agenda/"
    assert post(room.cast.clerk, address, item=room.item.pk).status_code == 422
    assert post(room.cast.clerk, address, item=item.pk).status_code == 302
    programme = client(room.cast.member).get(f"/meetings/{later.pk}/").content.decode()
    assert f'href="/meetings/{room.meeting.pk}/minutes/"' in programme
    assert post(room.cast.clerk, address, item="").status_code == 302
    sent.refresh_from_db()
    assert sent.approval_item is None


def test_the_chair_approves_and_the_file_comes(room: Room, sent: Minutes) -> None:
    assert client(room.cast.member).get(f"/minutes/{sent.pk}/file").status_code == 404
    address = f"/minutes/{sent.pk}/approve/"
    assert post(room.cast.chair, address).status_code == 403
    room.cast.body.chair_approves_minutes = True
    bodies.save_body(actor=room.cast.manager, body=room.cast.body)
    assert address in client(room.cast.chair).get(f"/meetings/{room.meeting.pk}/minutes/").content.decode()
    assert post(room.cast.chair, address).status_code == 302
    sent.refresh_from_db()
    assert (sent.state, sent.notation) == (MinutesState.APPROVED, "01/BB-CP")
    assert "01" in client(room.cast.member).get(f"/meetings/{room.meeting.pk}/minutes/").content.decode()


def test_an_extract_is_a_file_of_one_item(room: Room, sent: Minutes) -> None:
    got = client(room.cast.member).get(f"/minutes/{sent.pk}/items/{room.item.pk}/extract.pdf")
    assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
    assert client(room.cast.member).get(f"/minutes/{sent.pk}/items/0/extract.pdf").status_code == 404


def test_today_tells_members_until_they_have_answered(room: Room, sent: Minutes) -> None:
    assert today_of(room.cast.member).minutes == (sent,)
    assert today_of(room.cast.clerk).minutes == ()
    assert f"/meetings/{room.meeting.pk}/minutes/" in client(room.cast.member).get("/").content.decode()
    minutes.comment(actor=room.cast.member, minutes=sent, text="Đồng ý.")
    assert today_of(room.cast.member).minutes == ()
    with clock.starting_at(clock.now() + timedelta(days=8)):
        assert today_of(room.cast.second).minutes == ()


def test_words_that_were_not_sent_again_are_the_secretariat_s_only(room: Room, sent: Minutes) -> None:
    seen = minutes.prose_digest(sent)
    minutes.write(actor=room.cast.clerk, minutes=sent, prose={"opening": "Chưa gửi"}, seen=seen)
    Minutes.objects.filter(pk=sent.pk).update(state=MinutesState.DRAFTED)  # as after a return unsigned
    address = f"/meetings/{room.meeting.pk}/minutes/"
    assert "Chưa gửi" in client(room.cast.clerk).get(address).content.decode()
    assert "Chưa gửi" not in client(room.cast.member).get(address).content.decode()
