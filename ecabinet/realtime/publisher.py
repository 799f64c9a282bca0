"""One thread per process that draws up and sends what screens need, merging what comes too fast.

A command's answer never waits for it. Work is known by a key: while it waits, asking again with the
same key changes nothing, because the work reads the newest state when it runs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import connections

logger = logging.getLogger(__name__)

Job = Callable[[], None]


BREATH = 3  # a repeated job runs a third of the time at most, so that drawing never starves casting


class Publisher:
    """Runs each job once after it was last asked for, and never more often than its interval allows."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._waiting: dict[str, tuple[float, Job]] = {}
        self._last: dict[str, float] = {}  # when it was begun
        self._took: dict[str, float] = {}  # how long it ran, in seconds
        self._thread: threading.Thread | None = None
        self._busy = False

    def ask(self, key: str, job: Job, *, interval: float = 0.0) -> None:
        """Run ``job`` soon, at least ``interval`` seconds after the run before it with the same key began.

        With an interval it also rests when it takes long; without one it runs at once.
        """
        with self._wake:
            rest = max(interval, BREATH * self._took.get(key, 0.0)) if interval else 0.0
            due = max(time.monotonic(), self._last.get(key, 0.0) + rest)
            earlier = self._waiting.get(key)
            self._waiting[key] = (min(due, earlier[0]) if earlier else due, job)
            self._start()
            self._wake.notify_all()

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until all that was asked for is done; False when it still is not after ``timeout`` seconds."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            key, job = self._next()
            _do(job)
            with self._wake:
                self._took[key] = time.monotonic() - self._last[key]
                self._busy = False
                self._wake.notify_all()

    def _next(self) -> tuple[str, Job]:
        with self._wake:
            while True:
                key = min(self._waiting, key=lambda name: self._waiting[name][0], default=None)
                pause = None if key is None else self._waiting[key][0] - time.monotonic()
                if key is not None and pause is not None and pause <= 0:
                    self._last[key], self._busy = time.monotonic(), True
                    return key, self._waiting.pop(key)[1]
                self._wake.wait(pause)


def _do(job: Job) -> None:
    """A job that fails is logged and forgotten: screens are healed by the heartbeat."""
    try:
        job()
    except Exception:
        logger.exception("screens could not be told")
    finally:
        connections.close_all()
