"""Work on many files side by side: signing is bound by the processor, and threads do not help it.

The processes are forked from a small server that has loaded the work and nothing else, so that neither
threads nor connections of the caller are copied into them.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from typing import TypeVar

from django.conf import settings

Job = TypeVar("Job")
Result = TypeVar("Result")

logger = logging.getLogger(__name__)
# Fewer are done here and now: handing them over costs more.
WORTH_SHARING = 4
PIECE = 5  # jobs handed over at once


def each(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
    """``work`` on every job, results in order. ``work`` must be a module's function without side effects
    on anything but its own files: after the death of a process its jobs are done again.
    """
    if len(jobs) < WORTH_SHARING or settings.SIGNING_PROCESSES < 2:
        yield from map(work, jobs)
        return
    done = 0
    try:
        for result in _pool().map(work, jobs, chunksize=PIECE):
            yield result
            done += 1
    except BrokenProcessPool:
        logger.exception("a signing process died; %d files are done here instead", len(jobs) - done)
        _pool.cache_clear()
        yield from map(work, jobs[done:])


def warm() -> None:
    """Start the processes now, so that the first person does not wait for them."""
    if settings.SIGNING_PROCESSES > 1:
        list(_pool().map(_awake, range(settings.SIGNING_PROCESSES)))


@lru_cache(maxsize=1)
def _pool() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["signing.stages"])
    return ProcessPoolExecutor(settings.SIGNING_PROCESSES, mp_context=context)


def _awake(number: int) -> int:
    return number
