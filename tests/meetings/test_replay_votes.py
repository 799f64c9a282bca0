"""Proxies, amendments, options and votes taken again, in the replay and in the minutes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.pdftext import page_texts
from frontend.queries.replay import replay
from meetings.actions import live, minutes
from meetings.minutes_facts import minutes_facts
from meetings.minutes_files import extract, text_of
from meetings.minutes_text import PollText, minutes_text
from meetings.rules.polls import Amendment, Option
from tests import cast as casting
from tests.meetings.live_room import Room
from tests.meetings.test_replay import Witness

pytestmark = pytest.mark.django_db
CLAUSE = Amendment("Khoản 2 Điều 3", "Thời hạn là 30 ngày.")
SITES = [Option("Đà Nẵng", "Da Nang"), Option("Huế", "Hue")]


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    made = Room(tmp_path)
    made.cast.body.proxies = 1
    made.cast.body.save()
    return made


def mandate(room: Room, user: User) -> int:
    return int(room.cast.body.memberships.get(user=user).pk)


def vote(watched: Witness, poll: int, choice: str) -> None:
    """The chair, and the member for two, all say the same."""
    room, cast = watched.room, watched.room.cast
    for user, of in ((cast.chair, None), (cast.member, None), (cast.member, mandate(room, cast.second))):
        live.cast_ballot(
            actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice=choice, mandate=of, key=f"k{of}"
        )
    watched.do("close_poll", poll_id=poll)


def hold(room: Room) -> Witness:
    watched, cast = Witness(room), room.cast
    first = watched.do("give_proxy", cast.second, acting=mandate(room, cast.chair)).body["proxy"]
    watched.do("revoke_proxy", cast.second, proxy_id=first)
    for user in (cast.chair, cast.member):
        watched.do("set_presence", user, presence="present")
    watched.do("start")
    watched.do("call_item", item_id=room.item.pk)
    watched.do(
        "give_proxy",
        represented=mandate(room, cast.second),
        acting=mandate(room, cast.member),
        note="Công văn số 12",
    )
    item = {"item_id": room.item.pk}
    vote(watched, watched.do("open_amendment", **item, amendment=CLAUSE).body["poll"], "for")
    motion = watched.do("open_poll", **item).body["poll"]
    vote(watched, motion, "against")
    vote(watched, watched.do("open_revote", poll_id=motion, reason="Đếm sai").body["poll"], "for")
    vote(watched, watched.do("open_options", **item, options=SITES).body["poll"], "option-2")
    watched.do("adjourn")
    return watched


def test_they_are_told_again_as_they_were_seen(room: Room) -> None:
    hold(room).compare()


def test_each_has_its_sentence(room: Room) -> None:
    hold(room)
    room.meeting.refresh_from_db()
    with translation.override("en"):
        lines = [(line.words, line.note) for line in replay(room.meeting, room.cast.member, None).lines]
    title = "1. Dự thảo Nghị quyết"
    words = [words for words, _note in lines]
    assert words[:2] == ["Second gives their vote to Chair", "Chair no longer votes for Second"]
    assert lines[6] == ("Second gives their vote to Member", "Công văn số 12")
    assert lines[7] == (f"The vote is open on amendment 1: {title}", "Member votes for Second")
    assert words[8] == f"The vote on amendment 1 is closed, adopted: {title}"
    assert lines[11][1] == "Taken again: Đếm sai; Member votes for Second"
    assert words[13:15] == [
        f"The vote on several options is open: {title}",
        f"The vote on several options is closed: {title}",
    ]


def polls_of(room: Room) -> tuple[PollText, ...]:
    room.meeting.refresh_from_db()
    facts: Any = minutes_facts(room.meeting)
    (item,) = (item for item in minutes_text(facts, {}).items if item.item == room.item.pk)
    return item.polls


def test_the_minutes_name_who_acted_and_what_no_longer_counts(room: Room) -> None:
    hold(room)
    amendment, first, again, options = polls_of(room)
    assert (amendment.kind, amendment.amendment) == ("amendment", ("Thời hạn là 30 ngày.",))
    assert [poll.superseded for poll in (amendment, first, again, options)] == [False, True, False, False]
    assert (first.again, again.again) == ("", "Đếm sai")
    assert (options.kind, options.adopted) == ("options", True)
    with translation.override("en"):
        assert {poll.proxies for poll in polls_of(room)} == {("Member for Second",)}


def test_page_and_print_of_the_minutes_say_so(room: Room, tmp_path: Path) -> None:
    hold(room)
    room.meeting.refresh_from_db()
    made = minutes.draft(actor=room.cast.clerk, meeting=room.meeting)
    page = casting.client(room.cast.clerk).get(f"/meetings/{room.meeting.pk}/minutes/").content.decode()
    for words in (CLAUSE.text, "Biểu quyết lại: Đếm sai", "Đã biểu quyết lại", "Đã chọn phương án"):
        assert words in page
    assert "Member biểu quyết thay Second" in page
    minutes.circulate(actor=room.cast.clerk, minutes=made, until=clock.today() + timedelta(days=7))
    made.refresh_from_db()
    path = tmp_path / "extract.pdf"
    path.write_bytes(extract(made, text_of(made).items[0]))
    text = " ".join(" ".join(page_texts(path)).split())
    for words in (CLAUSE.text, "Biểu quyết lại: Đếm sai.", "không còn giá trị", "Member biểu quyết thay"):
        assert words in text
