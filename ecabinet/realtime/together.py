"""Those who come together are answered together: a few trips to the database for thousands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from channels.db import database_sync_to_async

Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST = 500  # of one trip, so that the first of a great crowd does not wait for the last


class Together(Generic[Question, Answer]):
    """While one trip is out, the next questions gather; ``answers_for`` answers them in their order.

    No timer: alone, one waits for nobody. ``answers_for`` runs in a thread, one trip at a time in a process.
    """

    def __init__(self, answers_for: Callable[[Sequence[Question]], Sequence[Answer]]) -> None:
        self._answers_for = answers_for
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Raises what ``answers_for`` raised, for all who were on that trip."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                answers = await database_sync_to_async(self._answers_for)([each for each, _answer in batch])
            except Exception as error:  # noqa: BLE001 - each who asked is told, none of them waits for ever
                _fail((answer for _question, answer in batch), error)
                continue
            for (_question, future), answer in zip(batch, answers, strict=True):
                if not future.done():  # who has left meanwhile has called it off
                    future.set_result(answer)


def _fail(futures: Iterable[asyncio.Future[Answer]], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
