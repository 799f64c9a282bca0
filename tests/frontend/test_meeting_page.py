"""The programme of a meeting: what stands on it, for whom, and at what cost."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from ecabinet.common import clock
from frontend.dates import duration, full_day
from frontend.queries.agenda import agenda, expected_starts
from meetings.actions import dossiers, reading
from meetings.actions.distribution import distribute
from meetings.enums import ItemKind, ItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from tests import cast as casting
from tests.cast import Cast
from tests.frontend.conftest import Sitting


def queries(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def begin(meeting: Meeting, item: AgendaItem, minutes_ago: int = 0) -> None:
    """The state a meeting has while this item is discussed, put there for the reading side only."""
    moment = clock.now() - timedelta(minutes=minutes_ago)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.IN_SESSION, started_at=moment)
    AgendaItem.objects.filter(pk=item.pk).update(state=ItemState.CURRENT, started_at=moment)
    meeting.refresh_from_db()


def test_programme_shows_items_and_unread_papers(cast: Cast, sitting: Sitting) -> None:
    page = casting.client(cast.member).get(f"/meetings/{sitting.meeting.pk}/").content.decode()
    assert sitting.item.title in page
    assert page.count("mark--unread") == 3
    assert f'action="/items/{sitting.item.pk}/position/"' in page


@pytest.mark.parametrize("state", [MeetingState.ADJOURNED, MeetingState.CANCELLED])
def test_a_meeting_that_is_over_asks_nobody_to_read(
    cast: Cast, sitting: Sitting, state: MeetingState
) -> None:
    Meeting.objects.filter(pk=sitting.meeting.pk).update(state=state)
    page = casting.client(cast.member).get(f"/meetings/{sitting.meeting.pk}/").content.decode()
    assert sitting.versions[0].document.title in page
    assert page.count("mark--unread") == 0
    assert "chưa đọc" not in page


def test_opened_papers_lose_their_mark_and_changed_ones_get_a_bar(
    cast: Cast, sitting: Sitting, tmp_path: Path
) -> None:
    for version in sitting.versions:
        reading.record_opened(actor=cast.member, version=version)
    path = casting.pdf(tmp_path, "new.pdf", words="new")
    dossiers.add_version(actor=cast.clerk, document=sitting.versions[1].document, path=path)
    distribute(actor=cast.clerk, meeting=sitting.meeting)
    page = casting.client(cast.member).get(f"/meetings/{sitting.meeting.pk}/").content.decode()
    assert "paper--changed" in page
    assert "meeting__changes" in page
    assert page.count("mark--unread") == 0


def test_meeting_is_not_there_for_an_outsider(cast: Cast, sitting: Sitting) -> None:
    for place in ("", "booklet.pdf"):
        address = f"/meetings/{sitting.meeting.pk}/{place}"
        assert casting.client(cast.outsider).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert casting.client(cast.member).post(address).status_code == 405


def test_meeting_being_prepared_is_the_secretariats(cast: Cast) -> None:
    meeting = casting.meeting(cast)
    assert casting.client(cast.member).get(f"/meetings/{meeting.pk}/").status_code == 404
    assert casting.client(cast.clerk).get(f"/meetings/{meeting.pk}/").status_code == 200


def test_the_preview_leads_nowhere_and_does_not_speak_of_distribution(cast: Cast, sitting: Sitting) -> None:
    member = cast.body.memberships.get(user=cast.member)
    address = f"/meetings/{sitting.meeting.pk}"
    frame = casting.client(cast.clerk).get(f"{address}/preview/?member={member.pk}").content.decode()
    page = casting.client(cast.member).get(f"{address}/").content.decode()
    links = [f'href="{address}/{place}' for place in ("live/", "booklet.pdf")]
    assert [(link in page, link in frame) for link in links] == [(True, False)] * 2
    with translation.override("vi"):
        assert gettext("Not distributed yet.") not in frame
        assert gettext("As they stand now.") in frame


def test_paper_only_item_shows_no_title(cast: Cast, sitting: Sitting) -> None:
    casting.item(cast, sitting.meeting, "Kế hoạch mật danh Sao Mai", ItemKind.PAPER_ONLY)
    distribute(actor=cast.clerk, meeting=sitting.meeting)
    browser = casting.client(cast.member)
    for address in (f"/meetings/{sitting.meeting.pk}/", "/", "/meetings/"):
        assert "Sao Mai" not in browser.get(address).content.decode()
    assert "programme__row--paper" in browser.get(f"/meetings/{sitting.meeting.pk}/").content.decode()


def test_list_shows_only_what_one_may_read(cast: Cast, sitting: Sitting) -> None:
    address = f'href="/meetings/{sitting.meeting.pk}/"'
    assert address in casting.client(cast.member).get("/meetings/").content.decode()
    assert address not in casting.client(cast.outsider).get("/meetings/").content.decode()


@pytest.mark.parametrize("place", ["meeting", "list", "today"])
def test_queries_do_not_grow(cast: Cast, sitting: Sitting, tmp_path: Path, place: str) -> None:
    address = {"meeting": f"/meetings/{sitting.meeting.pk}/", "list": "/meetings/", "today": "/"}[place]
    browser = casting.client(cast.member)
    one = queries(browser, address)
    for number in range(2):
        extra = casting.item(cast, sitting.meeting, f"Nội dung {number}")
        casting.complete(cast, extra, tmp_path)
        other = casting.meeting(cast, days=20 + number, title=f"Phiên họp {number}")
        casting.complete(cast, casting.item(cast, other), tmp_path)
        distribute(actor=cast.clerk, meeting=other)
    distribute(actor=cast.clerk, meeting=sitting.meeting)
    later = queries(browser, address)
    # The second distribution brings one query of its own: what it changed.
    assert later <= one + 1


def test_expected_hours_follow_the_item_being_discussed(cast: Cast, sitting: Sitting) -> None:
    second = casting.item(cast, sitting.meeting, "Nội dung sau")
    begin(sitting.meeting, sitting.item, minutes_ago=10)
    page = agenda(sitting.meeting, cast.clerk)
    begun = page.rows[0].entry.item.started_at
    assert begun
    assert page.rows[1].entry.item.pk == second.pk
    assert page.rows[1].expected_at == begun + timedelta(minutes=30)
    assert page.current == page.rows[0]


def test_overrun_pushes_what_follows_to_now(cast: Cast, sitting: Sitting) -> None:
    casting.item(cast, sitting.meeting, "Nội dung sau")
    begin(sitting.meeting, sitting.item, minutes_ago=45)
    rows = agenda(sitting.meeting, cast.clerk).programme.items
    moment = clock.now()
    assert expected_starts(rows, moment) == {rows[1].item.pk: moment}


def test_presence_tells_the_quorum(cast: Cast, sitting: Sitting) -> None:
    presence = agenda(sitting.meeting, cast.member).presence
    assert (presence.present, presence.members, presence.needed) == (0, 3, 2)
    assert not presence.is_quorate


def test_booklet_is_a_tagged_pdf(cast: Cast, sitting: Sitting) -> None:
    answer = casting.client(cast.member).get(f"/meetings/{sitting.meeting.pk}/booklet.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.Lang == "vi"


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        ("en", 1, "1~minute"),
        ("en", 145, "2~hours 25~minutes"),
        ("en", 60, "1~hour"),
        ("en", 0, "0~minutes"),
        ("vi", 145, "2~giờ 25~phút"),
    ],
)
def test_durations_in_words(language: str, minutes: int, words: str) -> None:
    with translation.override(language):
        assert duration(minutes).replace("\N{NO-BREAK SPACE}", "~") == words


def test_days_in_words() -> None:
    day = clock.now().date().replace(year=2026, month=11, day=26)
    with translation.override("vi"):
        assert full_day(day) == "Thứ Năm, ngày 26 tháng 11 năm 2026"
    with translation.override("en"):
        assert full_day(day) == "Thursday, 26 November 2026"
