"""The consent list: what one gavel would adopt now, and what was pulled out of it by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meetings.enums import ItemState, Stance
from meetings.models import AgendaItem, ConsentPull, Meeting, PositionStatement

# Who says so before the meeting wants the item dealt with.
PULLING = (Stance.OBJECT, Stance.SPEAK)


@dataclass(frozen=True)
class Objector:
    """Whose word keeps an item from being adopted in the block."""

    membership_id: int
    name: str
    stance: str  # Stance of the position stated beforehand; empty when the member pulled the item


def objectors(meeting: Meeting, items: Iterable[AgendaItem]) -> dict[int, list[Objector]]:
    """By item: who pulled it and, where the body says so, who objected or wishes to speak."""
    listed = [item.pk for item in items if item.consent]
    found: dict[int, list[Objector]] = {}
    for pull in ConsentPull.objects.filter(item__in=listed).select_related("membership__user"):
        found.setdefault(pull.item_id, []).append(_objector(pull, ""))
    if meeting.body.positions_pull:
        for stated in positions_against(listed):
            found.setdefault(stated.item_id, []).append(_objector(stated, stated.stance))
    return found


def positions_against(items: Iterable[int]) -> Sequence[PositionStatement]:
    rows = PositionStatement.objects.filter(item__in=list(items), stance__in=PULLING)
    return list(rows.select_related("membership__user").order_by("membership__seniority", "pk"))


def _objector(row: ConsentPull | PositionStatement, stance: str) -> Objector:
    return Objector(row.membership_id, row.membership.user.full_name, stance)


def is_listed(item: AgendaItem) -> bool:
    """Is still to be adopted with the list: an item that was called once is dealt with like any other."""
    return item.consent and item.state == ItemState.WAITING and item.started_at is None


def block_of(meeting: Meeting, items: Sequence[AgendaItem]) -> list[AgendaItem]:
    """What the gavel would adopt now, in the order of ``items``."""
    pulled = objectors(meeting, items)
    return [item for item in items if is_listed(item) and item.pk not in pulled]
