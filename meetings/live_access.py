"""Who may keep a screen open, asked again and again while it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import cast

from ecabinet.accounts.models import User
from ecabinet.accounts.sessions import signed_in
from meetings.live_types import AUDIENCES, Audience
from meetings.models import Meeting
from meetings.permissions import can_watch, readers_of, voters_of
from meetings.queries.live import Head
from meetings.snapshots import frame_of


class Refused(IntEnum):
    """Why a socket is closed: WebSocket close codes that the page explains."""

    SIGNED_OUT = 4401
    NO_ACCESS = 4403
    NOT_FOUND = 4404
    RESYNC = 4409


@dataclass(frozen=True)
class Visitor:
    """One screen: whose session, which meeting, which audience."""

    session_key: str
    meeting_id: int
    audience: str


def refusals(visitors: Collection[Visitor]) -> dict[Visitor, Refused | None]:
    """For each: None while the session lives, the person may sign in and may watch the meeting as this
    audience. A few queries for thousands of screens of members and observers.
    """
    people = signed_in({visitor.session_key for visitor in visitors})
    meetings = Meeting.objects.select_related("body__agency").in_bulk({each.meeting_id for each in visitors})
    readers = {pk: readers_of(meeting) for pk, meeting in meetings.items()}
    voters = {pk: voters_of(meeting) for pk, meeting in meetings.items()}
    answers: dict[Visitor, Refused | None] = {}
    for visitor in visitors:
        person, meeting = people.get(visitor.session_key), meetings.get(visitor.meeting_id)
        user = person.user if person else None
        may_read = user is not None and user.pk in readers.get(visitor.meeting_id, ())
        votes = user is not None and user.pk in voters.get(visitor.meeting_id, ())
        readable = meeting if may_read else None
        answers[visitor] = _refusal(user, readable, visitor.audience, votes=votes)
    return answers


def refusal(visitor: Visitor) -> Refused | None:
    return refusals([visitor])[visitor]


def _refusal(user: User | None, readable: Meeting | None, audience: str, *, votes: bool) -> Refused | None:
    if user is None:
        return Refused.SIGNED_OUT
    if audience not in AUDIENCES:
        return Refused.NOT_FOUND
    if readable is None:
        return Refused.NO_ACCESS
    allowed = (votes and audience == "member") or can_watch(user, readable, audience)
    return None if allowed else Refused.NO_ACCESS


@dataclass(frozen=True)
class Admitted:
    """What a screen is shown first: the head and the frame of its audience."""

    head: Head
    frame: bytes


Answer = Admitted | Refused


def answers_for(visitors: Sequence[Visitor]) -> list[Answer]:
    """Who may watch what, and the newest frame for those who may; in the order of the question."""
    refused = refusals(set(visitors))
    let_in = {(each.meeting_id, each.audience) for each in visitors if refused[each] is None}
    frames = {which: Admitted(*frame_of(which[0], cast("Audience", which[1]))) for which in let_in}
    return [refused[each] or frames[each.meeting_id, each.audience] for each in visitors]
