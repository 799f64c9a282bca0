"""What the signing tray shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ecabinet.accounts.gestures import ways
from ecabinet.accounts.models import User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common import clock
from ecabinet.common.folding import folded
from signing.completions import may_pass_on, may_refuse
from signing.enums import EntryState, RequestState, SessionState, Urgency
from signing.models import SessionEntry, SigningRequest, SigningSession
from signing.queries import deputies_of, fresh_preparations, mandate_of, running_session, waiting_for

LONG = 12  # a list of more is worth searching


@dataclass(frozen=True)
class Deputy:
    user: User
    office: str


@dataclass(frozen=True)
class Tray:
    """The waiting dossiers, which are chosen, and the one that is looked at.

    ``rows`` are those of ``waiting`` that match ``find``; all without it.
    """

    waiting: tuple[SigningRequest, ...]
    rows: tuple[SigningRequest, ...]
    chosen: frozenset[int]
    look: SigningRequest | None
    mandate: str
    running: SigningSession | None
    find: str
    deputies: tuple[Deputy, ...]  # who may sign what is looked at instead

    @property
    def may_refuse(self) -> bool:
        return self.look is not None and may_refuse(self.look.kind)

    @property
    def urgent(self) -> int:
        return sum(row.urgency > Urgency.NORMAL for row in self.waiting)

    @property
    def seen(self) -> int:
        return sum(row.looked_at is not None for row in self.waiting)

    @property
    def failed(self) -> int:
        return sum(row.state == RequestState.FAILED for row in self.rows)

    @property
    def chosen_rows(self) -> list[SigningRequest]:
        return [row for row in self.rows if row.pk in self.chosen]

    @property
    def total(self) -> int:
        return len(self.waiting)

    @property
    def next(self) -> SigningRequest | None:
        """The one after that which is looked at."""
        return next((after for row, after in pairwise(self.rows) if row == self.look), None)

    @property
    def may_find(self) -> bool:
        return self.total > LONG or bool(self.find)

    @property
    def all_chosen(self) -> bool:
        return len(self.chosen_rows) == len(self.rows)


@dataclass(frozen=True)
class Signing:
    """One session on screen: what is to be confirmed, or what became of it.

    ``prepared`` of its dossiers are ready, ``mandate`` is the office in the language of the screen.
    """

    session: SigningSession
    entries: tuple[SessionEntry, ...]
    prepared: int
    mandate: str
    ways: tuple[str, ...]

    @property
    def waiting(self) -> list[SessionEntry]:
        return [row for row in self.entries if row.state == EntryState.WAITING]

    @property
    def signed(self) -> list[SessionEntry]:
        return [row for row in self.entries if row.state == EntryState.SIGNED]

    @property
    def unsigned(self) -> list[SessionEntry]:
        """Failed ones first: those can be tried again."""
        bad = [row for row in self.entries if row.state in (EntryState.FAILED, EntryState.DROPPED)]
        return sorted(bad, key=lambda row: row.state != EntryState.FAILED)

    @property
    def again(self) -> list[SessionEntry]:
        """What of it waits in the tray still and may be signed by a new confirmation."""
        return [row for row in self.unsigned if row.state == EntryState.FAILED and row.request.open]

    @property
    def settled(self) -> int:
        return len(self.entries) - len(self.waiting)

    @property
    def unseen(self) -> int:
        return sum(row.request.looked_at is None for row in self.waiting)

    @property
    def preparing(self) -> bool:
        return self.session.state == SessionState.PREPARING

    @property
    def asking(self) -> bool:
        return self.session.state == SessionState.OPEN

    @property
    def done(self) -> bool:
        return self.session.state == SessionState.DONE

    @property
    def running(self) -> bool:
        return not (self.preparing or self.asking or self.done)

    @property
    def expired(self) -> bool:
        return self.asking and self.session.expires_at <= clock.now()

    @property
    def pending(self) -> int:
        """Signed ones whose timestamp is still to come."""
        return sum(row.request.level == "B-B" for row in self.signed)


def tray_of(user: User, *, chosen: Sequence[int] | None, look: int | None, find: str = "") -> Tray:
    """``chosen`` None means all that are shown; ``look`` None means the first on a wide screen."""
    waiting = tuple(waiting_for(user).select_related("signer"))
    rows = tuple(row for row in waiting if _matches(row, folded(find).split()))
    ids = frozenset(row.pk for row in rows)
    looked = next((row for row in rows if row.pk == look), rows[0] if rows else None)
    picked = ids if chosen is None else ids & frozenset(chosen)
    mandate, running = mandate_text(user, clock.today()), running_session(user)
    deputies = tuple(_deputies(user, looked))
    return Tray(waiting, rows, picked, looked, mandate, running, find, deputies)


def _matches(row: SigningRequest, words: Sequence[str]) -> bool:
    """Every word somewhere in number, title or sender, with or without its accents."""
    text = folded(" ".join((row.reference, row.title, row.title_en, row.sender, row.sender_en)))
    return all(word in text for word in words)


def _deputies(user: User, looked: SigningRequest | None) -> Iterator[Deputy]:
    if looked is not None and may_pass_on(looked.kind):
        for each in deputies_of(user):
            yield Deputy(each, mandate_text(each, clock.today()))


def signing_of(session: SigningSession, user: User) -> Signing:
    entries = tuple(session.entries.select_related("request").order_by("place"))
    preparing = session.state == SessionState.PREPARING
    requests = [row.request for row in entries] if preparing else []
    prepared = fresh_preparations(requests, session.certificate).count() if preparing else len(entries)
    # Kept in the site's language; in the screen's while it is still the person's office.
    same = session.mandate == mandate_of(session.certificate)
    mandate = mandate_text(user, clock.today()) if same else session.mandate
    return Signing(session, entries, prepared, mandate, tuple(ways(user)))
