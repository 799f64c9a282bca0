"""A vote by roll call, held on paper and entered afterwards: a poll closed from the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.ledger.actions import record
from voting.actions import ElectorSpec, new_elector
from voting.enums import Entitlement, PollMode, PollState
from voting.models import Ballot, Elector, Poll
from voting.queries import tally


@transaction.atomic
def record_roll_call(
    *,
    entered_by: User,
    confirmed_by: User,
    question: str,
    question_en: str,
    text_sha256: str,
    rule: Mapping[str, Any],
    electors: Sequence[ElectorSpec],
    choices: Mapping[str, str],
    held_at: datetime,
    digest: str,
) -> Poll:
    """Write down a vote as it was held; ``choices`` maps mandates to what they answered.

    Two people stand for it; ``digest`` is of the sheet both have seen. The caller has checked the
    answers: nobody who was absent or took no part has one.
    """
    poll = Poll.objects.create(
        question=question,
        question_en=question_en,
        text_sha256=text_sha256,
        mode=PollMode.ROLL_CALL,
        state=PollState.CLOSED,
        rule=dict(rule),
        opened_by=entered_by,
        opened_at=held_at,
        closed_at=held_at,
    )
    Elector.objects.bulk_create([new_elector(poll, spec, order) for order, spec in enumerate(electors)])
    _write_answers(poll, choices, entered_by, digest)
    poll.verdict = tally(poll).as_data()
    poll.save(update_fields=["verdict"])
    details = {"entered_by": entered_by.pk, "confirmed_by": confirmed_by.pk, "held_at": held_at.isoformat()}
    record(
        actor=confirmed_by, act="poll.roll_call", subject=f"poll:{poll.pk}", digest=digest, details=details
    )
    return poll


def _write_answers(poll: Poll, choices: Mapping[str, str], entered_by: User, digest: str) -> None:
    present = Elector.objects.filter(poll=poll, entitlement=Entitlement.PRESENT)
    at = clock.now()
    Ballot.objects.bulk_create(
        Ballot(
            elector=elector,
            poll=poll,
            revision=1,
            choice=choices[elector.mandate],
            key=digest[:64],
            cast_by=entered_by,
            cast_at=at,
        )
        for elector in present
        if elector.mandate in choices
    )
