"""The agenda board: items with their planned times and checks, and how the time adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from meetings.enums import ItemKind, ItemState, MeetingState
from meetings.models import AgendaItem, Distribution, DocumentVersion, Meeting
from meetings.queries.programme import heading_of, newest_versions
from meetings.queries.readiness import Check, Readiness, agenda_of, readiness
from meetings.rules import Change, compare_versions, planned_starts


@dataclass(frozen=True)
class Slot:
    """One item on the board."""

    item: AgendaItem
    number: int
    starts_at: datetime
    papers: int
    checks: tuple[Check, ...]

    @property
    def on_paper(self) -> bool:
        return self.item.kind == ItemKind.PAPER_ONLY

    @property
    def stops(self) -> bool:
        return any(check.stops for check in self.checks)


@dataclass(frozen=True)
class Part:
    """Neighbouring items under one heading; ``offset`` is where its bar begins, in minutes."""

    title: str
    slots: tuple[Slot, ...]
    offset: int

    @property
    def minutes(self) -> int:
        return sum(slot.item.minutes for slot in self.slots)


@dataclass(frozen=True)
class Board:
    meeting: Meeting
    parts: tuple[Part, ...]
    postponed: tuple[AgendaItem, ...]
    readiness: Readiness
    last: Distribution | None
    change: Change  # of the papers, against the last distribution

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(slot for part in self.parts for slot in part.slots)

    @property
    def checks(self) -> list[tuple[Check, Slot | None]]:
        """What stands against distributing, each with the item where it is mended."""
        by_number = {slot.number: slot for slot in self.slots}
        return [(check, by_number.get(check.item or 0)) for check in self.readiness.checks]

    @property
    def stops(self) -> list[tuple[Check, Slot | None]]:
        return [pair for pair in self.checks if pair[0].stops]

    @property
    def advice(self) -> list[tuple[Check, Slot | None]]:
        """What does not stop the distribution."""
        return [pair for pair in self.checks if not pair[0].stops]

    @property
    def order(self) -> str:
        """All item ids as the stored order has them, parted by commas; postponed ones last."""
        ids = [slot.item.pk for slot in self.slots] + [item.pk for item in self.postponed]
        return ",".join(str(pk) for pk in ids)

    @property
    def minutes(self) -> int:
        return sum(slot.item.minutes for slot in self.slots)

    @property
    def available(self) -> int:
        return int((self.meeting.ends_at - self.meeting.starts_at).total_seconds() // 60)

    @property
    def left(self) -> int:
        return self.available - self.minutes

    @property
    def scale(self) -> int:
        """Length of the time bar in minutes."""
        return max(self.available, self.minutes, 1)

    @property
    def ends_at(self) -> datetime:
        return self.meeting.starts_at + timedelta(minutes=self.minutes)

    @property
    def open(self) -> bool:
        return self.meeting.state in (MeetingState.PREPARING, MeetingState.DISTRIBUTED)

    @property
    def next_number(self) -> int:
        return self.last.number + 1 if self.last else 1


def board(meeting: Meeting) -> Board:
    """The board of a meeting, in a constant number of queries."""
    items = agenda_of(meeting)
    state = readiness(meeting)
    papers = newest_versions(items)
    slots = _slots(meeting, items, [version.document.dossier.item_id or 0 for version in papers], state)
    last: Distribution | None = meeting.distributions.select_related("distributed_by").first()
    before = dict(last.papers.values_list("version__document_id", "version_id")) if last else {}
    return Board(
        meeting=meeting,
        parts=_parts(slots),
        postponed=tuple(meeting.items.filter(state=ItemState.POSTPONED).order_by("sort_order", "pk")),
        readiness=state,
        last=last,
        change=compare_versions(before, {version.document_id: version.pk for version in papers}),
    )


def news(change: Change) -> list[tuple[str, DocumentVersion]]:
    """The versions of a change with what happened to each: ``added``, ``changed`` or ``removed``."""
    kinds = {
        **dict.fromkeys(change.added, "added"),
        **dict.fromkeys(change.changed, "changed"),
        **dict.fromkeys(change.removed, "removed"),
    }
    versions = DocumentVersion.objects.select_related("document").in_bulk(kinds)
    return [(kind, versions[pk]) for pk, kind in kinds.items()]


def _slots(
    meeting: Meeting, items: Sequence[AgendaItem], paper_items: Sequence[int], state: Readiness
) -> list[Slot]:
    starts = planned_starts(meeting.starts_at, [item.minutes for item in items])
    return [
        Slot(item, number, starts[number - 1], paper_items.count(item.pk), state.of_item(number))
        for number, item in enumerate(items, start=1)
    ]


def _parts(slots: Sequence[Slot]) -> tuple[Part, ...]:
    parts: list[Part] = []
    offset = 0
    for (title, _consent), group in groupby(slots, key=lambda slot: heading_of(slot.item)):
        part = Part(title, tuple(group), offset)
        parts.append(part)
        offset += part.minutes
    return tuple(parts)
