"""The demo's meetings: past ones held to the end, the present one opened, the next one begun."""

from __future__ import annotations

import calendar
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.demo import assignments, minutes
from ecabinet.demo.cast import Cast
from ecabinet.demo.content.agendas import NEXT, NOW, PAST, ItemRow, opening
from ecabinet.demo.content.papers import PaperRow, decision_text, law, papers_of, printed
from meetings.actions import agenda, decisions, distribution, dossiers, live, positions, reading
from meetings.enums import DocumentRole, Presence, Stance
from meetings.models import AgendaItem, Decision, Document, DocumentVersion, Meeting
from signing import actions as signing
from signing.queries import waiting_for

MORNING = timedelta(hours=8)
PLACE = "Phòng họp số 1, Trụ sở Chính phủ", "Meeting room 1, Government House"
ABSENT_NOW = (8, 26)  # places of members who cannot come to the present meeting


def hold_past_meetings(cast: Cast) -> None:
    """Three regular meetings, three, two and one month ago."""
    for months, rows in zip((3, 2, 1), PAST, strict=True):
        day = _thursday(clock.today() - timedelta(days=30 * months))
        starts = timezone.make_aware(datetime.combine(day, datetime.min.time())) + MORNING
        before = _month(day.month - 1 or 12)
        with clock.starting_at(starts - timedelta(days=6)):
            meeting, items = _announced(cast, starts, (opening(*before), *rows))
            distribution.distribute(actor=cast.clerk, meeting=meeting)
            minutes.put_on_agenda(cast, items[0])
        with clock.starting_at(starts):
            _sit(cast, meeting, items)
        with clock.starting_at(starts + timedelta(hours=5)):
            minutes.sign_approved(cast)
            _sign(cast, _decisions(cast, items, unsigned=False))
            minutes.circulate(cast, meeting)


def open_current_meeting(cast: Cast) -> None:
    """Papers out twice, positions stated, decisions brought to the chair, the sitting just opened."""
    assignments.give(cast)
    starts = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
    with clock.starting_at(starts - timedelta(days=5)):
        meeting, items = _announced(cast, starts, NOW)
        distribution.distribute(actor=cast.clerk, meeting=meeting)
        minutes.put_on_agenda(cast, items[0])
        minutes.comment(cast)
        _read_and_state(cast, items)
    with clock.starting_at(starts - timedelta(hours=2)):
        _revise_draft(cast, items[1], NOW[1])
        note = "Dự thảo Nghị định được chỉnh lý theo ý kiến của Bộ Tư pháp."
        distribution.distribute(actor=cast.clerk, meeting=meeting, note=note)
        _decisions(cast, AgendaItem.objects.exclude(meeting=meeting).order_by("pk"), unsigned=True)
    with clock.starting_at(starts):
        _take_places(cast, meeting, absent=ABSENT_NOW)
        live.start(actor=cast.chair, meeting_id=meeting.pk)
        live.call_item(actor=cast.chair, meeting_id=meeting.pk, item_id=items[0].pk)


def prepare_next_meeting(cast: Cast) -> None:
    """In a month; the last item has no papers yet, so it cannot go out."""
    day = _thursday(clock.today() + timedelta(days=28))
    starts = timezone.make_aware(datetime.combine(day, datetime.min.time())) + MORNING
    _announced(cast, starts, NEXT)


def _announced(cast: Cast, starts: datetime, rows: Sequence[ItemRow]) -> tuple[Meeting, list[AgendaItem]]:
    """A regular meeting with its agenda and the papers of every item."""
    day = timezone.localdate(starts)
    minutes = sum(row.minutes for row in rows)
    month, month_en = _month(day.month)
    meeting = agenda.create_meeting(
        actor=cast.clerk,
        body=cast.body,
        title=f"Phiên họp Chính phủ thường kỳ {month} năm {day.year}",
        title_en=f"Regular Government meeting, {month_en} {day.year}",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=max(minutes, 60)),
        place=PLACE[0],
        place_en=PLACE[1],
    )
    return meeting, [_item(cast, meeting, row, timezone.localdate(clock.now())) for row in rows]


