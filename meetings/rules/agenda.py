"""What an agenda must have before its papers go out, and what changed since they last did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

# A statement of more than ten A4 pages carries a summary (Decree 39/2022; secondary source, so advice only).
SUMMARY_FROM_PAGES = 10
# Papers without which an item is not ready, by kind of item.
REQUIRED_ROLES: Mapping[str, tuple[str, ...]] = {
    "decision": ("statement", "draft"),
    "discussion": ("statement",),
}
Weight = Literal["stop", "reason", "advice"]


@dataclass(frozen=True)
class ItemFacts:
    """One agenda item: its number, kind and papers (role → pages of the newest version)."""

    number: int
    kind: str
    pages: Mapping[str, int] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()  # titles of documents without any version
    has_dossier: bool = False


@dataclass(frozen=True)
class Facts:
    """What the checks look at. ``hurried`` meetings (extraordinary ones) have no deadline for papers."""

    today: date
    starts_on: date
    lead_days: int
    hurried: bool
    available_minutes: int
    planned_minutes: int
    recipients: int
    items: tuple[ItemFacts, ...]


@dataclass(frozen=True)
class Finding:
    """What is wrong. ``stop`` blocks; ``reason`` asks for a note to members; ``advice`` only tells."""

    code: str
    weight: Weight
    item: int | None = None  # number of the item on the agenda
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """Differences between two distributions, as version ids; ``changed`` maps the new id to the old one."""

    added: tuple[int, ...]
    changed: Mapping[int, int]
    removed: tuple[int, ...]

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def check_agenda(facts: Facts) -> tuple[Finding, ...]:
    """Everything that stands against distributing, the heaviest first, in the order of the agenda."""
    found = [*_of_meeting(facts), *(finding for item in facts.items for finding in _of_item(item))]
    order = ("stop", "reason", "advice")
    return tuple(sorted(found, key=lambda finding: order.index(finding.weight)))


def _of_meeting(facts: Facts) -> Iterator[Finding]:
    if not facts.items:
        yield Finding("no_items", "stop")
    if not facts.recipients:
        yield Finding("no_recipients", "stop")
    days = (facts.starts_on - facts.today).days
    if not facts.hurried and days < facts.lead_days:
        yield Finding("late", "reason", values={"lead": facts.lead_days, "days": max(days, 0)})
    over = facts.planned_minutes - facts.available_minutes
    if over > 0:
        yield Finding("over_time", "advice", values={"minutes": over})


def _of_item(item: ItemFacts) -> Iterator[Finding]:
    if item.kind == "paper_only":
        if item.has_dossier:
            yield Finding("paper_only_files", "stop", item.number)
        return
    for role in REQUIRED_ROLES.get(item.kind, ()):
        if role not in item.pages:
            yield Finding(f"missing_{role}", "stop", item.number)
    for title in item.unfinished:
        yield Finding("unfinished", "stop", item.number, {"title": title})
    if item.kind == "decision" and "opinions" not in item.pages:
        yield Finding("missing_opinions", "advice", item.number)
    if item.pages.get("statement", 0) > SUMMARY_FROM_PAGES and "summary" not in item.pages:
        yield Finding("missing_summary", "advice", item.number, {"pages": item.pages["statement"]})


def compare_versions(before: Mapping[int, int], after: Mapping[int, int]) -> Change:
    """What changed between two sets of papers, each document id → version id."""
    return Change(
        added=tuple(version for document, version in after.items() if document not in before),
        changed={
            version: before[document]
            for document, version in after.items()
            if document in before and before[document] != version
        },
        removed=tuple(version for document, version in before.items() if document not in after),
    )


def planned_starts(start: datetime, minutes: Iterable[int]) -> tuple[datetime, ...]:
    """When each item begins if all keep to their minutes."""
    moments = [start]
    for allotted in minutes:
        moments.append(moments[-1] + timedelta(minutes=allotted))
    return tuple(moments[:-1])


def takes_positions(meeting_state: str, item_state: str, item_kind: str) -> bool:
    """Positions are stated on distributed matters for decision or discussion, until the item is called."""
    return (
        meeting_state in ("distributed", "in_session")
        and item_state == "waiting"
        and item_kind in ("decision", "discussion")
    )
