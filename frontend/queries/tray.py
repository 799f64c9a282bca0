"""What the signing tray shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecabinet.accounts.models import User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common import clock
from signing.enums import RequestState, Urgency
from signing.models import SigningRequest
from signing.queries import settled_by, waiting_for


@dataclass(frozen=True)
class Tray:
    """The waiting dossiers, which are chosen, and the one that is looked at."""

    rows: tuple[SigningRequest, ...]
    chosen: frozenset[int]
    look: SigningRequest | None
    mandate: str

    @property
    def urgent(self) -> int:
        return sum(row.urgency > Urgency.NORMAL for row in self.rows)

    @property
    def seen(self) -> int:
        return sum(row.looked_at is not None for row in self.rows)

    @property
    def chosen_rows(self) -> list[SigningRequest]:
        return [row for row in self.rows if row.pk in self.chosen]

    @property
    def chosen_unseen(self) -> int:
        return sum(row.looked_at is None for row in self.chosen_rows)

    @property
    def all_chosen(self) -> bool:
        return len(self.chosen_rows) == len(self.rows)


@dataclass(frozen=True)
class Results:
    """What became of one confirmation."""

    signed: tuple[SigningRequest, ...]
    failed: tuple[SigningRequest, ...]
    mandate: str


def tray_of(user: User, *, chosen: Sequence[int] | None, look: int | None) -> Tray:
    """``chosen`` None means all; ``look`` None means the first on a wide screen."""
    rows = tuple(waiting_for(user).select_related("signer"))
    ids = frozenset(row.pk for row in rows)
    looked = next((row for row in rows if row.pk == look), rows[0] if rows else None)
    picked = ids if chosen is None else ids & frozenset(chosen)
    return Tray(rows, picked, looked, mandate_text(user, clock.today()))


def results_of(user: User, ids: Sequence[int]) -> Results:
    rows = list(settled_by(user, ids))
    signed = tuple(row for row in rows if row.state == RequestState.SIGNED)
    failed = tuple(row for row in rows if row.state == RequestState.FAILED)
    return Results(signed, failed, mandate_text(user, clock.today()))