def _item(cast: Cast, meeting: Meeting, row: ItemRow, on: date) -> AgendaItem:
    sponsor = cast.agencies[row.sponsor]
    item = agenda.add_item(
        actor=cast.clerk,
        meeting=meeting,
        title=row.title,
        title_en=row.title_en,
        kind=row.kind,
        sponsor=sponsor,
        rapporteur=cast.people[row.rapporteur],
        minutes=row.minutes,
        consent=row.consent,
    )
    papers = list(papers_of(row, sponsor.name, on, sponsor.abbreviation))
    if papers:
        dossier = dossiers.create_dossier(
            actor=cast.clerk, agency=sponsor, title=row.title, title_en=row.title_en, item=item
        )
        for paper in papers:
            document = dossiers.add_document(
                actor=cast.clerk, dossier=dossier, role=paper.role, title=paper.title, title_en=paper.title_en
            )
            upload(cast, document.pk, paper)
    return item


def upload(cast: Cast, document_id: int, paper: PaperRow) -> DocumentVersion:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(printed(paper))
        document = Document.objects.get(pk=document_id)
        return dossiers.add_version(
            actor=cast.clerk, document=document, path=path, filename=f"{paper.role.value}.pdf"
        )


def _revise_draft(cast: Cast, item: AgendaItem, row: ItemRow) -> None:
    draft = item.dossier.documents.get(role=DocumentRole.DRAFT)
    sponsor = cast.agencies[row.sponsor]
    papers = papers_of(row, sponsor.name, clock.today(), sponsor.abbreviation)
    paper = next(each for each in papers if each.role == DocumentRole.DRAFT)
    upload(cast, draft.pk, replace(paper, revised=True))


def _take_places(cast: Cast, meeting: Meeting, absent: Sequence[int] = ()) -> None:
    here = [m.pk for place, m in enumerate(cast.members) if place not in absent]
    away = [m.pk for place, m in enumerate(cast.members) if place in absent]
    live.set_presence(actor=cast.clerk, meeting_id=meeting.pk, presence=Presence.PRESENT, membership_ids=here)
    if away:
        live.set_presence(
            actor=cast.clerk,
            meeting_id=meeting.pk,
            presence=Presence.ABSENT,
            membership_ids=away,
            reason="Công tác nước ngoài",
        )


