"""A small process tree: server, worker and ticker under one parent that starts and stops them.

The parent loads the site once, starts no thread and has no connection open when it forks; the parts are
forked from it, so that a start pays for the loading once and they share its memory.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from types import FrameType

logger = logging.getLogger("ecabinet.serve")
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 10.0
RESTART_AFTER, RESTART_CEILING, STEADY_AFTER = 0.5, 10.0, 60.0
FORK = multiprocessing.get_context("fork")


@dataclass
class Part:
    """One process that is kept running; ``work`` is what it does until it is told to stop."""

    name: str
    work: Callable[[], object]
    process: ForkProcess | None = None
    delay: float = RESTART_AFTER
    due: float = 0.0
    started: float = 0.0

    def start(self) -> ForkProcess:
        process = FORK.Process(target=_live, args=(self.work, os.getpid()), name=self.name)
        process.start()
        self.process = process
        return process

    def watch(self, now: float) -> None:
        """Start the process when it is not running and its pause is over."""
        if self.process is not None and self.process.is_alive():
            return
        if self.process is not None:
            self._ended(self.process.exitcode, now)
        if now >= self.due:
            self.started = now
            self.start()

    def end(self, deadline: float) -> None:
        """Wait until the process has ended, by force after ``deadline`` (monotonic seconds)."""
        if self.process is None or self.process.pid is None:
            return
        self.process.join(max(0.1, deadline - time.monotonic()))
        # The part leads a group of its own: what it started goes with it.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()

    def _ended(self, how: int | None, now: float) -> None:
        if now - self.started > STEADY_AFTER:
            self.delay = RESTART_AFTER
        logger.warning("The %s stopped (exit %s); starting it again in %g s.", self.name, how, self.delay)
        self.end(now)
        self.due, self.delay, self.process = now + self.delay, min(self.delay * 2, RESTART_CEILING), None


class Supervisor:
    """Keeps the parts running until it is told to stop, then stops them in order."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal end the tree; nohup's choice is kept."""
        for number in STOP_SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._asked_to_stop)

    def first(self, name: str, work: Callable[[], object]) -> int:
        """Do ``work`` in a process of its own; returns its exit code, 128 + signal when it was stopped."""
        part = Part(name, work)
        process = part.start()
        while process.is_alive() and not self.stop.wait(0.02):
            pass
        self._end([part])
        code = process.exitcode or 0
        return code if code >= 0 else 128 - code

    def run(self, parts: Sequence[Part]) -> None:
        """Returns when all parts have ended."""
        try:
            while not self.stop.is_set():
                for part in parts:
                    part.watch(time.monotonic())
                self.stop.wait(0.2)
        finally:
            self._end(parts)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _end(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if part.process is not None:
                part.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for part in parts:
            part.end(deadline)


def _live(work: Callable[[], object], parent: int) -> None:
    """A part's whole life. In a session of its own: Ctrl-C reaches the parent only."""
    os.setsid()
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    _die_with(parent)
    work()


def _die_with(parent: int) -> None:
    # Linux only; elsewhere a killed parent leaves its children to be stopped by hand.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before it could be told
            os._exit(1)
