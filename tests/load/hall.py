"""A sitting with as many members as asked for, each signed in, made in bulk: it is only the scene."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from ecabinet.accounts.models import User
from ecabinet.common import clock
from meetings.enums import MembershipRole, Presence
from meetings.models import Attendance, Body, Meeting, Membership
from meetings.poll_view import mandate_key
from tests.cast import LONG_AGO
from tests.meetings.live_room import Room

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Seat:
    """One member with a session; ``session`` is the cookie."""

    mandate: str
    session: str


@dataclass(frozen=True)
class Hall:
    meeting: int
    item: int
    clerk: str  # the clerk's session
    seats: tuple[Seat, ...]
    guests: tuple[str, ...]  # sessions of people who watch and do not vote


def fill(folder: Path, members: int, guests: int = 0) -> Hall:
    """A meeting in session, an item on the table, ``members`` more members present, ``guests`` watching."""
    room = Room(folder)
    users, watching = _people("m", members), _people("g", guests)
    mandates = _mandates(room.cast.body, users, MembershipRole.MEMBER)
    _mandates(room.cast.body, watching, MembershipRole.OBSERVER)
    room.begin()
    _check_in(room.meeting, mandates)
    sessions = sign_in(users)
    seats = [Seat(mandate_key(mandate.pk), key) for mandate, key in zip(mandates, sessions, strict=True)]
    clerk = sign_in([room.cast.clerk])[0]
    return Hall(room.meeting.pk, room.item.pk, clerk, tuple(seats), tuple(sign_in(watching)))


def _people(kind: str, number: int) -> list[User]:
    nobody = make_password(None)
    rows = [
        User(email=f"{kind}{n}@hall.example", full_name=f"Person {kind}{n}", password=nobody)
        for n in range(number)
    ]
    return User.objects.bulk_create(rows)


def _mandates(body: Body, users: list[User], role: MembershipRole) -> list[Membership]:
    rows = [Membership(body=body, user=user, role=role, seniority=100, starts_on=LONG_AGO) for user in users]
    return Membership.objects.bulk_create(rows)


def _check_in(meeting: Meeting, mandates: list[Membership]) -> None:
    now = clock.now()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=mandate, presence=Presence.PRESENT, changed_at=now)
        for mandate in mandates
    )


def sign_in(users: list[User]) -> list[str]:
    """Sessions as a sign-in by passkey just now leaves them; their keys."""
    until = timezone.now() + timedelta(hours=12)
    rows = [
        Session(session_key=secrets.token_hex(16), session_data=_session(user), expire_date=until)
        for user in users
    ]
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]


def _session(user: User) -> str:
    request, store = HttpRequest(), SessionStore()
    request.session = store
    record_authentication(request, user, "mfa", type="webauthn")
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    return store.encode(dict(store.items()))
