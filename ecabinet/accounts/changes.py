"""Rooms above are told when somebody's offices change, for a mandate to sign or act follows from them.

A room adds its own listener once, in its ``AppConfig.ready``::

    changes.register(follow_offices)
"""

from __future__ import annotations

from typing import Protocol

from ecabinet.accounts.models import User


class Listener(Protocol):
    def __call__(self, *, actor: User | None, user: User) -> None:
        """The appointments of ``user`` were changed by ``actor``. Runs in the transaction of the change."""
        ...


_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Adding the same one twice counts once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(*, actor: User | None, user: User) -> None:
    for listener in _listeners:
        listener(actor=actor, user=user)
