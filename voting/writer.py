"""Group commit: callers queue per process, one of them writes for all who wait.

For callers with a thread each. Most ballots of a sitting meet before they have one (``cast_all``).

No timer and no thread of its own. The first caller leads: it commits what is in the queue (its own
row first), tells everybody in the batch, and hands the lead to whoever queued meanwhile. Under load
batches grow by themselves; alone, a caller pays one commit. Nobody is told anything before the
commit has returned.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")

MAX_BATCH = 1_000


@dataclass(eq=False)
class _Slot(Generic[Request, Result]):
    request: Request
    result: Result | None = None
    error: BaseException | None = None
    leads: bool = False
    woken: threading.Event = field(default_factory=threading.Event)


class GroupCommit(Generic[Request, Result]):
    """``commit`` writes a batch and returns, per request and in order, a result or its own error.

    What ``commit`` raises refuses the whole batch. It must return only after its COMMIT.
    """

    def __init__(self, commit: Callable[[Sequence[Request]], Sequence[Result | Exception]]) -> None:
        self._commit = commit
        self._mutex = threading.Lock()
        self._queue: deque[_Slot[Request, Result]] = deque()
        self._led = False

    def submit(self, request: Request) -> Result:
        """Blocks until the request is committed; raises its own error or that of its batch."""
        slot = _Slot[Request, Result](request)
        with self._mutex:
            self._queue.append(slot)
            slot.leads, self._led = not self._led, True
        if not slot.leads:
            slot.woken.wait()
        if slot.leads:
            self._lead()
        if slot.error is not None:
            raise slot.error
        return slot.result  # type: ignore[return-value]  # set whenever there is no error

    def _lead(self) -> None:
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(MAX_BATCH, len(self._queue)))]
        try:
            self._settle(batch)
        finally:
            self._hand_over()
            for slot in batch:
                slot.woken.set()

    def _settle(self, batch: Sequence[_Slot[Request, Result]]) -> None:
        try:
            answers = self._commit([slot.request for slot in batch])
        except BaseException as error:
            for slot in batch:
                slot.error = error
            if not isinstance(error, Exception):
                raise
            return
        for slot, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                slot.error = answer
            else:
                slot.result = answer

    def _hand_over(self) -> None:
        with self._mutex:
            heir = self._queue[0] if self._queue else None
            self._led = heir is not None
        if heir is not None:
            heir.leads = True
            heir.woken.set()
