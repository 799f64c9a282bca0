"""Casting: a batch of ballots in one transaction, refusals row by row."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import Act, record_all
from voting.enums import Entitlement, PollState
from voting.models import Ballot, Elector, Poll
from voting.queries import receipt_of, rule_of
from voting.receipts import Receipt
from voting.writer import GroupCommit

logger = logging.getLogger(__name__)

MAX_KEY = 64
Answer = Receipt | DomainError


@dataclass(frozen=True)
class BallotRequest:
    actor: User
    poll_id: int
    mandate: str
    choice: str
    key: str
    comment: str = ""


class _Box:
    """What a batch has read under its locks, and what it will add."""

    def __init__(self, requests: Sequence[BallotRequest]) -> None:
        ids = sorted({request.poll_id for request in requests})
        _hold_open(ids)
        self.polls = Poll.objects.in_bulk(ids)
        self.rules = {poll.pk: rule_of(poll) for poll in self.polls.values()}
        mandates = {request.mandate for request in requests}
        # Ordered, so that two processes with the same electors wait for each other instead of dying.
        rows = Elector.objects.select_for_update(no_key=True).order_by("pk")
        self.electors = {(e.poll_id, e.mandate): e for e in rows.filter(poll__in=ids, mandate__in=mandates)}
        self.by_key: dict[tuple[int, str], Ballot] = {}
        self.revision: dict[int, int] = {}
        for ballot in Ballot.objects.filter(elector__in=list(self.electors.values())):
            self.remember(ballot)
        self.new: list[tuple[Ballot, BallotRequest, Receipt]] = []

    def remember(self, ballot: Ballot) -> None:
        self.by_key[ballot.elector_id, ballot.key] = ballot
        self.revision[ballot.elector_id] = max(self.revision.get(ballot.elector_id, 0), ballot.revision)


def _hold_open(poll_ids: Sequence[int]) -> None:
    """Nobody closes these polls before our commit; SQLite's BEGIN IMMEDIATE has done that already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM voting_poll WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(poll_ids)]
            )


def _write(requests: Sequence[BallotRequest]) -> list[Answer]:
    """One transaction for all; raises a database error when one row spoils it."""
    with transaction.atomic():
        box, at = _Box(requests), clock.now()
        answers = [_answer(box, request, at) for request in requests]
        _save(box)
    return answers


def _answer(box: _Box, request: BallotRequest, at: datetime) -> Answer:
    try:
        return _take(box, request, at)
    except DomainError as refusal:
        return refusal


def _take(box: _Box, request: BallotRequest, at: datetime) -> Receipt:
    if not request.key or len(request.key) > MAX_KEY:
        raise DomainError("key_missing", _("The request lacks an Idempotency-Key of 1 to 64 characters."))
    elector = _elector(box, request)
    earlier = box.by_key.get((elector.pk, request.key))
    if earlier is not None:
        return _repeat(earlier, request)
    _check_open(box.polls[request.poll_id], at)
    _check_entitled(elector)
    if box.rules[request.poll_id].choice(request.choice) is None:
        raise DomainError("unknown_choice", _("This ballot has no such choice. Choose one of those shown."))
    ballot = Ballot(
        elector=elector,
        poll_id=request.poll_id,
        revision=box.revision.get(elector.pk, 0) + 1,
        choice=request.choice,
        comment=request.comment,
        key=request.key,
        cast_by=request.actor,
        cast_at=at,
    )
    box.remember(ballot)
    receipt = receipt_of(ballot, elector.mandate)
    box.new.append((ballot, request, receipt))
    return receipt


def _elector(box: _Box, request: BallotRequest) -> Elector:
    if request.poll_id not in box.polls:
        raise DomainError("poll_not_found", _("There is no such poll. Go back to the meeting."), 404)
    elector = box.electors.get((request.poll_id, request.mandate))
    if elector is not None and elector.proxy_id and elector.user_id == request.actor.pk:
        raise Denied(
            _("When this poll opened, %(name)s was to vote in your place.") % {"name": elector.proxy_name},
            "elector_represented",
        )
    if elector is None or elector.caster_id != request.actor.pk:
        raise Denied(_("You are not among those who vote on this question."), "not_elector")
    return elector


def _repeat(earlier: Ballot, request: BallotRequest) -> Receipt:
    if (earlier.choice, earlier.comment) != (request.choice, request.comment):
        raise WrongState("key_reused", _("This key already belongs to another ballot. Cast with a new one."))
    return receipt_of(earlier, request.mandate)


def _check_open(poll: Poll, at: datetime) -> None:
    if poll.state == PollState.CANCELLED:
        raise WrongState("poll_cancelled", _("This poll was cancelled. Your ballot was not counted."))
    if poll.state != PollState.OPEN or (poll.closes_at is not None and poll.closes_at <= at):
        raise WrongState(
            "poll_closed", _("This poll is closed. Your ballot came too late and is not counted.")
        )


def _check_entitled(elector: Elector) -> None:
    if elector.entitlement == Entitlement.ABSENT:
        raise Denied(_("You were absent when this poll opened, so you cannot vote on it."), "elector_absent")
    if elector.entitlement == Entitlement.RECUSED:
        raise Denied(_("You have withdrawn from this item, so you cannot vote on it."), "elector_recused")


def _save(box: _Box) -> None:
    entries = record_all(
        Act(
            actor=request.actor,
            act="ballot.cast",
            subject=f"poll:{ballot.poll_id}",
            digest=receipt.digest,
            details={"mandate": receipt.mandate, "revision": receipt.revision},
        )
        for ballot, request, receipt in box.new
    )
    for (ballot, _request, _receipt), entry in zip(box.new, entries, strict=True):
        ballot.ledger_entry = entry
    Ballot.objects.bulk_create(ballot for ballot, _request, _receipt in box.new)


def _commit(requests: Sequence[BallotRequest]) -> list[Answer]:
    """Write the batch; when the database refuses it, write each row alone: a bad row refuses only itself."""
    try:
        return _write(requests)
    except (IntegrityError, DataError):
        if len(requests) == 1:
            raise
        return [_alone(request) for request in requests]


def _alone(request: BallotRequest) -> Answer:
    try:
        return _write([request])[0]
    except DatabaseError:
        logger.exception("a ballot could not be written")
        return not_saved()


def not_saved() -> DomainError:
    """Nothing was acknowledged: the voter sends the same ballot again, with the same key."""
    return DomainError(
        "ballot_not_saved", _("The ballot could not be confirmed. Send it again; it counts once."), 503
    )


def submit(request: BallotRequest) -> Receipt:
    """Commit the ballot together with those of other callers in this process.

    Inside somebody else's transaction it is written there and then, and stands or falls with it.
    """
    try:
        if connection.in_atomic_block:
            return _only(_write([request]))
        return _queue.submit(request)
    except DatabaseError as error:
        logger.exception("a batch of ballots could not be written")
        raise not_saved() from error


def submit_all(requests: Sequence[BallotRequest]) -> list[Answer]:
    """Commit these ballots together: for each its receipt or its own refusal, in their order."""
    try:
        return _commit(requests)
    except DatabaseError:
        logger.exception("a batch of ballots could not be written")
        return [not_saved() for _request in requests]


def _only(answers: Iterable[Answer]) -> Receipt:
    answer = next(iter(answers))
    if isinstance(answer, DomainError):
        raise answer
    return answer


_queue: GroupCommit[BallotRequest, Receipt] = GroupCommit(_commit)
