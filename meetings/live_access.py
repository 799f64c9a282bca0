"""Who may keep a screen open, asked again and again while it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from ecabinet.accounts.models import User
from meetings.live_types import AUDIENCES
from meetings.models import Meeting
from meetings.permissions import can_watch


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


def refusal(visitor: Visitor) -> Refused | None:
    """None while the session lives, the person may sign in and may read the meeting as this audience."""
    user = _user_of(visitor.session_key)
    if user is None:
        return Refused.SIGNED_OUT
    meeting = Meeting.objects.visible_to(user).select_related("body").filter(pk=visitor.meeting_id).first()
    if meeting is None or visitor.audience not in AUDIENCES:
        return Refused.NOT_FOUND if visitor.audience not in AUDIENCES else Refused.NO_ACCESS
    return None if can_watch(user, meeting, visitor.audience) else Refused.NO_ACCESS


def _user_of(session_key: str) -> User | None:
    """The person of a session, asked of the session store: sign-out, expiry, a new password end it."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    request = HttpRequest()
    request.session = store(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None
