"""Reads: who voted, how it stands, what one mandate cast."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from voting.enums import Entitlement
from voting.models import Ballot, Elector, Poll
from voting.receipts import Receipt, ballot_digest
from voting.rules import Mandate, Rule, Verdict, Vote, decide


@dataclass(frozen=True)
class Turnout:
    """``voted`` are mandates with a ballot, in the electorate's order; ``expected`` may vote."""

    voted: tuple[str, ...]
    expected: tuple[str, ...]


def rule_of(poll: Poll) -> Rule:
    return Rule.from_data(poll.rule)


def electorate(poll: Poll) -> list[Mandate]:
    """The frozen electors as the rules see them."""
    return [mandate_of(elector) for elector in Elector.objects.filter(poll=poll)]


def mandate_of(elector: Elector) -> Mandate:
    return Mandate(elector.mandate, elector.weight, elector.is_chair, elector.entitlement)


def current_ballots(poll: Poll) -> QuerySet[Ballot]:
    """The ballots that count: the highest revision of each elector."""
    newer = Ballot.objects.filter(elector=OuterRef("elector"), revision__gt=OuterRef("revision"))
    return Ballot.objects.filter(~Exists(newer), poll=poll).select_related("elector")


def votes(poll: Poll) -> list[Vote]:
    return [Vote(ballot.elector.mandate, ballot.choice) for ballot in current_ballots(poll)]


def tally(poll: Poll) -> Verdict:
    """How the poll would end if it were closed now."""
    return decide(rule_of(poll), electorate(poll), votes(poll))


def turnout(poll: Poll) -> Turnout:
    """Who has voted, never how."""
    electors = list(Elector.objects.filter(poll=poll).annotate(voted=_has_ballot()))
    return Turnout(
        voted=tuple(elector.mandate for elector in electors if elector.voted),
        expected=tuple(e.mandate for e in electors if e.entitlement == Entitlement.PRESENT),
    )


def _has_ballot() -> Exists:
    return Exists(Ballot.objects.filter(elector=OuterRef("pk")))


def ballot_of(poll: Poll, mandate: str) -> Ballot | None:
    """The ballot of this mandate that counts, if it cast one."""
    return current_ballots(poll).filter(elector__mandate=mandate).first()


def receipt_of(ballot: Ballot, mandate: str) -> Receipt:
    """The receipt of a ballot; always the same for the same ballot."""
    digest = ballot_digest(ballot, mandate)
    return Receipt(ballot.poll_id, mandate, ballot.choice, ballot.revision, ballot.cast_at, digest)
