"""Everything the live room's projection needs, read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from ecabinet.accounts.models import Appointment
from meetings.enums import DocumentRole, ItemState, Stance
from meetings.models import (
    AgendaItem,
    Attendance,
    ConsentAdoption,
    DistributionItem,
    FloorRequest,
    ItemPoll,
    Meeting,
    Membership,
    PositionStatement,
    PresentedPage,
    Proxy,
    Recusal,
    RollCall,
)
from meetings.queries.consent import PULLING, Objector, objectors
from meetings.queries.polls import deciding
from meetings.queries.proxies import proxies_in_force
from voting.enums import PollState
from voting.models import Ballot, Elector, Poll
from voting.queries import current_ballots


@dataclass(frozen=True, order=True)
class Head:
    """How new a state is: events first, then ballots in the open poll, changed ones too, then pages turned
    by the presenter. All only grow.
    """

    seq: int
    votes: int
    pages: int = 0


@dataclass(frozen=True)
class PollFacts:
    item_id: int
    poll: Poll
    link: ItemPoll
    electors: tuple[Elector, ...]
    choices: dict[int, str]  # elector id → choice of the ballot that counts


@dataclass(frozen=True)
class LiveFacts:
    """One reading of the database; the head was read first, so the rest is never older than it."""

    head: Head
    meeting: Meeting
    items: tuple[AgendaItem, ...]
    members: tuple[Membership, ...]  # voting mandates in order of precedence
    people: dict[int, Membership]  # all mandates by user id
    appointments: dict[int, Appointment]  # the principal one by user id
    attendances: dict[int, Attendance]  # by membership id
    floor: tuple[FloorRequest, ...]
    papers: tuple[DistributionItem, ...]  # of the current item, as distributed last
    outcomes: dict[int, Poll]  # the closed poll that decides it by item id
    poll: PollFacts | None
    polls: tuple[ItemPoll, ...] = ()  # all of the meeting but cancelled ones, as they were put
    proxies: tuple[Proxy, ...] = ()  # in force, as they were given
    wishes: dict[int, int] = field(default_factory=dict)
    stances: dict[str, int] = field(default_factory=dict)
    against: dict[int, int] = field(default_factory=dict)  # positions that object or wish to speak
    objectors: dict[int, list[Objector]] = field(default_factory=dict)  # by item of the consent list
    adoptions: dict[int, ConsentAdoption] = field(default_factory=dict)  # by item adopted in the block
    recusals: tuple[Recusal, ...] = ()  # of all items
    roll_calls: tuple[RollCall, ...] = ()  # confirmed or not
    presented: PresentedPage | None = None  # of a paper of the current item

    @property
    def current(self) -> AgendaItem | None:
        return next((item for item in self.items if item.state == ItemState.CURRENT), None)

    @property
    def draft(self) -> DistributionItem | None:
        drafts = (paper for paper in self.papers if paper.version.document.role == DocumentRole.DRAFT)
        return next(drafts, None)


_HEAD = """
    SELECT m.seq, (
        SELECT COUNT(b.id)
        FROM meetings_itempoll ip
        JOIN meetings_agendaitem i ON i.id = ip.item_id
        JOIN voting_poll p ON p.id = ip.poll_id
        JOIN voting_ballot b ON b.poll_id = p.id
        WHERE i.meeting_id = m.id AND p.state = %s
    ), COALESCE((SELECT turns FROM meetings_presentedpage WHERE meeting_id = m.id), 0)
    FROM meetings_meeting m WHERE m.id = %s
"""


def head_of(meeting_id: int) -> Head | None:
    """The newest head, in one query; None when there is no such meeting."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [PollState.OPEN, meeting_id])
        row = cursor.fetchone()
    return Head(*row) if row else None


def day_of(meeting: Meeting) -> date:
    """The day whose mandates sit: when the meeting began, or is to begin."""
    return timezone.localdate(meeting.started_at or meeting.starts_at)


def voting_members(meeting: Meeting) -> list[Membership]:
    """The mandates that vote, in order of precedence: seats, quorum and electorates."""
    rows = Membership.objects.in_force(day_of(meeting)).voting().filter(body=meeting.body_id)
    return list(rows.select_related("user"))


