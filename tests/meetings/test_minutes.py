"""Minutes: facts equal to the log, versions that stay, and the way from the draft to the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archive.models import Record
from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.canonical import digest_of
from ecabinet.common.errors import DomainError
from ecabinet.common.pdftext import page_texts
from ecabinet.ledger.models import LedgerEntry
from meetings import tasks
from meetings.actions import bodies, live, minutes, minutes_way
from meetings.actions.distribution import distribute
from meetings.enums import ItemKind, MembershipRole, MinutesState
from meetings.minutes_facts import Facts, minutes_facts
from meetings.minutes_files import extract, text_of
from meetings.models import AgendaItem, LiveEvent, Meeting, Minutes, MinutesVersion
from meetings.poll_view import moment
from meetings.queries.minutes import to_remark_on, visible_minutes
from signing import actions as signing
from signing.queries import waiting_for
from signing.validation import Role, Verdict, validate
from tests import cast as casting
from tests.meetings.live_room import Room
from tests.meetings.test_replay import Driver, Witness
from voting.models import Poll

HERE = ("present", "remote")


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.fixture
def sat(room: Room) -> Room:
    """A sitting with everything minutes tell: someone late, someone absent, speeches, votes, a conclusion."""
    cast = room.cast
    seat = cast.body.memberships.get(user=cast.second).pk
    room.do("set_presence", cast.chair, presence="present")
    room.do("start")
    room.do("set_presence", presence="absent", membership_ids=[seat], reason="Ốm", substitute="Bà Lan")
    room.do("set_presence", cast.member, presence="remote")
    room.do("call_item", item_id=room.item.pk)
    asked = room.ask(cast.member)
    room.do("give_floor", request_id=asked, minutes=2)
    room.do("end_floor", request_id=asked)
    room.do("cancel_poll", poll_id=room.open_poll(), reason="Nhầm câu hỏi")
    poll = room.open_poll()
    for user in (cast.chair, cast.member):
        live.cast_ballot(actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k")
    room.do("close_poll", poll_id=poll)
    room.do("record_conclusion", item_id=room.item.pk, text="Giao Bộ Y tế hoàn thiện.")
    room.do("call_item", item_id=room.other.pk)
    room.do("postpone_item", item_id=room.other.pk, reason="Chờ ý kiến")
    room.do("adjourn")
    room.meeting.refresh_from_db()
    return room


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        act()
    assert str(caught.value)
    return caught.value.code


def until() -> Any:
    return clock.today() + timedelta(days=7)


def drafted(room: Room) -> Minutes:
    return minutes.draft(actor=room.cast.clerk, meeting=room.meeting)


def circulated(room: Room) -> Minutes:
    made = drafted(room)
    words = {"opening": "Chủ tọa khai mạc.", "items": {str(room.item.pk): "Bộ Y tế trình bày.\nCác ý kiến."}}
    minutes.write(actor=room.cast.clerk, minutes=made, prose=words, seen=minutes.prose_digest(made))
    minutes.circulate(actor=room.cast.clerk, minutes=made, until=until())
    made.refresh_from_db()
    return made


def chair_decides(room: Room) -> None:
    room.cast.body.chair_approves_minutes = True
    bodies.save_body(actor=room.cast.manager, body=room.cast.body)


# --- facts -----------------------------------------------------------------------------------------


def rows_of(meeting: Meeting) -> list[LiveEvent]:
    return list(LiveEvent.objects.filter(meeting=meeting).order_by("seq"))


def naive_speeches(rows: list[LiveEvent]) -> Iterator[tuple[int, str, str]]:
    """Told from the rows by hand: whoever has the floor has it until something takes it away."""
    speaking: tuple[int, str] | None = None
    for row in rows:
        ends = row.kind in ("floor.given", "floor.ended", "item.called", "item.ended", "meeting.adjourned")
        if row.kind == "item.postponed" and speaking and row.body["item"] == on_table(rows, row.seq):
            ends = True
        if speaking and ends:
            yield (*speaking, moment(row.at))
            speaking = None
        if row.kind == "floor.given":
            speaking = (row.body["membership"], moment(row.at))


def on_table(rows: list[LiveEvent], before: int) -> int | None:
    item = None
    for row in rows:
        if row.seq >= before:
            return item
        if row.kind == "item.called":
            item = row.body["item"]
        elif row.kind == "item.ended" or (row.kind == "item.postponed" and row.body["item"] == item):
            item = None
    return item


def naive_whereabouts(rows: list[LiveEvent], seat: int) -> Iterator[tuple[str, str, str]]:
    """One stretch for each pair of neighbouring events of the sitting; equal neighbours are joined after."""
    where, begun = None, False
    for row, following in pairwise(rows):
        begun = begun or row.kind == "meeting.started"
        if row.kind == "presence.set" and seat in row.body["memberships"]:
            where = row.body["presence"]
        if begun and where is not None:
            yield where, moment(row.at), moment(following.at)


def joined(stretches: Iterator[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    spans: list[tuple[str, str, str]] = []
    for where, start, end in stretches:
        if spans and spans[-1][0] == where:
            spans[-1] = (where, spans[-1][1], end)
        else:
            spans.append((where, start, end))
    return spans


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(20, 24))
def test_the_facts_are_those_of_the_log(room: Room, seed: int) -> None:
    for title in ("Nội dung ba", "Nội dung bốn", "Nội dung năm"):
        casting.item(room.cast, room.meeting, title, ItemKind.DECISION)
    Driver(Witness(room), seed).run(110)
    if open_poll := Poll.objects.filter(state="open").first():
        room.do("close_poll", room.cast.chair, poll_id=open_poll.pk, chair_choice="for")
    if not LiveEvent.objects.filter(kind="meeting.adjourned").exists():
        room.do("adjourn")
    room.meeting.refresh_from_db()
    facts, rows = minutes_facts(room.meeting), rows_of(room.meeting)
    assert facts["log"]["seq"] == len(rows)
    assert told_speeches(facts) == sorted(naive_speeches(rows), key=lambda row: row[1])
    for seat in facts["attendance"]:
        spans = [(span["value"], span["from"], span["until"]) for span in seat["spans"]]
        assert spans == joined(naive_whereabouts(rows, seat["membership"]))
        was_here = any(value in HERE for value, _from, _until in spans)
        assert (seat["presence"] in HERE) is was_here
    for item in facts["items"]:
        mine = [row for row in rows if row.body.get("item") == item["item"]]
        called = [moment(row.at) for row in mine if row.kind == "item.called"]
        assert [span["from"] for span in item["on_table"]] == called
        texts = [row.body["text"] for row in mine if row.kind == "item.concluded"]
        assert item["conclusion"] == (texts[-1] if texts else "")
        opened = [row.body["poll"] for row in mine if row.kind == "poll.opened"]
        assert [poll["poll"] for poll in item["polls"]] == opened
        for poll in item["polls"]:
            check_poll(poll)


def told_speeches(facts: Facts) -> list[tuple[int, str, str]]:
    told = [(s["membership"], s["from"], s["until"]) for item in facts["items"] for s in item["speeches"]]
    return sorted(told, key=lambda row: row[1])


def check_poll(poll: Facts) -> None:
    row = Poll.objects.get(pk=poll["poll"])
    assert poll["state"] == row.state
    if row.verdict is None:
        assert row.state == "cancelled"
        return
    assert poll["verdict"]["adopted"] == row.verdict["adopted"]
    counted = {count["choice"]: count["votes"] for count in poll["verdict"]["counts"]}
    assert counted == row.verdict["counts"]
    by_name = [result["choice"] for result in poll["results"] if result["choice"]]
    assert {choice: by_name.count(choice) for choice in counted} == counted


@pytest.mark.django_db
def test_what_happened_stands_in_the_minutes(sat: Room) -> None:
    facts = minutes_facts(sat.meeting)
    chair, member, second = facts["attendance"]
    assert (chair["presence"], chair["came_late_at"], chair["left_early_at"]) == ("present", None, None)
    assert (member["presence"], second["presence"]) == ("remote", "absent")
    assert datetime.fromisoformat(member["came_late_at"]) > datetime.fromisoformat(
        facts["meeting"]["started_at"]
    )
    assert (second["reason"], second["substitute"]) == ("Ốm", "Bà Lan")
    item, other = facts["items"]
    assert item["state"] == "done"
    assert [speech["name"] for speech in item["speeches"]] == ["Member"]
    withdrawn, voted = item["polls"]
    assert (withdrawn["state"], withdrawn["reason"]) == ("cancelled", "Nhầm câu hỏi")
    assert voted["verdict"]["sentence_en"] == "2 of 3 members needed; 2 in favour: adopted."
    assert {row["name"]: row["standing"] for row in voted["results"]} == {
        "Chair": "voted",
        "Member": "voted",
        "Second": "absent",
    }
    assert item["conclusion"] == "Giao Bộ Y tế hoàn thiện."
    assert (other["state"], other["reason"]) == ("postponed", "Chờ ý kiến")


# --- until the approval ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_minutes_begin_when_the_meeting_is_over(room: Room) -> None:
    room.begin()
    assert refusal(lambda: drafted(room)) == "not_adjourned"
    room.do("adjourn")
    assert refusal(lambda: minutes.draft(actor=room.cast.member, meeting=room.meeting)) == "denied"
    assert drafted(room).pk == drafted(room).pk


@pytest.mark.django_db
def test_words_are_not_lost_to_a_colleague(sat: Room) -> None:
    made, clerk = drafted(sat), sat.cast.clerk
    seen = minutes.prose_digest(made)
    saved = minutes.write(actor=clerk, minutes=made, prose={"opening": " Mở đầu "}, seen=seen)
    assert saved.prose == {"opening": "Mở đầu", "closing": "", "items": {}}
    again = {"actor": clerk, "minutes": made, "prose": {"opening": "Khác"}}
    assert refusal(lambda: minutes.write(**again, seen=seen)) == "stale"
    secret = {**again, "prose": {"opening": "Tài liệu (MẬT)"}, "seen": minutes.prose_digest(saved)}
    assert refusal(lambda: minutes.write(**secret)) == "classified_text"
    long = {**again, "prose": {"closing": "x" * 20_001}, "seen": minutes.prose_digest(saved)}
    assert refusal(lambda: minutes.write(**long)) == "text_long"


@pytest.mark.django_db
def test_a_version_stays_what_it_was(sat: Room) -> None:
    made, clerk = circulated(sat), sat.cast.clerk
    first = made.current
    assert first is not None
    assert first.sha256 == digest_of({"facts": first.facts, "prose": first.prose})
    minutes.write(actor=clerk, minutes=made, prose={"opening": "Sửa"}, seen=minutes.prose_digest(made))
    second = minutes.circulate(actor=clerk, minutes=made, until=until())
    kept = MinutesVersion.objects.get(pk=first.pk)
    assert (kept.prose["opening"], second.prose["opening"]) == ("Chủ tọa khai mạc.", "Sửa")
    assert (kept.number, second.number) == (1, 2)
    assert kept.facts == second.facts


@pytest.mark.django_db
def test_who_reads_minutes_and_when(sat: Room) -> None:
    drafted(sat)
    readers = [user for user in everybody(sat) if visible_minutes(user).exists()]
    assert readers == [sat.cast.clerk]
    circulated(sat)
    readers = [user for user in everybody(sat) if visible_minutes(user).exists()]
    assert sat.cast.outsider not in readers
    assert sat.cast.member in readers


def everybody(room: Room) -> list[User]:
    return [room.cast.clerk, room.cast.chair, room.cast.member, room.cast.second, room.cast.outsider]


@pytest.mark.django_db
def test_members_comment_while_there_is_time(sat: Room) -> None:
    made, member = circulated(sat), sat.cast.member
    said = minutes.comment(actor=member, minutes=made, text=" Ghi rõ hơn. ", item_id=sat.item.pk)
    assert (said.text, said.item, said.version) == ("Ghi rõ hơn.", sat.item, made.current)
    assert refusal(lambda: minutes.comment(actor=sat.cast.clerk, minutes=made, text="x")) == "denied"
    observer = {"body": sat.cast.body, "user": sat.cast.outsider, "role": MembershipRole.OBSERVER}
    bodies.add_member(actor=sat.cast.manager, **observer, starts_on=casting.LONG_AGO)
    assert refusal(lambda: minutes.comment(actor=sat.cast.outsider, minutes=made, text="x")) == "denied"
    assert not to_remark_on(sat.cast.outsider).exists()
    assert to_remark_on(sat.cast.second).exists()
    assert refusal(lambda: minutes.comment(actor=member, minutes=made, text=" ")) == "comment_missing"
    assert refusal(lambda: minutes.comment(actor=member, minutes=made, text="x" * 4_001)) == "comment_long"
    strange = {"actor": member, "minutes": made, "text": "x", "item_id": 0}
    assert refusal(lambda: minutes.comment(**strange)) == "item_not_found"
    with clock.starting_at(clock.now() + timedelta(days=8)):
        late = {"actor": member, "minutes": made, "text": "x"}
        assert refusal(lambda: minutes.comment(**late)) == "comments_closed"
    yesterday = clock.today() - timedelta(days=1)
    past = {"actor": sat.cast.clerk, "minutes": made, "until": yesterday}
    assert refusal(lambda: minutes.circulate(**past)) == "until_past"


@pytest.mark.django_db
def test_the_chair_approves_only_where_the_body_says_so(sat: Room) -> None:
    made = drafted(sat)
    assert refusal(lambda: minutes.approve(actor=sat.cast.chair, minutes=made)) == "denied"
    chair_decides(sat)
    assert refusal(lambda: minutes.approve(actor=sat.cast.chair, minutes=made)) == "not_circulated"
    circulated(sat)
    assert refusal(lambda: minutes.approve(actor=sat.cast.clerk, minutes=made)) == "denied"
    approved = minutes.approve(actor=sat.cast.chair, minutes=made)
    assert (approved.state, approved.notation) == (MinutesState.APPROVED, "01/BB-CP")
    again = {"actor": sat.cast.clerk, "minutes": made, "until": until()}
    assert refusal(lambda: minutes.circulate(**again)) == "minutes_approved"
    acts = LedgerEntry.objects.filter(subject=f"minutes:{made.pk}").values_list("act", flat=True)
    assert [*acts] == ["minutes.drafted", "minutes.circulated", "minutes.approved"]


@pytest.mark.django_db
def test_what_was_added_to_the_log_is_circulated_before_it_is_approved(sat: Room) -> None:
    made = circulated(sat)
    chair_decides(sat)
    row = rows_of(sat.meeting)[-1]
    LiveEvent.objects.filter(pk=row.pk).update(at=row.at + timedelta(seconds=1))
    assert refusal(lambda: minutes.approve(actor=sat.cast.chair, minutes=made)) == "log_grew"


# --- approval as an item of the next meeting --------------------------------------------------------


@pytest.fixture
def next_item(sat: Room) -> AgendaItem:
    """“Minutes approval” on the agenda of the next meeting, whose papers are out."""
    later = casting.meeting(sat.cast, days=30, title="Phiên họp tháng 12")
    item = casting.item(sat.cast, later, "Thông qua biên bản", ItemKind.MINUTES)
    casting.item(sat.cast, later, "Nội dung sau", ItemKind.INFORMATION)
    distribute(actor=sat.cast.clerk, meeting=later)
    return item


def open_next(sat: Room, item: AgendaItem) -> None:
    sat.meeting = item.meeting
    sat.do("start")
    sat.check_in()
    sat.do("call_item", item_id=item.pk)


def linked(sat: Room, item: AgendaItem) -> Minutes:
    return minutes.put_on_agenda(actor=sat.cast.clerk, minutes=circulated(sat), item=item)


@pytest.mark.django_db
def test_only_a_fitting_item_takes_the_minutes(sat: Room, next_item: AgendaItem) -> None:
    made, clerk = circulated(sat), sat.cast.clerk
    for wrong in (sat.item, next_item.meeting.items.exclude(pk=next_item.pk).get()):
        act = {"actor": clerk, "minutes": made, "item": wrong}
        assert refusal(lambda act=act: minutes.put_on_agenda(**act)) == "item_not_fit"
    assert linked(sat, next_item).approval_item == next_item
    assert minutes.put_on_agenda(actor=clerk, minutes=made, item=None).approval_item is None


@pytest.mark.django_db
def test_a_vote_on_the_item_approves_what_was_voted_on(sat: Room, next_item: AgendaItem) -> None:
    made = linked(sat, next_item)
    open_next(sat, next_item)
    poll = int(sat.do("open_poll", item_id=next_item.pk).body["poll"])
    assert made.current is not None
    assert Poll.objects.get(pk=poll).text_sha256 == made.current.sha256
    for user in (sat.cast.chair, sat.cast.member):
        live.cast_ballot(actor=user, meeting_id=sat.meeting.pk, poll_id=poll, choice="for", key="k")
    sat.do("close_poll", poll_id=poll)
    made.refresh_from_db()
    assert (made.state, made.approved_by) == (MinutesState.APPROVED, sat.cast.clerk)


@pytest.mark.django_db
def test_a_vote_about_an_older_version_approves_nothing(sat: Room, next_item: AgendaItem) -> None:
    made = linked(sat, next_item)
    open_next(sat, next_item)
    poll = int(sat.do("open_poll", item_id=next_item.pk).body["poll"])
    words = {"opening": "Sửa sau khi mở biểu quyết."}
    minutes.write(actor=sat.cast.clerk, minutes=made, prose=words, seen=minutes.prose_digest(made))
    minutes.circulate(actor=sat.cast.clerk, minutes=made, until=until())
    for user in (sat.cast.chair, sat.cast.member):
        live.cast_ballot(actor=user, meeting_id=sat.meeting.pk, poll_id=poll, choice="for", key="k")
    sat.do("close_poll", poll_id=poll)
    made.refresh_from_db()
    assert made.state == MinutesState.CIRCULATED
    assert made.trouble


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "state"),
    [
        ("end_item", MinutesState.APPROVED),
        ("call_next", MinutesState.APPROVED),
        ("adjourn", MinutesState.APPROVED),
        ("postpone_item", MinutesState.CIRCULATED),
        ("rejected", MinutesState.CIRCULATED),
    ],
)
def test_an_item_concluded_without_a_vote_is_adopted(
    sat: Room, next_item: AgendaItem, ending: str, state: MinutesState
) -> None:
    made = linked(sat, next_item)
    open_next(sat, next_item)
    if ending == "call_next":
        sat.do("call_item", item_id=sat.meeting.items.exclude(pk=next_item.pk).get().pk)
    elif ending == "adjourn":
        sat.do("adjourn")
    elif ending == "rejected":
        sat.do("close_poll", poll_id=sat.do("open_poll", item_id=next_item.pk).body["poll"])
        sat.do("end_item", item_id=next_item.pk)
    else:
        sat.do(ending, item_id=next_item.pk)
    made.refresh_from_db()
    assert (made.state, made.trouble) == (state, "")


# --- after the approval ----------------------------------------------------------------------------


def sign(user: User) -> None:
    ids = [request.pk for request in waiting_for(user)]
    signing.authorise(actor=user, request_ids=ids, gesture=DemoGesture())


@pytest.mark.django_db(transaction=True)
def test_approved_minutes_become_a_record_that_verifies(sat: Room) -> None:
    made, cast = circulated(sat), sat.cast
    chair_decides(sat)
    bodies.add_member(
        actor=cast.manager,
        body=cast.body,
        user=cast.outsider,
        role=MembershipRole.SECRETARY,
        office="Thư ký Chính phủ",
        starts_on=casting.LONG_AGO,
    )
    minutes.approve(actor=cast.chair, minutes=made)
    assert minutes_way.advance(made.pk).state == MinutesState.RENDERED
    for user in (cast.outsider, cast.chair):
        signing.issue_demo_certificate(actor=cast.manager, user=user)
    assert not waiting_for(cast.chair).exists()
    sign(cast.outsider)
    made.refresh_from_db()
    assert (made.state, made.secretary_signed_at is None) == (MinutesState.RENDERED, False)
    sign(cast.chair)
    archived = minutes_way.advance(made.pk)
    assert archived.state == MinutesState.ARCHIVED
    record = Record.objects.get(minutes=archived)
    assert (record.kind, record.reference, record.signer_name) == ("BB", "01/BB-CP", "Chair")
    assert {file.path for file in record.files.all()} == {"data/minutes.json", "data/events.json"}
    report = validate(blobs.path_of(record.sha256))
    assert report.verdict == Verdict.GENUINE
    roles = [each.role for each in report.signatures]
    assert roles == [Role.PERSON, Role.PERSON, Role.SEAL, Role.TIMESTAMP]
    text = "\n".join(page_texts(blobs.path_of(record.sha256)))
    for words in (
        "BIÊN BẢN",
        "01/BB-CP",
        "Bộ Y tế trình bày.",
        "Giao Bộ Y tế hoàn thiện.",
        "Bà Lan",
        "Nhầm câu hỏi",
    ):
        assert words.casefold() in " ".join(text.split()).casefold()


@pytest.mark.django_db(transaction=True)
def test_minutes_returned_unsigned_are_open_again_and_keep_their_number(sat: Room) -> None:
    made, cast = circulated(sat), sat.cast
    chair_decides(sat)
    minutes.approve(actor=cast.chair, minutes=made)
    minutes_way.advance(made.pk)
    # The body has no secretary: whoever circulated the minutes signs for it.
    request = waiting_for(cast.clerk).get()
    signing.return_unsigned(actor=cast.clerk, request_id=request.pk, reason="Sai tên")
    made.refresh_from_db()
    assert (made.state, made.trouble, made.approved_at) == (MinutesState.DRAFTED, "Sai tên", None)
    minutes.circulate(actor=cast.clerk, minutes=made, until=until())
    again = minutes.approve(actor=cast.chair, minutes=made)
    assert again.notation == "01/BB-CP"


@pytest.mark.django_db(transaction=True)
def test_the_ticker_takes_up_minutes_whose_job_was_lost(sat: Room) -> None:
    made = circulated(sat)
    chair_decides(sat)
    minutes.approve(actor=sat.cast.chair, minutes=made)
    with clock.starting_at(clock.now() + timedelta(minutes=1)):
        tasks.tick()
    made.refresh_from_db()
    assert made.attempts == 1


@pytest.mark.django_db
def test_an_extract_holds_one_item(sat: Room, tmp_path: Path) -> None:
    made = circulated(sat)
    item = text_of(made).items[0]
    path = tmp_path / "extract.pdf"
    path.write_bytes(extract(made, item))
    text = " ".join(" ".join(page_texts(path)).split())
    assert "Giao Bộ Y tế hoàn thiện." in text
    assert "Nội dung khác" not in text
