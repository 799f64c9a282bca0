"""Writes of the operations room: heartbeats and the reaping of abandoned jobs."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ecabinet.common import clock
from ecabinet.operations.models import Heartbeat

# A job that has run this long belongs to a worker that was killed: jobs only carry an id and are short.
ABANDONED_AFTER = timedelta(minutes=15)
NOTE_ABANDONED = gettext_noop("The worker stopped while this job ran; it was put back into the queue.")


def beat(part: str) -> None:
    """Record that ``part`` is alive now."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


def requeue_abandoned_jobs() -> int:
    """Put jobs of killed workers back into the queue; returns how many. Jobs are idempotent."""
    stale = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=clock.now() - ABANDONED_AFTER
    )
    return stale.update(status=TaskResultStatus.READY, started_at=None, traceback=NOTE_ABANDONED)