def live_facts(meeting_id: int) -> LiveFacts:
    """Raises Meeting.DoesNotExist."""
    head = head_of(meeting_id)
    meeting = Meeting.objects.select_related("body").get(pk=meeting_id)
    items = tuple(meeting.items.select_related("sponsor", "rapporteur").order_by("sort_order", "pk"))
    current = next((item for item in items if item.state == ItemState.CURRENT), None)
    members = tuple(voting_members(meeting))
    people = _people(meeting)
    users = {*people, *(item.rapporteur_id for item in items if item.rapporteur_id)}
    polls, papers = _polls(meeting), _papers(meeting, current)
    return LiveFacts(
        head=head or Head(0, 0),
        meeting=meeting,
        items=items,
        members=members,
        people=people,
        appointments=_appointments(users, day_of(meeting)),
        attendances={row.membership_id: row for row in Attendance.objects.filter(meeting=meeting)},
        floor=_floor(meeting),
        papers=papers,
        outcomes=outcomes_of(polls),
        poll=_shown(polls, current),
        polls=tuple(polls),
        proxies=proxies_in_force(meeting),
        wishes=_wishes(items, [Stance.SPEAK]),
        against=_wishes(items, PULLING),
        stances=_stances(current),
        objectors=objectors(meeting, items),
        adoptions={row.item_id: row for row in ConsentAdoption.objects.filter(item__meeting=meeting)},
        presented=_presented(meeting, papers),
        roll_calls=tuple(
            RollCall.objects.filter(item__meeting=meeting)
            .select_related("entered_by", "confirmed_by")
            .order_by("pk")
        ),
        recusals=tuple(Recusal.objects.filter(item__meeting=meeting).order_by("pk")),
    )


def _people(meeting: Meeting) -> dict[int, Membership]:
    rows = Membership.objects.in_force(day_of(meeting)).filter(body=meeting.body_id).select_related("user")
    return {row.user_id: row for row in rows.order_by("-seniority")}


def _appointments(users: Iterable[int], on: date) -> dict[int, Appointment]:
    rows = Appointment.objects.in_force(on).filter(user__in=users).select_related("position__agency")
    # The best rank is read last and stays.
    return {row.user_id: row for row in rows.order_by("-position__rank", "-starts_on", "-pk")}


def _floor(meeting: Meeting) -> tuple[FloorRequest, ...]:
    rows = FloorRequest.objects.filter(item__meeting=meeting).select_related("membership__user", "item")
    return tuple(rows)


def _papers(meeting: Meeting, current: AgendaItem | None) -> tuple[DistributionItem, ...]:
    last = meeting.distributions.order_by("-number").values_list("pk", flat=True).first()
    if current is None or last is None:
        return ()
    rows = DistributionItem.objects.filter(distribution=last, item=current)
    return tuple(rows.select_related("version__document"))


def _presented(meeting: Meeting, papers: Sequence[DistributionItem]) -> PresentedPage | None:
    """Nothing once another item is on the table."""
    shown = [paper.version_id for paper in papers]
    return (
        PresentedPage.objects.filter(meeting=meeting, version__in=shown)
        .select_related("presented_by")
        .first()
    )


def current_item(meeting: Meeting) -> AgendaItem | None:
    items = AgendaItem.objects.filter(meeting=meeting, state=ItemState.CURRENT)
    item: AgendaItem | None = items.select_related("meeting__body").first()
    return item


def papers_of(meeting: Meeting, item: AgendaItem) -> tuple[DistributionItem, ...]:
    """The papers of an item as distributed last."""
    return _papers(meeting, item)


def _polls(meeting: Meeting) -> list[ItemPoll]:
    shown = ItemPoll.objects.filter(item__meeting=meeting).exclude(poll__state=PollState.CANCELLED)
    return sorted(shown.select_related("poll"), key=lambda row: held_order(row.poll))


def held_order(poll: Poll) -> tuple[bool, datetime, int]:
    """Sorts by when polls were held: a roll call is entered later than it was. What is open comes last."""
    return poll.state == PollState.OPEN, poll.closed_at or poll.opened_at, poll.pk


def outcomes_of(polls: Sequence[ItemPoll]) -> dict[int, Poll]:
    """The closed poll that decides each item, given polls in the order in which they were held."""
    deciders = {row.item_id: row for row in polls if deciding([row])}
    return {item_id: row.poll for item_id, row in deciders.items()}


def _shown(polls: Sequence[ItemPoll], current: AgendaItem | None) -> PollFacts | None:
    """The newest poll of the current item: only one is open at a time."""
    row = next((row for row in reversed(polls) if current and row.item_id == current.pk), None)
    return poll_facts(row) if row is not None else None


def poll_facts(row: ItemPoll) -> PollFacts:
    """A poll with its electorate and the ballots that count."""
    electors = tuple(Elector.objects.filter(poll=row.poll))
    return PollFacts(row.item_id, row.poll, row, electors, _choices(row.poll))


def _choices(poll: Poll) -> dict[int, str]:
    ballots: Iterable[Ballot] = current_ballots(poll)
    return {ballot.elector_id: ballot.choice for ballot in ballots}


def _wishes(items: Sequence[AgendaItem], stances: Sequence[str]) -> dict[int, int]:
    rows = PositionStatement.objects.filter(item__in=[item.pk for item in items], stance__in=stances)
    return dict(rows.values_list("item").annotate(Count("pk")))


def _stances(current: AgendaItem | None) -> dict[str, int]:
    if current is None:
        return {}
    rows = PositionStatement.objects.filter(item=current)
    return dict(rows.values_list("stance").annotate(Count("pk")))
