"""The agenda of a meeting as one reader sees it: the one read model of the programme page and Today."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User, in_language
from meetings.enums import ItemKind, ItemState, MeetingState, MembershipRole
from meetings.members_only import masked
from meetings.models import (
    AgendaItem,
    Distribution,
    DistributionItem,
    DocumentVersion,
    Meeting,
    Membership,
    PositionStatement,
    ReadReceipt,
)
from meetings.models.agenda import ON_PAPER
from meetings.models.dossiers import withheld_from
from meetings.permissions import can_prepare, can_run_desk, membership_of
from meetings.rules import planned_starts, takes_positions


class Mark(StrEnum):
    """What the reader has still to do with a paper."""

    UNREAD = "unread"
    CHANGED = "changed"  # an earlier version was opened, this one was not
    OPENED = "opened"
    READ = "read"


@dataclass(frozen=True)
class Paper:
    """One version of one document, as distributed (or as it would be)."""

    version: DocumentVersion
    mark: Mark
    last_page: int  # where reading stopped, from 1
    changed_pages: tuple[int, ...]  # pages to look at again; empty unless ``mark`` is CHANGED

    @property
    def title(self) -> str:
        return str(self.version.document)

    @property
    def role(self) -> str:
        return self.version.document.role

    @property
    def role_label(self) -> str:
        return str(self.version.document.get_role_display())

    @property
    def pages(self) -> int:
        return self.version.pages

    @property
    def to_read(self) -> bool:
        return self.mark in (Mark.UNREAD, Mark.CHANGED)


@dataclass(frozen=True)
class ProgrammeItem:
    """One matter with its planned time, its papers and the reader's own position."""

    item: AgendaItem
    number: int
    starts_at: datetime
    papers: tuple[Paper, ...]
    position: PositionStatement | None
    may_state_position: bool
    closed: bool = False  # for members only, and the reader is none: ``item`` is a placeholder

    @property
    def minutes(self) -> int:
        return self.item.minutes

    @property
    def on_paper(self) -> bool:
        return self.item.kind == ItemKind.PAPER_ONLY

    @property
    def title(self) -> str:
        """The title, or a placeholder: a classified matter never shows its name (domain, section 6)."""
        return in_language(*ON_PAPER) if self.on_paper else str(self.item)

    @property
    def to_read(self) -> int:
        return sum(paper.to_read for paper in self.papers)

    @property
    def is_changed(self) -> bool:
        return any(paper.mark is Mark.CHANGED for paper in self.papers)


@dataclass(frozen=True)
class Section:
    """Neighbouring items of one sort under one heading."""

    title: str
    items: tuple[ProgrammeItem, ...]
    consent: bool = False

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.items)


@dataclass(frozen=True)
class Programme:
    meeting: Meeting
    items: tuple[ProgrammeItem, ...]
    distribution: Distribution | None  # the newest one, with number, note, changes and time
    chair: Membership | None
    membership: Membership | None  # the reader's own mandate
    prepares: bool
    runs_desk: bool
    sections: tuple[Section, ...] = field(default=())

    @property
    def votes(self) -> bool:
        return self.membership is not None and self.membership.votes

    @property
    def papers(self) -> tuple[Paper, ...]:
        return tuple(paper for row in self.items for paper in row.papers)

    @property
    def to_read(self) -> int:
        return sum(row.to_read for row in self.items)

    @property
    def changed(self) -> int:
        return sum(paper.mark is Mark.CHANGED for paper in self.papers)

    @property
    def pages(self) -> int:
        return sum(paper.pages for paper in self.papers)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.items)

    @property
    def positions_missing(self) -> int:
        return sum(row.may_state_position and row.position is None for row in self.items)

    @property
    def ends_at(self) -> datetime:
        """When the meeting ends if every item keeps to its minutes."""
        return self.meeting.starts_at + timedelta(minutes=self.minutes)


def programme(meeting: Meeting, user: User, *, preview: bool = False) -> Programme:
    """The programme as ``user`` sees it, in a constant number of queries.

    Members see what the newest distribution says. Before the first one, and with ``preview`` (the
    secretariat's "as a member sees it"), the newest version of every paper is shown. The caller checks
    ``can_read_meeting`` first.
    """
    membership = membership_of(user, meeting.body)
    distribution = None if preview else meeting.distributions.select_related("distributed_by").first()
    closed = set(meeting.items.closed_to(user).values_list("pk", flat=True))
    items = [masked(item) if item.pk in closed else item for item in _items(meeting, distribution)]
    versions = _distributed(distribution) if distribution else _newest(items)
    versions = _open_to(user, versions)
    marks = _marks(user, [version for group in versions.values() for version in group])
    papers = {pk: tuple(marks[version.pk] for version in group) for pk, group in versions.items()}
    rows = _rows(meeting, items, papers, membership, closed)
    return Programme(
        meeting=meeting,
        items=rows,
        distribution=distribution,
        chair=_chair(meeting),
        membership=membership,
        prepares=can_prepare(user, meeting.body),
        runs_desk=can_run_desk(user, meeting),
        sections=_sections(rows),
    )


