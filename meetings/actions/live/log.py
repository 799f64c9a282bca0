"""The frame of every command: lock the meeting, check, change, append one event, tell the screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from meetings.enums import MeetingState
from meetings.models import LiveEvent, Meeting
from meetings.permissions import can_read_meeting, can_run_desk
from meetings.snapshots import push_on_commit

MAX_KEY = 64
# What people write: it stands in the event log and stays out of a ledger whose bytes are published.
WRITTEN = frozenset({"reason", "substitute", "text"})
May = Callable[[User, Meeting], bool]


@dataclass(frozen=True)
class Happening:
    """What a change has become: the event's kind and body (plain JSON), and whether the law cares.

    The body has all that a replay needs (``meetings.rules.replay``). ``at``: when, if not at the moment of
    the command.
    """

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    ledger: bool = False
    at: datetime | None = None


def perform(
    *, actor: User, meeting_id: int, key: str, may: May, change: Callable[[Meeting], Happening]
) -> LiveEvent:
    """Run ``change`` on the locked meeting and append what happened, all in one transaction.

    Commands of one meeting follow one another because each holds the meeting's row. A ``key`` this
    actor has used in this meeting returns its event and changes nothing. The clock is held once the row is
    ours: what a command writes and the event that tells of it bear the same time.
    """
    if len(key) > MAX_KEY:
        raise DomainError("key_too_long", _("An Idempotency-Key has at most 64 characters."))
    with transaction.atomic():
        meeting = _lock(meeting_id)
        with clock.held():
            return _performed(actor, meeting, key, may, change)


def _performed(
    actor: User, meeting: Meeting, key: str, may: May, change: Callable[[Meeting], Happening]
) -> LiveEvent:
    if not can_read_meeting(actor, meeting):
        raise not_found()
    if not may(actor, meeting):
        raise Denied(_("You may not do this in this meeting. Ask the chair or the secretary."))
    earlier = _earlier(meeting, actor, key)
    return earlier or _append(meeting, actor, key, change(meeting))


def not_found() -> DomainError:
    return DomainError("meeting_not_found", _("There is no such meeting, or it is not open to you."), 404)


def _lock(meeting_id: int) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("body")
    meeting = rows.filter(pk=meeting_id).first()
    if meeting is None:
        raise not_found()
    return meeting


def _earlier(meeting: Meeting, actor: User, key: str) -> LiveEvent | None:
    return LiveEvent.objects.filter(meeting=meeting, actor=actor, key=key).first() if key else None


def _append(meeting: Meeting, actor: User, key: str, happening: Happening) -> LiveEvent:
    event = LiveEvent.objects.create(
        meeting=meeting,
        seq=_next_seq(meeting.pk),
        kind=happening.kind,
        body=dict(happening.body),
        actor=actor,
        at=happening.at or clock.now(),
        key=key,
    )
    if happening.ledger:
        told = {name: value for name, value in happening.body.items() if name not in WRITTEN}
        details = {"seq": event.seq, **told}
        record(actor=actor, act=happening.kind, subject=f"meeting:{meeting.pk}", details=details)
    push_on_commit(meeting.pk)
    return event


def _next_seq(meeting_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE meetings_meeting SET seq = seq + 1 WHERE id = %s RETURNING seq", [meeting_id])
        return int(cursor.fetchone()[0])


def in_session(meeting: Meeting) -> None:
    """Raise WrongState unless the meeting sits."""
    if meeting.state == MeetingState.ADJOURNED:
        raise WrongState("meeting_adjourned", _("The meeting is adjourned. Nothing more can be changed."))
    if meeting.state != MeetingState.IN_SESSION:
        raise WrongState("not_in_session", _("The meeting has not begun. Start it first."))


def desk(actor: User, meeting: Meeting) -> bool:
    return can_run_desk(actor, meeting)
