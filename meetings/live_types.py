"""The shape of what screens draw: the JSON of ``live_state`` and of the frames that carry it.

One state per audience, the same for everyone in it: nothing personal, texts in both languages
(``x`` Vietnamese, ``x_en`` English, the English one may be empty) or as codes that the screen
translates. Moments are ISO 8601 in UTC with ``Z``; durations are whole seconds.
"""

from __future__ import annotations

from typing import Literal, NotRequired

# Not typing's: pydantic reads these for the API and needs what Python 3.12 made of it.
from typing_extensions import TypedDict

from meetings.desk_types import ItemMarks, Presenter, RecusalView, RollCallView, SpeechView

Audience = Literal["member", "observer", "projector", "desk"]
AUDIENCES: tuple[Audience, ...] = ("member", "observer", "projector", "desk")


class MeetingView(TypedDict):
    id: int
    title: str
    title_en: str
    body: str
    body_en: str
    kind: str  # MeetingKind
    mode: str  # MeetingMode
    state: str  # MeetingState: preparing, distributed, in_session, adjourned, cancelled
    place: str
    place_en: str
    starts_at: str
    ends_at: str
    started_at: str | None
    adjourned_at: str | None
    # How late the meeting runs (negative: early) since the last item was called or ended.
    delay_seconds: int


class Outcome(TypedDict):
    """The last closed poll of an item in one line of the programme."""

    poll_id: int
    adopted: bool
    in_favour: int
    base: int
    chosen: NotRequired[str]  # of several options: the words of the chosen one
    chosen_en: NotRequired[str]


class ProgrammeItem(TypedDict):
    id: int
    number: int  # from 1, in agenda order
    kind: str  # ItemKind; the title of a paper_only item is a placeholder
    title: str
    title_en: str
    sponsor: str
    sponsor_en: str
    rapporteur: str
    consent: bool
    minutes: int  # allotted
    state: str  # ItemState: waiting, current, done, postponed
    planned_at: str
    started_at: str | None
    ended_at: str | None
    has_conclusion: bool
    wishes_to_speak: int  # pre-meeting statements of that stance
    outcome: Outcome | None
    marks: ItemMarks


class PaperView(TypedDict):
    version_id: int  # /papers/<version_id>/
    role: str  # DocumentRole
    title: str
    title_en: str
    version: int
    pages: int


class CurrentItem(TypedDict):
    """The item on the table; its programme line has the rest (same ``id``)."""

    id: int
    number: int
    kind: str
    title: str
    title_en: str
    sponsor: str
    sponsor_en: str
    rapporteur: str
    rapporteur_office: str
    rapporteur_office_en: str
    minutes: int
    started_at: str | None
    papers: list[PaperView]
    draft: PaperView | None  # what a poll on this item is about
    conclusion: str


class Speaker(TypedDict):
    request_id: int
    membership_id: int
    name: str
    office: str
    office_en: str
    given_at: str
    ends_at: str  # the countdown; may lie in the past
    kind: str  # FloorKind
    in_place_of: str  # the absent member when ``name`` is a substitute's, else empty
    allotted_seconds: int  # with extensions
    spoken_seconds: int  # earlier in this meeting, without the present speech
    times: int  # how often before


class Waiting(TypedDict):
    request_id: int
    membership_id: int
    name: str
    office: str
    office_en: str
    kind: str  # FloorKind: points of order come first
    in_place_of: str  # the absent member when ``name`` is a substitute's, else empty
    requested_at: str
    spoken_seconds: int
    times: int


class Floor(TypedDict):
    speaker: Speaker | None
    queue: list[Waiting]
    minutes_per_speech: int
    wait_seconds: int  # estimate until the queue is through, without the present speech


class AttendanceView(TypedDict):
    members: int  # mandates that vote
    present: int
    remote: int  # of those present
    needed: int  # for the quorum
    quorate: bool
    represented: int  # absent, but somebody present votes for them


class Seat(TypedDict):
    """One voting mandate, in order of precedence: the seat map."""

    membership_id: int
    name: str
    office: str
    office_en: str
    label: str  # short sign under the seat: BTC, TT
    order: int  # from 0
    role: str  # MembershipRole
    presence: str  # Presence
    recused: bool  # takes no part in the item on the table
    proxy: str  # who votes for them if a poll opens now; empty: nobody


class ChoiceView(TypedDict):
    code: str
    label: str
    label_en: str
    side: str  # for, against, abstain, other, option: the sign that goes with it


class Count(TypedDict):
    choice: str
    label: str
    label_en: str
    side: str
    votes: int  # weighted where the rule weighs