def _items(meeting: Meeting, distribution: Distribution | None) -> list[AgendaItem]:
    """The agenda in order; once distributed and not yet begun, as the distribution froze it."""
    items = list(
        meeting.items.select_related("sponsor", "rapporteur", "dossier").order_by("sort_order", "pk")
    )
    if distribution is None:
        return [item for item in items if item.state != ItemState.POSTPONED]
    if meeting.state != MeetingState.DISTRIBUTED:
        return items
    rank = {row["id"]: place for place, row in enumerate(json.loads(bytes(distribution.manifest))["items"])}
    return sorted((item for item in items if item.pk in rank), key=lambda item: rank[item.pk])


def _distributed(distribution: Distribution) -> dict[int, list[DocumentVersion]]:
    groups: dict[int, list[DocumentVersion]] = defaultdict(list)
    papers = DistributionItem.objects.filter(distribution=distribution).select_related("version__document")
    for paper in papers:
        groups[paper.item_id].append(paper.version)
    return groups


def _newest(items: Iterable[AgendaItem]) -> dict[int, list[DocumentVersion]]:
    groups: dict[int, list[DocumentVersion]] = defaultdict(list)
    for version in newest_versions(items):
        groups[version.document.dossier.item_id or 0].append(version)
    return groups


def _open_to(user: User, groups: dict[int, list[DocumentVersion]]) -> dict[int, list[DocumentVersion]]:
    """Without the papers that are withheld from the reader."""
    shown = [version.pk for group in groups.values() for version in group]
    hidden = set(
        DocumentVersion.objects.filter(withheld_from(user), pk__in=shown).values_list("pk", flat=True)
    )
    return {pk: [one for one in group if one.pk not in hidden] for pk, group in groups.items()}


def newest_versions(items: Iterable[AgendaItem]) -> list[DocumentVersion]:
    """The newest version of every document on these items, in reading order."""
    rows = (
        DocumentVersion.objects.filter(document__dossier__item__in=[item.pk for item in items])
        .select_related("document__dossier")
        .order_by("document__sort_order", "document_id", "-number")
    )
    return [next(group) for _pk, group in groupby(rows, key=lambda version: version.document_id)]


def _marks(user: User, versions: Sequence[DocumentVersion]) -> dict[int, Paper]:
    documents = {version.document_id for version in versions}
    receipts = ReadReceipt.objects.filter(user=user, version__document__in=documents)
    opened: dict[int, list[ReadReceipt]] = defaultdict(list)
    for receipt in receipts.select_related("version"):
        opened[receipt.version.document_id].append(receipt)
    return {version.pk: _paper(version, opened[version.document_id]) for version in versions}


def _paper(version: DocumentVersion, receipts: Sequence[ReadReceipt]) -> Paper:
    mine = next((receipt for receipt in receipts if receipt.version_id == version.pk), None)
    if mine is not None:
        return Paper(version, Mark.READ if mine.finished_at else Mark.OPENED, mine.last_page, ())
    if any(receipt.version.number < version.number for receipt in receipts):
        return Paper(version, Mark.CHANGED, 1, tuple(version.changed_pages))
    return Paper(version, Mark.UNREAD, 1, ())


def _positions(items: Sequence[AgendaItem], membership: Membership | None) -> dict[int, PositionStatement]:
    if membership is None:
        return {}
    mine = PositionStatement.objects.filter(membership=membership, item__in=[item.pk for item in items])
    return {position.item_id: position for position in mine}


def _rows(
    meeting: Meeting,
    items: Sequence[AgendaItem],
    papers: dict[int, tuple[Paper, ...]],
    membership: Membership | None,
    closed: set[int],
) -> tuple[ProgrammeItem, ...]:
    rows = []
    starts = planned_starts(meeting.starts_at, [item.minutes for item in items])
    positions = _positions(items, membership)
    votes = membership is not None and membership.votes
    for number, item in enumerate(items, start=1):
        may_state = votes and takes_positions(meeting.state, item.state, item.kind)
        own = positions.get(item.pk)
        rows.append(
            ProgrammeItem(
                item=item,
                number=number,
                starts_at=starts[number - 1],
                papers=papers.get(item.pk, ()),
                position=own,
                may_state_position=may_state,
                closed=item.pk in closed,
            )
        )
    return tuple(rows)


def _chair(meeting: Meeting) -> Membership | None:
    day = timezone.localtime(meeting.starts_at).date()
    chairs = meeting.body.memberships.in_force(day).filter(role=MembershipRole.CHAIR)
    chair: Membership | None = chairs.select_related("user").first()
    return chair


def heading_of(item: AgendaItem) -> tuple[str, bool]:
    """The heading the item stands under, and whether it is the list adopted without discussion."""
    if item.consent:
        return _("Adopted without discussion"), True
    headings = {
        ItemKind.MINUTES: _("Opening"),
        ItemKind.DISCUSSION: _("Discussion"),
        ItemKind.INFORMATION: _("For information"),
    }
    return headings.get(ItemKind(item.kind), _("Discussion and vote")), False


def _sections(rows: Sequence[ProgrammeItem]) -> tuple[Section, ...]:
    groups = groupby(rows, key=lambda row: heading_of(row.item))
    return tuple(Section(title, tuple(group), consent) for (title, consent), group in groups)
