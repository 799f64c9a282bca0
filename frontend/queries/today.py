"""What a person has to know and to do today, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from archive.models import Record
from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Appointment, User
from ecabinet.accounts.tokens import tokens_of
from ecabinet.common.clock import now, today
from frontend.queries.agenda import Agenda, agenda
from frontend.queries.assignments import tasks_today
from frontend.queries.certificates import CertificateWork, certificate_work
from frontend.queries.meetings import unread
from meetings.enums import DecisionState, MeetingState
from meetings.models import (
    AgendaItem,
    Assignment,
    Decision,
    Distribution,
    DocumentVersion,
    Meeting,
    Minutes,
    WrittenBallot,
)
from meetings.models.scope import mandates
from meetings.queries.decisions import held_up
from meetings.queries.minutes import to_remark_on
from meetings.queries.written import Deputised, out_of, told_as_deputy, waiting_for_answer
from signing.enums import Urgency
from signing.permissions import can_see_timestamps
from signing.queries import alarming_timestamps, waiting_for
from voting.enums import Entitlement, PollMode, PollState
from voting.models import Ballot, Elector

# A meeting that begins this soon is shown as the one to go to.
SOON = timedelta(minutes=90)
PAGES_PER_MINUTE = 2.5
NEWS_HOUR = 17
MOST_NEWS = 6


@dataclass(frozen=True)
class ToRead:
    papers: int
    pages: int
    meeting: Meeting | None  # the first one they are for

    @property
    def minutes(self) -> int:
        """An estimate, rounded up to five minutes."""
        return max(5, -(-int(self.pages / PAGES_PER_MINUTE) // 5) * 5)


@dataclass(frozen=True)
class ToSign:
    requests: int
    urgent: int
    oldest: datetime | None


@dataclass(frozen=True)
class News:
    """One thing that happened: ``kind`` changed, added, sent or issued; only what belongs to it is set."""

    kind: str
    at: datetime
    version: DocumentVersion | None = None
    distribution: Distribution | None = None
    decision: Decision | None = None
    count: int = 0


@dataclass(frozen=True)
class Preparation:
    """A meeting the secretariat prepares: when its papers are due, and whether that has passed."""

    meeting: Meeting
    due_on: datetime
    is_late: bool


@dataclass(frozen=True)
class Today:
    """``now`` is the meeting that is on, or begins soon. Empty parts are not shown."""

    moment: datetime
    now: Agenda | None
    to_read: ToRead
    to_sign: ToSign
    open_votes: int
    to_answer: tuple[WrittenBallot, ...]  # written ballots without my answer
    deputised: tuple[Deputised, ...]  # without the answer of whom I am the deputy of
    positions_missing: int
    news_since: datetime
    news: tuple[News, ...]
    coming: tuple[Meeting, ...]
    preparing: tuple[Preparation, ...]
    held_up: tuple[Decision, ...]  # of bodies the person prepares: returned, refused or stuck
    written: tuple[WrittenBallot, ...]  # out, of bodies the person prepares
    records: tuple[Record, ...]
    minutes: tuple[Minutes, ...]  # circulated, still to be remarked on
    tasks: tuple[Assignment, ...]  # of the own agency, or to be answered by the secretariat
    certificates: CertificateWork
    sits: bool  # in a body
    keeps_archive: bool
    timestamp_alarms: int  # for secretariat and administrators

    @property
    def is_clear(self) -> bool:
        waits = self.to_read.papers or self.to_sign.requests or self.votes
        return not (waits or self.asked or self.minutes)

    @property
    def is_registration(self) -> bool:
        """Whether requests for certificates are what this person's day is about."""
        others = self.sits or self.keeps_archive or self.now or self.coming
        return bool(self.certificates.waiting) and not others

    @property
    def asked(self) -> bool:
        return bool(self.to_answer or self.deputised)

    @property
    def votes(self) -> int:
        return self.open_votes or self.positions_missing

    @property
    def late(self) -> tuple[Preparation, ...]:
        return tuple(row for row in self.preparing if row.is_late)


def today_of(user: User) -> Today:
    """The day of this person: member, chair, secretariat, archive staff or several at once."""
    moment = now()
    meetings = _meetings(user, moment)
    on = _now(meetings, moment)
    page = agenda(on, user) if on else None
    since = _since(moment)
    sits = mandates(user).exists()
    keeps = _keeps_archive(user)
    return Today(
        moment=moment,
        now=page,
        to_read=_to_read(user),
        to_sign=_to_sign(user),
        open_votes=_open_votes(user),
        to_answer=tuple(waiting_for_answer(user)),
        deputised=told_as_deputy(user),
        positions_missing=page.programme.positions_missing if page else 0,
        news_since=since,
        news=_news(user, since),
        coming=tuple(m for m in meetings if m != on and m.state != MeetingState.PREPARING)[:3],
        preparing=tuple(_preparing(user, moment)),
        held_up=tuple(held_up(user)),
        written=tuple(out_of(user)),
        records=_records(user) if keeps else (),
        minutes=tuple(to_remark_on(user)),
        tasks=tuple(tasks_today(user)),
        certificates=certificate_work(user),
        sits=sits,
        keeps_archive=keeps,
        timestamp_alarms=alarming_timestamps() if can_see_timestamps(user) else 0,
    )


