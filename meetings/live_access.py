"""Who may keep a screen open, asked again and again while it is."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, cast

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ecabinet.accounts.models import User
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
    people = people_of({visitor.session_key for visitor in visitors})
    meetings = Meeting.objects.select_related("body__agency").in_bulk({each.meeting_id for each in visitors})
    readers = {pk: readers_of(meeting) for pk, meeting in meetings.items()}
    voters = {pk: voters_of(meeting) for pk, meeting in meetings.items()}
    answers: dict[Visitor, Refused | None] = {}
    for visitor in visitors:
        user, meeting = people.get(visitor.session_key), meetings.get(visitor.meeting_id)
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


def people_of(session_keys: Collection[str]) -> dict[str, User]:
    """The persons of these sessions, as ``django.contrib.auth.get_user`` finds one: sign-out, expiry, a new
    password and a lock end it.
    """
    store = SessionStore()
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    told = {row.session_key: store.decode(row.session_data) for row in rows}
    users = User.objects.in_bulk({int(data[SESSION_KEY]) for data in told.values() if SESSION_KEY in data})
    found = {key: users.get(int(data.get(SESSION_KEY, 0))) for key, data in told.items()}
    return {key: user for key, user in found.items() if user is not None and _signed_in(user, told[key])}


def _signed_in(user: User, session: Mapping[str, Any]) -> bool:
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    shown = session.get(HASH_SESSION_KEY, "")
    known = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return user.is_active and known and any(constant_time_compare(shown, each) for each in hashes)


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


class Doorkeeper:
    """Answers those who come together together: while one question is out, the next ones gather.

    No timer: alone, a screen waits for nobody; a thousand that come back at once share a few questions.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Visitor, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, visitor: Visitor) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((visitor, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                answers = await database_sync_to_async(answers_for)([visitor for visitor, _answer in batch])
            except Exception as error:  # noqa: BLE001 - each who asked is told, none of them waits for ever
                _fail((answer for _visitor, answer in batch), error)
                continue
            for (_visitor, future), answer in zip(batch, answers, strict=True):
                if not future.done():  # who has left meanwhile has called it off
                    future.set_result(answer)


def _fail(futures: Iterable[asyncio.Future[Answer]], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
