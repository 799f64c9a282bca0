"""Parts of the live room's state about the programme, the consent list and recusals."""

from __future__ import annotations

from typing_extensions import TypedDict


class PulledBy(TypedDict):
    """Who keeps an item off the consent list."""

    membership_id: int
    name: str
    stance: str  # Stance of the position stated beforehand; empty: pulled by the member


class Reopened(TypedDict):
    at: str
    reason: str


class ItemMarks(TypedDict):
    """What a line of the programme says beyond its times."""

    in_block: bool  # the gavel would adopt it now
    pulled_by: list[PulledBy]
    against: int  # positions stated beforehand that object or wish to speak
    adopted_at: str | None  # in the block, without discussion
    reopened: Reopened | None


class RecusalView(TypedDict):
    """Only the desk sees why."""

    item_id: int
    membership_id: int
    reason: str  # RecusalReason
    note: str


class MyRecusal(TypedDict):
    """Of the item on the table."""

    reason: str
    note: str
    may_take_back: bool
    hides_papers: bool