def _sit(cast: Cast, meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    """Hold a meeting from the first item to the last, each taking its minutes."""
    _take_places(cast, meeting)
    live.start(actor=cast.chair, meeting_id=meeting.pk)
    rows = next(rows for rows in PAST if rows[0].title == items[1].title)
    begins = clock.now()
    for item, row in zip(items, (None, *rows), strict=True):
        ends = begins + timedelta(minutes=item.minutes)
        with clock.starting_at(begins):
            live.call_item(actor=cast.clerk, meeting_id=meeting.pk, item_id=item.pk)
        if row is not None and not item.consent:
            _speak(cast, meeting, item, begins)
        with clock.starting_at(ends - timedelta(minutes=2)):
            if row is not None and row.outcome is not None:
                _vote(cast, meeting, item, row)
        with clock.starting_at(ends):
            live.end_item(actor=cast.clerk, meeting_id=meeting.pk, item_id=item.pk)
        begins = ends
    with clock.starting_at(begins):
        live.adjourn(actor=cast.chair, meeting_id=meeting.pk)


def _speak(cast: Cast, meeting: Meeting, item: AgendaItem, begins: datetime) -> None:
    """Two members take the floor, one after the other."""
    for turn in range(2):
        speaker = cast.members[1 + (5 * item.pk + 7 * turn) % (len(cast.members) - 1)].user
        with clock.starting_at(begins + timedelta(minutes=2 + 4 * turn)):
            asked = live.request_floor(actor=speaker, meeting_id=meeting.pk).body["request"]
            live.give_floor(actor=cast.chair, meeting_id=meeting.pk, request_id=asked)
        with clock.starting_at(begins + timedelta(minutes=5 + 4 * turn, seconds=20 * turn)):
            live.end_floor(actor=speaker, meeting_id=meeting.pk, request_id=asked)


def _vote(cast: Cast, meeting: Meeting, item: AgendaItem, row: ItemRow) -> None:
    outcome = row.outcome
    if outcome is None:
        return
    opened = live.open_poll(actor=cast.clerk, meeting_id=meeting.pk, item_id=item.pk)
    poll_id = opened.body["poll"]
    choices = ["against"] * outcome.against + ["abstain"] * outcome.abstain
    choices += ["for"] * (len(cast.members) - len(choices))
    # From the lowest rank up, so that the chair is among those in favour.
    for member, choice in zip(reversed(cast.members), choices, strict=True):
        live.cast_ballot(
            actor=member.user, meeting_id=meeting.pk, poll_id=poll_id, choice=choice, key=f"demo-{member.pk}"
        )
    live.close_poll(actor=cast.clerk, meeting_id=meeting.pk, poll_id=poll_id)
    conclusion = f"Giao {item.sponsor} tiếp thu ý kiến, hoàn thiện và trình ký ban hành."
    live.record_conclusion(actor=cast.clerk, meeting_id=meeting.pk, item_id=item.pk, text=conclusion)


def _decisions(cast: Cast, items: Iterable[AgendaItem], *, unsigned: bool) -> list[Decision]:
    """Number and print what was adopted; it then waits for the chair."""
    rows = {row.title: row for rows in PAST for row in rows}
    made = []
    for item in items:
        row = rows.get(item.title)
        if row is None or row.outcome is None or row.unsigned is not unsigned:
            continue
        if row.outcome.against > len(cast.members) // 2:
            continue
        decision = decisions.prepare(
            actor=cast.clerk,
            item=item,
            type=row.outcome.type,
            abstract=row.title,
            abstract_en=row.title_en,
            content=decision_text(row, law(row.law)[3 : 3 + min(row.articles, 5)]),
            recipients="Các bộ, cơ quan ngang bộ;\nUBND các tỉnh, thành phố;\nLưu: VT, TH.",
            public=True,
        )
        made.append(decisions.advance(decision.pk))
    return made


def _sign(cast: Cast, made: Sequence[Decision]) -> None:
    """The chair signs; the decisions are sealed and put away."""
    requests = [request.pk for request in waiting_for(cast.chair)]
    signing.authorise(actor=cast.chair, request_ids=requests, gesture=DemoGesture())
    for decision in made:
        decisions.advance(decision.pk)


def _read_and_state(cast: Cast, items: Sequence[AgendaItem]) -> None:
    """Some members have read and stated their positions, as they do; the demo's first card among them."""
    for place, member in enumerate(cast.members[1:9], start=1):
        _read(member.user, items[1 : 1 + place % 3])
        stance, comment = STANCES[place % len(STANCES)]
        positions.state_position(actor=member.user, item=items[1 + place % 2], stance=stance, comment=comment)
    guest = cast.people["y-te"]
    _read(guest, items[:3])
    stance, comment = STANCES[1]
    positions.state_position(actor=guest, item=items[2], stance=stance, comment=comment)


def _read(user: User, items: Iterable[AgendaItem]) -> None:
    """From the first page of every paper to the last."""
    for version in DocumentVersion.objects.filter(distributed_in__item__in=[item.pk for item in items]):
        reading.record_opened(actor=user, version=version)
        reading.record_progress(actor=user, version=version, page=version.pages, pages_seen=version.pages)


STANCES = (
    (Stance.AGREE, ""),
    (Stance.AGREE_COMMENT, "Đề nghị làm rõ nguồn kinh phí tại Điều 5."),
    (Stance.SPEAK, ""),
    (Stance.AGREE, ""),
    (Stance.OBJECT, "Thời hạn chuyển tiếp 6 tháng là quá ngắn đối với cấp xã."),
)


def _thursday(day: date) -> date:
    """The Thursday of that week."""
    return day + timedelta(days=3 - day.weekday())


def _month(number: int) -> tuple[str, str]:
    """The month in Vietnamese and in English."""
    return f"tháng {number}", calendar.month_name[number]
