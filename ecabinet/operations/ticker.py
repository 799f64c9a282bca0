"""Periodic work: one process, one thread, each job at its own interval.

A job is a function without arguments that does whatever is due and returns. It must be
idempotent: a killed ticker starts again from what the database says.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from django.db import close_old_connections
from django.utils.module_loading import import_string

from ecabinet.operations.actions import beat

logger = logging.getLogger("ecabinet.ticker")


@dataclass(frozen=True)
class Job:
    """``path`` names the function, ``every`` is in seconds."""

    path: str
    every: float


JOBS = (
    Job("search.tasks.tick", 0.5),
    Job("ecabinet.ledger.tasks.tick", 1),
    Job("archive.tasks.tick", 1),
    Job("signing.tasks.take_up", 1),
    Job("signing.tasks.sweep", 3600),
    Job("archive.tasks.renew", 60),
    Job("signing.tasks.tick", 5),
    Job("signing.tasks.alarm", 60),
    Job("signing.tasks.take_up_reports", 5),
    Job("meetings.tasks.tick", 2),
    Job("meetings.tasks.close_written", 2),
    Job("meetings.tasks.remind_written", 30),
    Job("signing.tasks.keep_register", 60),
    Job("ecabinet.operations.actions.requeue_abandoned_jobs", 5),
)
# In demo mode also.
DEMO_JOBS = (Job("ecabinet.demo.tasks.tick", 1),)
PART, BEAT_EVERY = "ticker", 2.0
# A failing job is tried again after its interval times this, doubling up to the ceiling (seconds).
BACK_OFF, BACK_OFF_CEILING = 2.0, 60.0


class Ticker:
    """Runs the jobs until ``stop`` is set."""

    def __init__(self, jobs: tuple[Job, ...] = JOBS) -> None:
        self.stop = threading.Event()
        self.jobs = jobs
        self.due = {job.path: 0.0 for job in jobs}
        self.failures = {job.path: 0 for job in jobs}
        self.next_beat = 0.0

    def run(self) -> None:
        while not self.stop.is_set():
            self.step(time.monotonic())
            pause = min(self.due.values()) - time.monotonic()
            self.stop.wait(min(max(pause, 0.05), BEAT_EVERY))

    def step(self, now: float) -> None:
        """Run what is due at ``now`` (monotonic seconds)."""
        close_old_connections()
        for job in self.jobs:
            if self.due[job.path] <= now:
                self.due[job.path] = now + self.run_job(job)
        if self.next_beat <= now:
            self.beat(now)

    def run_job(self, job: Job) -> float:
        """Run one job; returns the seconds until it is due again."""
        try:
            import_string(job.path)()
        except Exception:  # one broken job must not stop the others
            self.failures[job.path] += 1
            logger.exception("%s failed (%d in a row)", job.path, self.failures[job.path])
            return float(min(job.every * BACK_OFF ** self.failures[job.path], BACK_OFF_CEILING))
        self.failures[job.path] = 0
        return job.every

    def beat(self, now: float) -> None:
        try:
            beat(PART)
        except Exception:  # the database may be away; the health page says so meanwhile
            logger.exception("no heartbeat")
        self.next_beat = now + BEAT_EVERY
