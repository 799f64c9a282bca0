"""The only writers of polls and ballots. Who may open and close is the caller's to check:
this room knows no meeting; who may cast follows from the frozen electorate."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from voting.ballots import BallotRequest, submit, submit_all
from voting.enums import Entitlement, PollMode, PollState
from voting.models import Elector, Poll
from voting.queries import electorate, rule_of, tally, votes
from voting.receipts import Receipt
from voting.rules import Kind, Rule, chair_choices


@dataclass(frozen=True)
class ElectorSpec:
    """One mandate to be frozen into a poll; ``mandate`` is the caller's key, like ``membership:12``."""

    mandate: str
    user_id: int
    name: str
    weight: int = 1
    is_chair: bool = False
    entitlement: str = Entitlement.PRESENT
    proxy_id: int | None = None  # the user who casts for this mandate; None: the member's own hand
    proxy_name: str = ""


@transaction.atomic
def open_poll(
    *,
    actor: User,
    question: str,
    rule: Rule,
    electors: Sequence[ElectorSpec],
    question_en: str = "",
    text_sha256: str = "",
    closes_at: datetime | None = None,
    mode: str = PollMode.LIVE,
) -> Poll:
    """Put a question. Rule, electorate and the text's hash are frozen here and never change again.

    Raises DomainError when there is no question, nobody to vote, or one mandate stands twice.
    """
    _check_question(question, electors)
    poll = Poll.objects.create(
        question=question.strip(),
        question_en=question_en.strip(),
        text_sha256=text_sha256,
        mode=mode,
        rule=rule.as_data(),
        opened_by=actor,
        opened_at=clock.now(),
        closes_at=closes_at,
    )
    rows = [new_elector(poll, spec, order) for order, spec in enumerate(electors)]
    Elector.objects.bulk_create(rows)
    frozen = {"question": poll.question, "rule": poll.rule, "electors": [_frozen(row) for row in rows]}
    record(
        actor=actor,
        act="poll.opened",
        subject=f"poll:{poll.pk}",
        digest=_digest(frozen),
        details={"text_sha256": text_sha256, "electors": len(rows)},
    )
    return poll


def cast(*, actor: User, poll_id: int, mandate: str, choice: str, key: str, comment: str = "") -> Receipt:
    """Cast or change a ballot; returns only after COMMIT.

    The same ``key`` gets the same receipt, also after closing. Raises DomainError: ``key_missing``,
    ``poll_not_found``, ``not_elector``, ``elector_absent``, ``elector_recused``, ``unknown_choice``,
    ``poll_closed``, ``poll_cancelled``, ``key_reused``, ``ballot_not_saved`` (send it again).
    """
    return submit(BallotRequest(actor, poll_id, mandate, choice, key, comment))


def cast_all(requests: Sequence[BallotRequest]) -> list[Receipt | DomainError]:
    """``cast`` for many at once: one COMMIT, and for each its receipt or its own refusal, in their order."""
    return submit_all(requests)


@transaction.atomic
def close_poll(*, actor: User, poll_id: int, chair_choice: str | None = None) -> Poll:
    """End the poll and decide it in one instant: what was acknowledged counts, nothing comes after.

    On equal votes with a chair who is entitled and has not voted, ``chair_choice`` is the chair's
    ballot (only the chair may give it); without it the poll stays open and WrongState
    ``chair_must_decide`` is raised. In every other case ``chair_choice`` is not looked at.
    """
    poll = _lock_open(poll_id)
    between = chair_choices(rule_of(poll), electorate(poll), votes(poll))
    if between:
        _cast_for_chair(actor, poll, chair_choice, between)
    return _close(actor, poll)


@transaction.atomic
def close_at_deadline(*, poll_id: int) -> Poll:
    """End a poll whose ``closes_at`` has passed, in nobody's name: silence counts as the rule says, also
    the chair's on equal votes. WrongState ``poll_not_due`` before.
    """
    poll = _lock_open(poll_id)
    if poll.closes_at is None or poll.closes_at > clock.now():
        raise WrongState("poll_not_due", _("This poll is still open: its deadline has not passed."))
    return _close(None, poll)


