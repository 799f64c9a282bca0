"""Background jobs of the meetings room: each takes an id and delegates to an action."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import F
from django_tasks import task

from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from meetings.enums import DecisionState
from meetings.models import Decision

logger = logging.getLogger("ecabinet.meetings")
# A decision whose job was lost or failed is taken up again after this, doubling up to the ceiling.
RETRY_AFTER, RETRY_CEILING = timedelta(seconds=10), timedelta(minutes=10)
WAITING_FOR_US = (DecisionState.NUMBERED, DecisionState.SIGNED, DecisionState.SEALED)


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


def tick() -> None:
    """Take up decisions whose job was lost or has to be tried again."""
    now = clock.now()
    for decision in Decision.objects.filter(state__in=WAITING_FOR_US, retry_at__lte=now):
        pause = min(RETRY_AFTER * 2**decision.attempts, RETRY_CEILING)
        taken = Decision.objects.filter(pk=decision.pk, retry_at=decision.retry_at)
        if taken.update(retry_at=now + pause, attempts=F("attempts") + 1):
            advance_decision.enqueue(decision.pk)
