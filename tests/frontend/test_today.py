"""The first page: what waits for each kind of person."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.test import Client

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import Duty
from ecabinet.common import clock
from frontend.queries.today import ToRead, today_of
from meetings.actions import dossiers, reading
from meetings.actions.distribution import distribute
from meetings.enums import ItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from tests import cast as casting
from tests.cast import Cast
from tests.frontend.conftest import Sitting


def begin(sitting: Sitting) -> None:
    moment = clock.now()
    Meeting.objects.filter(pk=sitting.meeting.pk).update(
        state=MeetingState.IN_SESSION,
        started_at=moment,
        starts_at=moment,
        ends_at=moment + timedelta(hours=2),
    )
    AgendaItem.objects.filter(pk=sitting.item.pk).update(state=ItemState.CURRENT, started_at=moment)


def test_member_sees_what_waits(cast: Cast, sitting: Sitting) -> None:
    today = today_of(cast.member)
    assert (today.to_read.papers, today.to_read.pages) == (3, 6)
    assert today.to_read.meeting == sitting.meeting
    assert (today.now, today.coming, today.is_clear) == (None, (sitting.meeting,), False)
    assert [news.kind for news in today.news] == ["sent"]
    assert today.news[0].count == 3


def test_read_papers_wait_no_more(cast: Cast, sitting: Sitting) -> None:
    for version in sitting.versions:
        reading.record_opened(actor=cast.member, version=version)
    today = today_of(cast.member)
    assert (today.to_read.papers, today.is_clear) == (0, True)
    assert "empty__title" in casting.client(cast.member).get("/").content.decode()


def test_only_the_newest_distribution_counts(cast: Cast, sitting: Sitting, tmp_path: Path) -> None:
    path = casting.pdf(tmp_path, "new.pdf", pages=4, words="new")
    dossiers.add_version(actor=cast.clerk, document=sitting.versions[1].document, path=path)
    distribute(actor=cast.clerk, meeting=sitting.meeting)
    today = today_of(cast.member)
    assert (today.to_read.papers, today.to_read.pages) == (3, 8)
    assert {news.kind for news in today.news} == {"sent", "changed"}


def test_meeting_in_session_comes_first(cast: Cast, sitting: Sitting) -> None:
    begin(sitting)
    today = today_of(cast.member)
    assert today.now
    assert today.now.meeting == sitting.meeting
    page = casting.client(cast.member).get("/").content.decode()
    assert f'href="/meetings/{sitting.meeting.pk}/live/"' in page
    assert sitting.item.title in page


def test_outsider_sees_nothing_of_it(cast: Cast, sitting: Sitting) -> None:
    today = today_of(cast.outsider)
    assert (today.to_read.papers, today.coming, today.news, today.now) == (0, (), (), None)
    assert sitting.meeting.title not in casting.client(cast.outsider).get("/").content.decode()


def test_secretariat_sees_what_is_late(cast: Cast) -> None:
    late, early = casting.meeting(cast, days=2), casting.meeting(cast, days=9)
    today = today_of(cast.clerk)
    assert [(row.meeting, row.is_late) for row in today.preparing] == [(late, True), (early, False)]
    assert [row.meeting for row in today.late] == [late]
    assert "mark--final" in casting.client(cast.clerk).get("/").content.decode()


def test_archive_staff_get_the_search_box(cast: Cast) -> None:
    keeper = casting.person("Keeper")
    position = accounts.create_position(
        actor=cast.manager, agency=cast.ministry, title="Lưu trữ viên", duty=Duty.ARCHIVIST
    )
    accounts.appoint(actor=cast.manager, user=keeper, position=position, starts_on=date(2020, 1, 1))
    page = casting.client(keeper).get("/").content.decode()
    assert 'action="/search/"' in page


def test_reading_time_is_rounded_up_to_five_minutes() -> None:
    assert [ToRead(1, pages, None).minutes for pages in (1, 12, 13, 86)] == [5, 5, 5, 35]


def test_stranger_is_sent_to_sign_in() -> None:
    assert Client().get("/").status_code == 302
