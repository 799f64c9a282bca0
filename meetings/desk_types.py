"""Parts of the live room's state about the programme, the consent list, recusals and speeches."""

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


class RollCallView(TypedDict):
    """A vote by roll call on paper; ``poll_id`` None: entered, and not yet confirmed."""

    item_id: int
    poll_id: int | None
    held_at: str
    entered_by: str
    confirmed_by: str


class ItemMarks(TypedDict):
    """What a line of the programme says beyond its times."""

    in_block: bool  # the gavel would adopt it now
    pulled_by: list[PulledBy]
    against: int  # positions stated beforehand that object or wish to speak
    adopted_at: str | None  # in the block, without discussion
    reopened: Reopened | None
    roll_call: RollCallView | None  # the last one that counts


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


class SpeechView(TypedDict):
    """A finished speech."""

    item_id: int
    membership_id: int
    name: str  # of who spoke: the member or the substitute
    kind: str  # FloorKind
    given_at: str
    seconds: int


class Presenter(TypedDict):
    """The page of a paper of the current item that who follows sees."""

    version_id: int
    page: int  # from 1
    name: str
    turns: int  # grows with every page turned
