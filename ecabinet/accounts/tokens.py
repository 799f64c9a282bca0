"""Access tokens: what a person may find is decided by the tokens they hold.

An object carries the tokens of those who may find it (``public``, ``user:3``, ``body:1``,
``role:archivist``); a person holds tokens; one in common is enough. Higher rooms register
what they know (meetings: bodies and attendances), so that lower rooms need not ask them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib.auth.models import AnonymousUser

from ecabinet.accounts.models import User

PUBLIC = "public"
Source = Callable[[User], Iterable[str]]

_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Add a function that gives tokens of a person; registering it twice is harmless."""
    if source not in _sources:
        _sources.append(source)
    return source


def tokens_of(user: User | AnonymousUser | None) -> frozenset[str]:
    """All tokens the person holds now: ``public`` for everyone, nothing more without an account."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset((PUBLIC,))
    tokens = {PUBLIC, f"user:{user.pk}"}
    for source in _sources:
        tokens.update(source(user))
    return frozenset(tokens)
