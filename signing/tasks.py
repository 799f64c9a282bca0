"""Background jobs of the signing room."""

from __future__ import annotations

from django_tasks import task

from ecabinet.common import clock
from signing.models import PendingTimestamp


@task()
def complete_timestamps() -> None:
    """Work off the queue of waiting timestamps."""
    from signing.actions import timestamps

    timestamps.work_off()


def tick() -> None:
    """Have due timestamps tried. The job asks other machines and may wait for them; the ticker may not."""
    if PendingTimestamp.objects.waiting().filter(next_try__lte=clock.now()).exists():
        complete_timestamps.enqueue()


def alarm() -> None:
    """Tell administrators of timestamps that do not come."""
    from signing.actions import alarms

    alarms.raise_alarm()
