"""Items for members only, as everybody else sees them: that something is dealt with, not what."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TypeVar

from meetings.models import AgendaItem
from meetings.models.agenda import MEMBERS_ONLY
from meetings.queries.live import LiveFacts

Fact = TypeVar("Fact")


def masked(item: AgendaItem) -> AgendaItem:
    """A copy, never to be saved, without name, people and outcome."""
    shown = copy.copy(item)
    shown.title, shown.title_en = MEMBERS_ONLY
    shown.sponsor = shown.rapporteur = None
    shown.conclusion = shown.reopen_reason = ""
    return shown


def without_restricted(facts: LiveFacts) -> LiveFacts:
    """The facts for screens that others than members see. The floor stays: it is heard in the room."""
    closed = {item.pk for item in facts.items if item.restricted}
    if not closed:
        return facts
    on_table = facts.current is not None and facts.current.pk in closed
    return replace(
        facts,
        items=tuple(masked(item) if item.pk in closed else item for item in facts.items),
        papers=() if on_table else facts.papers,
        poll=None if on_table else facts.poll,
        polls=tuple(row for row in facts.polls if row.item_id not in closed),
        presented=None if on_table else facts.presented,
        outcomes=_open(facts.outcomes, closed),
        adoptions=_open(facts.adoptions, closed),
        objectors=_open(facts.objectors, closed),
        against=_open(facts.against, closed),
        wishes=_open(facts.wishes, closed),
        recusals=tuple(row for row in facts.recusals if row.item_id not in closed),
        roll_calls=tuple(row for row in facts.roll_calls if row.item_id not in closed),
    )


def _open(by_item: dict[int, Fact], closed: set[int]) -> dict[int, Fact]:
    return {pk: fact for pk, fact in by_item.items() if pk not in closed}
