"""The programme of a meeting with what only a screen adds: expected hours, results, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User, in_language
from ecabinet.common.clock import now
from frontend.dates import hour, local_day
from frontend.queries.taking_part import OwnPresence, TakingPart, own_presence, taking_part
from meetings.enums import DECIDING_POLLS, PRESENT_STATES, VOTING_ROLES, ItemKind, ItemState, MeetingState
from meetings.models import (
    ConsentAdoption,
    Decision,
    Distribution,
    DocumentVersion,
    ItemPoll,
    Meeting,
    Minutes,
    RollCall,
)
from meetings.poll_view import chosen_option
from meetings.queries import Programme, ProgrammeItem, programme
from meetings.queries.receipts import OwnVote, own_votes
from voting.enums import PollState
from voting.rules import PRESETS, quorum_needed
from voting.verdict_text import sentence


@dataclass(frozen=True)
class Result:
    """How an item ended, in a line; ``reason`` is the sentence a person can check."""

    tone: str  # "adopted", "final" or "read"
    words: str
    reason: str = ""
    decision: Decision | None = None


@dataclass(frozen=True)
class Row:
    """One item of the programme as the page shows it."""

    entry: ProgrammeItem
    expected_at: datetime | None  # when it will probably be called; None: as planned
    result: Result | None
    is_mine: bool  # the reader presents it
    part: TakingPart  # the reader's own
    minutes: Minutes | None = None  # that adopting the item approves, once the reader may read them
    votes: tuple[OwnVote, ...] = ()  # what the reader cast on it

    @property
    def is_current(self) -> bool:
        return self.entry.item.state == ItemState.CURRENT

    @property
    def is_done(self) -> bool:
        return self.entry.item.state == ItemState.DONE

    @property
    def reopened(self) -> bool:
        """Waits again after it was over."""
        item = self.entry.item
        return item.reopened_at is not None and item.state == ItemState.WAITING

    @property
    def is_postponed(self) -> bool:
        return self.entry.item.state == ItemState.POSTPONED


@dataclass(frozen=True)
class Part:
    """A part of the programme under one heading."""

    title: str
    minutes: int
    consent: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Presence:
    """How many voting members are there, of how many, and how many it takes."""

    present: int
    members: int
    needed: int

    @property
    def is_quorate(self) -> bool:
        return self.present >= self.needed


@dataclass(frozen=True)
class Change:
    """One paper that differs from the distribution before."""

    kind: str  # "changed", "added" or "removed"
    version: DocumentVersion


@dataclass(frozen=True)
class Agenda:
    """Everything on the page of a meeting."""

    programme: Programme
    parts: tuple[Part, ...]
    presence: Presence
    changes: tuple[Change, ...]
    own_presence: OwnPresence | None = None
    has_minutes: bool = False  # there are some for the reader, or the reader can draw them up

    @property
    def meeting(self) -> Meeting:
        return self.programme.meeting

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def current(self) -> Row | None:
        return next((row for row in self.rows if row.is_current), None)

    @property
    def next_mine(self) -> Row | None:
        """The item the reader presents next, if it is still to come."""
        return next(
            (row for row in self.rows if row.is_mine and row.entry.item.state == ItemState.WAITING), None
        )

    @property
    def is_over(self) -> bool:
        """Nothing is to be prepared any more: what was not read is not asked for."""
        return self.meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED)

    @property
    def since(self) -> datetime:
        """When the meeting began, as it happened if it did."""
        return self.meeting.started_at or self.meeting.starts_at

    @property
    def started(self) -> bool:
        """Sits, or has sat."""
        return self.meeting.state in (MeetingState.IN_SESSION, MeetingState.ADJOURNED)

    @property
    def in_session(self) -> bool:
        return self.meeting.state == MeetingState.IN_SESSION


def agenda(meeting: Meeting, user: User, *, preview: bool = False) -> Agenda:
    """The page of a meeting for this reader, in a constant number of queries.

    The caller checks ``can_read_meeting`` first.
    """
    plan = programme(meeting, user, preview=preview)
    expected = expected_starts(plan.items, now()) if meeting.state == MeetingState.IN_SESSION else {}
    results, votes = _results(meeting, plan.items), own_votes(user, meeting)
    approvals = {row.approval_item_id or 0: row for row in _approvals(meeting, user)}
    part = taking_part(plan)
    parts = tuple(
        Part(
            section.title,
            section.minutes,
            section.consent,
            tuple(
                replace(
                    _row(entry, expected, results, part[entry.item.pk], user),
                    minutes=approvals.get(entry.item.pk),
                    votes=tuple(votes.get(entry.item.pk, ())),
                )
                for entry in section.items
            ),
        )
        for section in plan.sections
    )
    return Agenda(
        plan,
        parts,
        _presence(meeting),
        _changes(plan.distribution, user),
        own_presence(plan),
        _has_minutes(meeting, user, prepares=plan.prepares),
    )


def _approvals(meeting: Meeting, user: User) -> QuerySet[Minutes]:
    """Minutes that stand on this agenda to be approved."""
    return Minutes.objects.visible_to(user).filter(approval_item__meeting=meeting).select_related("meeting")


def _has_minutes(meeting: Meeting, user: User, *, prepares: bool) -> bool:
    if meeting.state != MeetingState.ADJOURNED:
        return False
    return prepares or Minutes.objects.visible_to(user).filter(meeting=meeting).exists()


def _row(
    entry: ProgrammeItem,
    expected: Mapping[int, datetime],
    results: Mapping[int, Result],
    part: TakingPart,
    user: User,
) -> Row:
    return Row(
        entry=entry,
        expected_at=expected.get(entry.item.pk),
        result=None if entry.closed else results.get(entry.item.pk),
        is_mine=entry.item.rapporteur_id == user.pk and not entry.on_paper,
        part=part,
    )


def expected_starts(rows: Sequence[ProgrammeItem], moment: datetime) -> dict[int, datetime]:
    """When each waiting item will probably be called, by item id; only where it differs from the plan.

    The current item takes its minutes from when it was called, and lasts until now when it overruns;
    what waits follows in order.
    """
    starts: dict[int, datetime] = {}
    free: datetime | None = None
    for row in rows:
        item = row.item
        if item.state == ItemState.CURRENT:
            free = max(moment, (item.started_at or moment) + timedelta(minutes=item.minutes))
        elif item.state == ItemState.WAITING:
            start = free or max(moment, row.starts_at)
            if abs(start - row.starts_at) >= timedelta(minutes=1):
                starts[item.pk] = start
            free = start + timedelta(minutes=item.minutes)
    return starts


def _results(meeting: Meeting, rows: Sequence[ProgrammeItem]) -> dict[int, Result]:
    polls = (
        ItemPoll.objects.filter(item__meeting=meeting, poll__state=PollState.CLOSED)
        .filter(kind__in=DECIDING_POLLS)
        .select_related(
            "poll__decision__record", "poll__roll_call__entered_by", "poll__roll_call__confirmed_by"
        )
        .order_by("poll__closed_at", "pk")
    )
    voted = {link.item_id: _verdict(link) for link in polls if link.poll.verdict}
    plain = {row.item.pk: _ending(row) for row in rows if row.item.state == ItemState.DONE}
    adoptions = ConsentAdoption.objects.filter(item__meeting=meeting).select_related("decision__record")
    block = {adoption.item_id: _adopted(adoption) for adoption in adoptions}
    return {pk: result for pk, result in {**plain, **block, **voted}.items() if result}


def _adopted(adoption: ConsentAdoption) -> Result:
    words = _("Adopted without discussion at %(hour)s") % {"hour": hour(adoption.adopted_at)}
    return Result("adopted", words, decision=getattr(adoption, "decision", None))


def _verdict(link: ItemPoll) -> Result:
    verdict = link.poll.verdict or {}
    option = in_language(*chosen_option(verdict))
    counts = {"in_favour": verdict["in_favour"], "members": verdict["members"], "option": option}
    words = (
        _("Chosen: %(option)s, %(in_favour)d of %(members)d in favour")
        if option
        else _("Adopted, %(in_favour)d of %(members)d in favour")
        if verdict["adopted"]
        else _("Not adopted, %(in_favour)d of %(members)d in favour")
    )
    decision = getattr(link.poll, "decision", None)
    tone = "adopted" if verdict["adopted"] else "final"
    reason = " ".join(part for part in (sentence(verdict), _by_roll_call(link)) if part)
    return Result(tone, words % counts, reason, decision)


def _by_roll_call(link: ItemPoll) -> str:
    row: RollCall | None = getattr(link.poll, "roll_call", None)
    if row is None:
        return ""
    people = {"entered": row.entered_by, "confirmed": row.confirmed_by}
    return _("By roll call, entered later by %(entered)s, confirmed by %(confirmed)s.") % people


def _ending(row: ProgrammeItem) -> Result | None:
    """The line of an item that ended without a poll."""
    item = row.item
    if item.ended_at is None:
        return None
    at = {"hour": hour(item.ended_at)}
    if item.kind == ItemKind.MINUTES:
        return Result("adopted", _("Adopted at %(hour)s") % at)
    return Result("read", _("Concluded at %(hour)s") % at)


def _presence(meeting: Meeting) -> Presence:
    day = local_day(meeting.starts_at)
    members = meeting.body.memberships.in_force(day).voting().count()
    present = meeting.attendances.filter(
        presence__in=PRESENT_STATES, membership__role__in=VOTING_ROLES
    ).count()
    return Presence(present, members, quorum_needed(PRESETS[meeting.body.rule_preset], members))


def _changes(distribution: Distribution | None, user: User) -> tuple[Change, ...]:
    """What the newest distribution changed; nothing for the first one, where all is new."""
    if distribution is None or distribution.number < 2:
        return ()
    kinds = {
        pk: kind for kind in ("changed", "added", "removed") for pk in distribution.changes.get(kind, [])
    }
    versions = DocumentVersion.objects.visible_to(user).filter(pk__in=kinds).select_related("document")
    order = ("changed", "added", "removed")
    found = [Change(kinds[version.pk], version) for version in versions]
    return tuple(sorted(found, key=lambda change: (order.index(change.kind), change.version.pk)))
