"""A small process tree: server, worker and ticker under one parent that starts and stops them."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger("ecabinet.serve")
PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 10.0
RESTART_AFTER, RESTART_CEILING = 0.5, 10.0


def _die_with_parent() -> None:
    # Linux only; elsewhere a killed parent leaves its children to be stopped by hand.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    delay: float = RESTART_AFTER
    due: float = 0.0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the parent only, which stops the children in order.
        self.process = subprocess.Popen(
            list(self.command),
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads are running in the parent yet or ever
        )

    def watch(self, now: float) -> None:
        """Start the process when it is not running and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            logger.warning("%s stopped (exit %s); starting it again", self.name, self.process.returncode)
            self.due, self.delay, self.process = now + self.delay, min(self.delay * 2, RESTART_CEILING), None
        if now >= self.due:
            self.start()


class Supervisor:
    """Keeps its children running until SIGINT or SIGTERM, then stops all of them."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stop = threading.Event()

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        try:
            while not self.stop.is_set():
                for child in self.children:
                    child.watch(time.monotonic())
                self.stop.wait(0.2)
        finally:
            self._end()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def server(host: str, port: int) -> Child:
    """The ASGI server. The backlog lets a whole cabinet reconnect at once (default 50)."""
    address = f"tcp:port={port}:interface={host}:backlog=4096"
    command = [sys.executable, "-m", "daphne", "-v", "0", "--no-server-name", "-e", address]
    return Child("server", [*command, "ecabinet.asgi:application"])


def command(name: str) -> Child:
    return Child(name, [sys.executable, "-m", "django", name])
