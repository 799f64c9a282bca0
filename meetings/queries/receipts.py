"""A voter's own ballots: nobody else asks for them here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User, in_language
from ecabinet.common.errors import DomainError
from ecabinet.ledger.queries import latest_checkpoint
from meetings.models import ItemPoll, Meeting
from meetings.poll_view import mandate_key, membership_id
from voting.enums import PollMode, PollState
from voting.models import Ballot
from voting.proofs import Place, place_of
from voting.queries import current_ballots, receipt_of, rule_of
from voting.rules import Choice


def own_ballot(user: User, meeting: Meeting, poll_id: int, mandate: int) -> Ballot:
    """The ballot that counted of this mandate, for the one who cast it; else 404."""
    closed = ItemPoll.objects.filter(item__meeting=meeting, poll=poll_id, poll__state=PollState.CLOSED)
    rows = closed.exclude(poll__mode=PollMode.ROLL_CALL)
    link = rows.select_related("poll").first()
    if link is not None:
        rows_of = current_ballots(link.poll).select_related("ledger_entry")
        ballot = rows_of.filter(elector__mandate=mandate_key(mandate), cast_by=user).first()
        if ballot is not None:
            return ballot
    raise DomainError("ballot_not_found", _("You cast no such ballot, or its vote is still open."), 404)


@dataclass(frozen=True)
class OwnVote:
    """One ballot of the reader in a vote that has a result; ``place`` is None until the ledger proves it."""

    poll_id: int
    question: str
    mandate: int
    represented: str  # for whom, where it was by proxy; empty: the own mandate
    choice: Choice | None
    receipt: str
    place: Place | None


def own_votes(user: User, meeting: Meeting) -> dict[int, list[OwnVote]]:
    """What this person cast in the meeting and counted, by item, in a constant number of queries."""
    newer = Ballot.objects.filter(elector=OuterRef("elector"), revision__gt=OuterRef("revision"))
    cast = Ballot.objects.filter(
        ~Exists(newer), cast_by=user, poll__item_poll__item__meeting=meeting, poll__state=PollState.CLOSED
    )
    # At a roll call on paper nobody cast for themselves: who entered the sheet stands for all answers.
    rows = cast.exclude(poll__mode=PollMode.ROLL_CALL).select_related(
        "elector", "ledger_entry", "poll__item_poll"
    )
    head, votes = latest_checkpoint(), defaultdict(list)
    for ballot in rows.order_by("poll_id", "elector__order"):
        votes[ballot.poll.item_poll.item_id].append(
            _vote(ballot, user, place_of(ballot, head) if head else None)
        )
    return dict(votes)


def _vote(ballot: Ballot, user: User, place: Place | None) -> OwnVote:
    elector, poll = ballot.elector, ballot.poll
    return OwnVote(
        poll_id=poll.pk,
        question=in_language(poll.question, poll.question_en),
        mandate=membership_id(elector.mandate),
        represented="" if elector.user_id == user.pk else elector.name,
        choice=rule_of(poll).choice(ballot.choice),
        receipt=receipt_of(ballot, elector.mandate).code,
        place=place,
    )