def _meetings(user: User, moment: datetime) -> list[Meeting]:
    """Meetings on or to come that the person may read, the next one first."""
    over = (MeetingState.ADJOURNED, MeetingState.CANCELLED)
    readable = Meeting.objects.visible_to(user).exclude(state__in=over).filter(ends_at__gte=moment - SOON * 4)
    return list(readable.select_related("body").order_by("starts_at"))


def _now(meetings: Sequence[Meeting], moment: datetime) -> Meeting | None:
    on = [meeting for meeting in meetings if meeting.state == MeetingState.IN_SESSION]
    soon = [
        meeting
        for meeting in meetings
        if meeting.state == MeetingState.DISTRIBUTED and meeting.starts_at <= moment + SOON
    ]
    return next(iter([*on, *soon]), None)


def _to_read(user: User) -> ToRead:
    papers = list(unread(user))
    first = papers[0].distribution.meeting if papers else None
    return ToRead(len(papers), sum(paper.version.pages for paper in papers), first)


def _to_sign(user: User) -> ToSign:
    waiting = list(waiting_for(user).values_list("urgency", "created_at"))
    urgent = sum(urgency > Urgency.NORMAL for urgency, _at in waiting)
    return ToSign(len(waiting), urgent, min((at for _urgency, at in waiting), default=None))


def _open_votes(user: User) -> int:
    voted = Ballot.objects.filter(elector=OuterRef("pk"))
    mine = Elector.objects.filter(user=user, poll__state=PollState.OPEN, poll__mode=PollMode.LIVE)
    return mine.filter(~Exists(voted), entitlement=Entitlement.PRESENT).count()


def _since(moment: datetime) -> datetime:
    """The end of yesterday's office hours."""
    local = timezone.localtime(moment) - timedelta(days=1)
    return local.replace(hour=NEWS_HOUR, minute=0, second=0, microsecond=0)


def _news(user: User, since: datetime) -> tuple[News, ...]:
    """What was sent to the person and what was issued, the newest first."""
    sent = list(
        Distribution.objects.filter(distributed_at__gte=since, recipients__membership__in=mandates(user))
        .select_related("meeting")
        .prefetch_related("papers")
    )
    found = [*_paper_news(sent, user), *_decision_news(user, since)]
    return tuple(sorted(found, key=lambda item: item.at, reverse=True)[:MOST_NEWS])


def _paper_news(sent: Sequence[Distribution], user: User) -> list[News]:
    kinds = {pk: (kind, d) for d in sent for kind in ("changed", "added") for pk in d.changes.get(kind, [])}
    later = [pk for pk, (_kind, distribution) in kinds.items() if distribution.number > 1]
    versions = (
        DocumentVersion.objects.visible_to(user).filter(pk__in=later).select_related("document__dossier")
    )
    news = [
        News(kinds[version.pk][0], kinds[version.pk][1].distributed_at, version=version)
        for version in versions
    ]
    first = [d for d in sent if d.number == 1]
    return news + [News("sent", d.distributed_at, distribution=d, count=len(d.papers.all())) for d in first]


def _decision_news(user: User, since: datetime) -> list[News]:
    issued = Decision.objects.filter(
        sealed_at__gte=since,
        state__in=(DecisionState.SEALED, DecisionState.ARCHIVED),
        item__meeting__in=Meeting.objects.visible_to(user).values("pk"),
    ).exclude(item__in=AgendaItem.objects.closed_to(user))
    return [
        News("issued", decision.sealed_at, decision=decision) for decision in issued if decision.sealed_at
    ]


def _preparing(user: User, moment: datetime) -> list[Preparation]:
    """Meetings whose papers this person has still to send out, the most pressing first."""
    rows = (
        Meeting.objects.prepared_by(user)
        .filter(state=MeetingState.PREPARING, ends_at__gte=moment)
        .select_related("body")
        .annotate(lead=F("body__papers_lead_days"))
        .order_by("starts_at")
    )
    found = [(row, row.starts_at - timedelta(days=row.lead)) for row in rows]
    return sorted((Preparation(row, due, due < moment) for row, due in found), key=lambda p: p.due_on)


def _keeps_archive(user: User) -> bool:
    held = Appointment.objects.in_force(today()).filter(user=user)
    return held.filter(position__duty=Duty.ARCHIVIST).exists()


def _records(user: User) -> tuple[Record, ...]:
    return tuple(Record.objects.visible_to(tokens_of(user)).order_by("-deposited_at")[:8])
