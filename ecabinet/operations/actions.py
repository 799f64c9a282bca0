"""Writes of the operations room: signs of life and the reaping of abandoned jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ecabinet.common import clock
from ecabinet.operations.models import Heartbeat

# A worker that has not been heard of for this long was killed (it beats every two seconds).
LOST_AFTER = timedelta(seconds=30)
KEEP_BEATS = timedelta(days=1)
NOTE_ABANDONED = gettext_noop("The worker stopped while this job ran; it was put back into the queue.")


def beat(part: str) -> None:
    """Record that ``part`` is alive now."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


def leave(part: str) -> None:
    """Record that ``part`` has stopped."""
    Heartbeat.objects.filter(part=part).delete()


def requeue_abandoned_jobs() -> int:
    """Put jobs of killed workers back into the queue; returns how many. Jobs are idempotent."""
    now = clock.now()
    Heartbeat.objects.filter(at__lt=now - KEEP_BEATS).delete()
    beats = Heartbeat.objects.filter(at__gte=now - LOST_AFTER).values_list("part", flat=True)
    living = {part.rpartition(":")[2] for part in beats}
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    return sum(_requeue(job) for job in running if not living.intersection(job.worker_ids[-1:]))


def _requeue(job: DBTaskResult[Any, Any]) -> int:
    """Unless it has ended or was taken again meanwhile."""
    same = DBTaskResult.objects.filter(pk=job.pk, status=job.status, started_at=job.started_at)
    return same.update(status=TaskResultStatus.READY, started_at=None, traceback=NOTE_ABANDONED)