class VerdictView(TypedDict):
    adopted: bool
    outcome: str  # adopted, rejected, no_quorum
    reason: str  # code, see voting.rules.Reason
    sentence: str
    sentence_en: str
    in_favour: int
    needed: int
    base: int
    base_kind: str  # all, present, cast
    counts: list[Count]
    silent: int  # entitled, present, no ballot
    absent: int
    recused: int


class SeatResult(TypedDict):
    membership_id: int
    choice: str | None
    standing: str  # voted, silent, absent, recused
    proxy: str  # who cast it in the member's place; empty: the member's own hand


class ActingView(TypedDict):
    membership_id: int  # of the represented mandate
    name: str
    acting: str  # who casts for it
    acting_user: int


class AmendmentView(TypedDict):
    clause: str
    text: str
    text_en: str


class PollLine(TypedDict):
    """A vote on the current item that has a result, in one line."""

    id: int
    kind: str  # PollKind: motion, amendment, options
    number: int  # among those of its kind on the item
    question: str
    question_en: str
    closed_at: str | None
    adopted: bool
    in_favour: int
    base: int
    chosen: str  # of several options: the words of the chosen one
    chosen_en: str
    superseded: bool  # taken again since: it no longer counts
    reason: str  # why it was taken again itself; empty for a first vote


class PollView(TypedDict):
    id: int
    item_id: int
    kind: str  # PollKind: motion, amendment, options
    number: int  # among those of its kind on the item
    amendment: AmendmentView | None  # the words put, as frozen
    amendments: int  # adopted amendments that are part of the text put
    revote_of: int | None  # the poll it repeats
    reason: str  # why
    text_sha256: str  # what it is frozen on
    state: str  # open, closed (a cancelled poll is not shown)
    mode: str  # live, written
    ballot: str  # named
    question: str
    question_en: str
    text_version: int | None  # number of the draft's version
    opened_at: str
    closes_at: str | None
    closed_at: str | None
    choices: list[ChoiceView]
    electors: int
    voted: list[int]  # membership ids with a ballot: who, never how, while the poll is open
    turnout: int
    expected: int  # electors present and not recused
    needed: int | None  # None: depends on how many will vote (base_kind cast)
    base: int | None
    base_kind: str
    verdict: VerdictView | None  # after closing
    results: list[SeatResult]  # after closing, one per elector
    proxies: list[ActingView]  # frozen at opening: mandates for which another acts
    # Running counts, only while open and only where the rule shows them.
    counts: list[Count]


class AbsentView(TypedDict):
    membership_id: int
    reason: str
    substitute: str


class ProxyView(TypedDict):
    """A vote given to another member for this meeting."""

    id: int
    represented: int  # membership ids
    acting: int
    note: str  # what the desk was shown; empty: the member gave it
    asleep: bool  # the member is here and votes themselves, or who would act is away


class DeskView(TypedDict):
    """What only the desk sees."""

    not_voted: list[int]  # membership ids expected to vote without a ballot
    # Only the chair's ballot is missing and votes are equal. A close with a tie before that is refused
    # with 409 chair_must_decide all the same.
    chair_must_decide: bool
    chair_choices: list[str]  # codes between which the chair then decides
    proxies: list[ProxyView]
    proxies_allowed: int  # for how many others one member may act; 0: no proxies
    absences: list[AbsentView]
    stances: dict[str, int]  # pre-meeting statements on the current item by Stance
    recusals: list[RecusalView]  # of all items
    roll_calls: list[RollCallView]  # entered, not yet confirmed
    speeches: list[SpeechView]  # finished ones, in the order of the meeting


class LiveState(TypedDict):
    audience: Audience
    seq: int
    votes: int
    meeting: MeetingView
    programme: list[ProgrammeItem]
    current: CurrentItem | None
    floor: Floor
    attendance: AttendanceView
    seats: list[Seat]
    poll: PollView | None  # of the current item: the open one, else the last closed one
    presenter: Presenter | None
    polls: list[PollLine]  # votes on the current item that have a result, first to last
    desk: DeskView | None


class StateFrame(TypedDict):
    """Server → client, and the answer of GET …/state. Newer: greater seq, then votes, then pages."""

    type: Literal["state"]
    seq: int
    votes: int
    pages: int
    server_now: str  # when the state was drawn up; clocks are set by beats
    state: LiveState


class BeatFrame(TypedDict):
    """Server → client at once after connecting and every 2 s.

    A client whose newest state is older than (``seq``, ``votes``, ``pages``) and that gets no push within a
    second fetches GET …/state. No beat for 5 s: the connection is lost.
    """

    type: Literal["beat"]
    seq: int
    votes: int
    pages: int
    server_now: str
    screens: int  # connected to this meeting, in all processes
