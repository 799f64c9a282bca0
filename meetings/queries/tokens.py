"""What a person may find in the archive because of the bodies they sit in or prepare."""

from __future__ import annotations

from ecabinet.accounts.models import User
from meetings.models.scope import mandates, prepared_bodies


def tokens_of(user: User) -> frozenset[str]:
    """``body:<id>`` for every body the person sits in or prepares today, ``members:<id>`` for those in
    which they vote or which they prepare.
    """
    sits_in = set(mandates(user).values_list("body_id", flat=True))
    votes_in = set(mandates(user).voting().values_list("body_id", flat=True))
    prepares = set(prepared_bodies(user).values_list("pk", flat=True))
    return frozenset(
        {f"body:{pk}" for pk in sits_in | prepares} | {f"members:{pk}" for pk in votes_in | prepares}
    )
