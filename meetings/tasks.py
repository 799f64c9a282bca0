"""Background jobs of the meetings room: each takes an id and delegates to an action."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

from django.db.models import F, QuerySet
from django_tasks import task

from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from meetings.enums import DecisionState, MinutesState
from meetings.models import Decision, Minutes

logger = logging.getLogger("ecabinet.meetings")
Waiting = TypeVar("Waiting", Decision, Minutes)
# A decision whose job was lost or failed is taken up again after this, doubling up to the ceiling.
RETRY_AFTER, RETRY_CEILING = timedelta(seconds=10), timedelta(minutes=10)
WAITING_FOR_US = (DecisionState.NUMBERED, DecisionState.SIGNED, DecisionState.SEALED)
MINUTES_WAITING_FOR_US = (MinutesState.APPROVED, MinutesState.SIGNED, MinutesState.SEALED)


@task()
def advance_decision(decision_id: int) -> None:
    """Take a decision as far as it goes without a person."""
    from meetings.actions import decisions

    try:
        decisions.advance(decision_id)
    except DomainError as error:
        # Said on the decision's page; the ticker tries again.
        logger.warning("decision %s waits: %s", decision_id, error)


def close_written() -> None:
    """Close written ballots whose deadline has passed."""
    from meetings.actions import written

    written.close_due()


def remind_written() -> None:
    """Tell members, deputies and the secretariat of answers that are missing."""
    from meetings.actions import written_reminders

    written_reminders.remind_due()


@task()
def advance_minutes(minutes_id: int) -> None:
    """Take minutes as far as they go without a person."""
    from meetings.actions import minutes_way

    try:
        minutes_way.advance(minutes_id)
    except DomainError as error:
        logger.warning("minutes %s wait: %s", minutes_id, error)


def tick() -> None:
    """Take up decisions and minutes whose job was lost or has to be tried again."""
    for decision in _due(Decision.objects.filter(state__in=WAITING_FOR_US)):
        advance_decision.enqueue(decision.pk)
    for minutes in _due(Minutes.objects.filter(state__in=MINUTES_WAITING_FOR_US)):
        advance_minutes.enqueue(minutes.pk)


def _due(waiting: QuerySet[Waiting]) -> Iterator[Waiting]:
    """The rows whose time to be tried again has come, each taken by one ticker only."""
    now = clock.now()
    for row in waiting.filter(retry_at__lte=now):
        pause = min(RETRY_AFTER * 2**row.attempts, RETRY_CEILING)
        taken = waiting.filter(pk=row.pk, retry_at=row.retry_at)
        if taken.update(retry_at=now + pause, attempts=F("attempts") + 1):
            yield row
