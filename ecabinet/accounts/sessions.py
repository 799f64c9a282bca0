"""Whose sessions these are, asked for thousands at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ecabinet.accounts.models import User


@dataclass(frozen=True)
class SignedIn:
    """A living session: its person, and what it holds (not to be changed)."""

    user: User
    data: Mapping[str, Any]


def signed_in(session_keys: Collection[str]) -> dict[str, SignedIn]:
    """The sessions in which somebody is signed in, as ``django.contrib.auth.get_user`` finds one: sign-out,
    expiry, a new password and a lock end it.
    """
    store = SessionStore()
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    told = {row.session_key: store.decode(row.session_data) for row in rows}
    users = User.objects.in_bulk({int(data[SESSION_KEY]) for data in told.values() if SESSION_KEY in data})
    found = {key: users.get(int(data.get(SESSION_KEY, 0))) for key, data in told.items()}
    return {
        key: SignedIn(user, told[key])
        for key, user in found.items()
        if user is not None and _holds(user, told[key])
    }


def _holds(user: User, session: Mapping[str, Any]) -> bool:
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    shown = session.get(HASH_SESSION_KEY, "")
    known = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return user.is_active and known and any(constant_time_compare(shown, each) for each in hashes)
