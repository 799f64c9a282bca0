"""What may follow what in the life of a certificate, and whose eyes it needs. Knows no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_YEARS = 5  # a subscriber's certificate (Decree 68/2024)
WARNED_AT = (60, 30, 7)  # days before the end of a certificate

CERTIFICATE_MOVES: Mapping[str, frozenset[str]] = {
    "active": frozenset({"suspended", "disabled", "revoked"}),
    "suspended": frozenset({"active", "disabled", "revoked"}),
    "disabled": frozenset({"revoked"}),
    "revoked": frozenset(),
}
REQUEST_MOVES: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"approved", "refused", "withdrawn"}),
    "approved": frozenset({"issued", "refused", "withdrawn"}),
    "issued": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}
# The reasons of Decree 68/2024, by what they may lead to. Only what can turn out to be untrue suspends.
REASONS: Mapping[str, frozenset[str]] = {
    "suspended": frozenset({"key_compromise", "loss", "authority"}),
    "disabled": frozenset({"change_of_position", "departure", "merger", "superseded"}),
    "revoked": frozenset(
        {"key_compromise", "loss", "change_of_position", "departure", "merger", "authority", "superseded"}
    ),
}


def certificate_may(status: str, target: str) -> bool:
    """Whether a certificate may go from one status to the other."""
    return target in CERTIFICATE_MOVES[status]


def reason_fits(target: str, reason: str) -> bool:
    """Whether that reason leads to that status; none is needed to resume."""
    return target == "active" or reason in REASONS[target]


def request_may(state: str, target: str) -> bool:
    return target in REQUEST_MOVES[state]


@dataclass(frozen=True)
class Hands:
    """Who has had a request in hand, by id: the holder (None: an agency's seal), the asker, the approver."""

    holder: int | None
    asked: int | None
    approved: int | None = None

    @property
    def for_seal(self) -> bool:
        return self.holder is None

    def may_approve(self, officer: int) -> bool:
        """The second pair of eyes: neither the holder nor who entered the request."""
        return officer not in (self.holder, self.asked)

    def may_issue(self, officer: int) -> bool:
        """A person's: any officer but the holder. A seal's: a third one, who neither asked nor approved."""
        if self.for_seal:
            return officer not in (self.asked, self.approved)
        return officer != self.holder


@dataclass(frozen=True)
class Term:
    """One appointment: the office, its agency, first day and last day (None: open)."""

    position: int
    agency: int
    starts_on: date
    ends_on: date | None

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


def has_left(terms: Iterable[Term], position: int, on: date) -> bool:
    """Whether a person with these appointments has left that office on that day (domain rule: a transfer).

    Left is who holds it no more, and also who has been given a last day there and has already taken
    office in another agency: the transfer counts from that day, not from the end of the old term.
    A second office beside one that goes on is no transfer.
    """
    held = [term for term in terms if term.holds(on)]
    here = [term for term in held if term.position == position]
    if any(term.ends_on is None for term in here):
        return False
    return all(
        any(other.agency != term.agency and other.starts_on > term.starts_on for other in held)
        for term in here
    )


def warning_step(not_after: datetime, now: datetime) -> int | None:
    """The closest of the steps of 60, 30 and 7 days that has been reached; None before and after the end."""
    left = not_after - now
    if left <= timedelta():
        return None
    return next((days for days in sorted(WARNED_AT) if left <= timedelta(days=days)), None)
