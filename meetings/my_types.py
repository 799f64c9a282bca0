"""What concerns one person in the live room, in the conventions of ``meetings.live_types``."""

from __future__ import annotations

# Not typing's: pydantic reads these for the API and needs what Python 3.12 made of it.
from typing_extensions import TypedDict

from meetings.desk_types import MyRecusal


class MyBallot(TypedDict):
    choice: str
    revision: int
    cast_at: str
    receipt: str  # "7F3A 92KD"


class MyProof(TypedDict):
    """Where the ledger holds the ballot; None in a ballot until the sequencer has placed it."""

    index: int
    size: int  # of the tree whose signed head proves it
    url: str  # the proof as a file to keep


class MyMandateBallot(TypedDict):
    """One mandate this person votes for: their own, or by proxy."""

    membership_id: int
    name: str
    own: bool
    acting: str  # who casts for it; empty: the member's own hand
    may_cast: bool
    why_not: str | None  # code: absent, recused, closed
    ballot: MyBallot | None
    proof: MyProof | None  # after closing


class MyPoll(TypedDict):
    id: int
    may_cast: bool
    why_not: str | None  # code: not_elector, absent, recused, represented, closed
    ballot: MyBallot | None
    ballots: list[MyMandateBallot]  # one per mandate, the own one first


class MyMandate(TypedDict):
    membership_id: int
    role: str
    name: str
    office: str
    office_en: str
    votes: bool
    presence: str


class MyFloor(TypedDict):
    request_id: int
    state: str  # waiting, speaking
    place: int  # in the queue from 1; 0 while speaking


class MyPosition(TypedDict):
    stance: str
    comment: str
    stated_at: str


class MyProxy(TypedDict):
    """My vote given to another, or the votes given to me, for this meeting."""

    id: int  # of the proxy I gave; 0: none
    acting: str  # who votes for me; empty: nobody
    represented: list[str]  # for whom I vote


class StepUp(TypedDict):
    fresh: bool
    url: str  # where to confirm who one is; comes back by ?next=


class Me(TypedDict):
    """GET …/me: what concerns only the person who asks."""

    seq: int
    user_id: int
    mandate: MyMandate | None
    can_run_desk: bool
    is_chair: bool
    may_vote: bool
    step_up: StepUp
    proxy: MyProxy | None
    floor: MyFloor | None
    poll: MyPoll | None
    position: MyPosition | None  # on the current item
    recusal: MyRecusal | None  # from the current item
    may_present: bool  # turn the pages of the current item for everybody