def _close(actor: User | None, poll: Poll) -> Poll:
    verdict = tally(poll)
    poll.state, poll.closed_at, poll.verdict = PollState.CLOSED, clock.now(), verdict.as_data()
    poll.save(update_fields=["state", "closed_at", "verdict"])
    record(
        actor=actor,
        act="poll.closed",
        subject=f"poll:{poll.pk}",
        digest=_digest(poll.verdict),
        details={"adopted": verdict.adopted, "reason": verdict.reason.value, "counts": verdict.counts},
    )
    return poll


@transaction.atomic
def cancel_poll(*, actor: User, poll_id: int) -> Poll:
    """Withdraw an open question; its ballots stay in the ledger and count for nothing."""
    poll = _lock_open(poll_id)
    poll.state, poll.closed_at = PollState.CANCELLED, clock.now()
    poll.save(update_fields=["state", "closed_at"])
    record(actor=actor, act="poll.cancelled", subject=f"poll:{poll.pk}")
    return poll


def _lock_open(poll_id: int) -> Poll:
    """The poll, locked against ballots (they hold it in share mode) and against another closer."""
    poll = Poll.objects.select_for_update().filter(pk=poll_id).first()
    if poll is None:
        raise DomainError("poll_not_found", _("There is no such poll. Go back to the meeting."), 404)
    if poll.state != PollState.OPEN:
        raise WrongState("poll_not_open", _("This poll is no longer open. Look at its result."))
    return poll


def _cast_for_chair(actor: User, poll: Poll, choice: str | None, between: Sequence[str]) -> None:
    """The chair's own ballot, cast in the act of closing; ``between`` are the codes that would decide."""
    present = Elector.objects.filter(poll=poll, is_chair=True, entitlement=Entitlement.PRESENT)
    chair = present.earliest("order")
    if choice is None or choice not in between:
        words = _("Votes are equal. The chair votes for or against, then the poll can close.")
        if rule_of(poll).kind is Kind.OPTIONS:
            words = _(
                "Votes are equal. The chair chooses between the leading options, then the poll can close."
            )
        raise WrongState("chair_must_decide", words, choices=list(between))
    if chair.caster_id != actor.pk:
        raise Denied(_("Votes are equal: only the chair can give the deciding side."), "not_chair")
    submit(BallotRequest(actor, poll.pk, chair.mandate, choice, f"close:{poll.pk}"))


def _check_question(question: str, electors: Sequence[ElectorSpec]) -> None:
    if not question.strip():
        raise DomainError("question_missing", _("Write the question that is put to the vote."))
    if not electors:
        raise DomainError("no_electors", _("Nobody is entitled to vote. Check the members of the body."))
    if len({spec.mandate for spec in electors}) != len(electors):
        raise DomainError("elector_twice", _("One mandate stands twice among those who vote."))


def new_elector(poll: Poll, spec: ElectorSpec, order: int) -> Elector:
    return Elector(
        poll=poll,
        mandate=spec.mandate,
        user_id=spec.user_id,
        name=spec.name,
        weight=spec.weight,
        is_chair=spec.is_chair,
        entitlement=spec.entitlement,
        proxy_id=spec.proxy_id,
        proxy_name=spec.proxy_name,
        order=order,
    )


def _frozen(row: Elector) -> dict[str, object]:
    frozen: dict[str, object] = {
        "mandate": row.mandate,
        "weight": row.weight,
        "chair": row.is_chair,
        "standing": row.entitlement,
    }
    return frozen if row.proxy_id is None else {**frozen, "proxy": row.proxy_id}


def _digest(data: object) -> str:
    return hashlib.sha256(canonical_json(data)).hexdigest()
