"""Real server processes behind one door, forked from this process, which has loaded the site already."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from django.conf import settings
from django.db import connections

from ecabinet.operations import parts
from ecabinet.operations.processes import FORK, Part

Result = TypeVar("Result")


@dataclass
class House:
    """``port`` is where all of them listen; a killed one is started again by ``restart``."""

    port: int
    parts: list[Part]

    def kill(self, number: int) -> None:
        """As a power cut ends a process: nothing is put in order."""
        process = self.parts[number].process
        assert process is not None
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        self.parts[number].start()

    def pids(self) -> list[int]:
        return [part.process.pid for part in self.parts if part.process and part.process.pid]


@contextlib.contextmanager
def serving(count: int = 1, *, port: int = 0) -> Iterator[House]:
    """``count`` servers of ``settings.SERVER`` until the block ends. Call it before any thread is started."""
    more_files()
    warm()
    door = parts.reserve("127.0.0.1", port or settings.PORT)
    parts.open_door(door)
    house = House(door.getsockname()[1], [parts.server(door) for _ in range(count)])
    connections.close_all()  # no child may inherit one
    try:
        for part in house.parts:
            part.start()
        yield house
    finally:
        for part in house.parts:
            if part.process is not None:
                part.process.kill()
                part.process.join()
        door.close()


def warm() -> None:
    """Load what a first question would load, so that a fork answers at once."""
    for name in ("ecabinet.urls", parts.APPLICATION.partition(":")[0]):
        import_module(name)
    from django.urls import get_resolver

    get_resolver().resolve("/healthz")


def more_files() -> None:
    """As many open sockets as the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def apart(work: Callable[[], Result]) -> Result:
    """The clients' work in a process of its own, so that nothing of this one is in their way."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=lambda: there.send(work()))
    process.start()
    there.close()
    result: Result = here.recv()
    process.join()
    return result
