"""What a person may find in the archive because of the bodies they sit in or prepare."""

from __future__ import annotations

from ecabinet.accounts.models import User
from meetings.models.scope import mandates, prepared_bodies


def tokens_of(user: User) -> frozenset[str]:
    """``body:<id>`` for every body the person sits in or prepares today."""
    # SQLite takes no order inside a union.
    sits_in = mandates(user).order_by().values_list("body_id", flat=True)
    bodies = sits_in.union(prepared_bodies(user).order_by().values_list("pk", flat=True))
    return frozenset(f"body:{pk}" for pk in bodies)
