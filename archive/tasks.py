"""Periodic work of the archive."""

from __future__ import annotations

from django_tasks import task

from archive import actions, packages
from ecabinet.common import clock


def tick() -> None:
    """Fill in proofs that wait, clear packages nobody fetched lately. Idempotent."""
    actions.complete_proofs()
    packages.clear_old()


@task()
def renew_timestamps() -> None:
    """Renew a batch of the archive timestamps that are due."""
    actions.renew_due()


def renew() -> None:
    """Note when new deposits are due, and have due ones renewed by a job: it waits for other machines."""
    actions.examine()
    if actions.is_due(clock.now()):
        renew_timestamps.enqueue()
