"""Running a coroutine to its end from plain code."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """The coroutine's result. It is handed over beside the event loop, never through it: where the loop
    takes over Ctrl-C it prints its task, result and all, and a signature takes seconds to print.
    """
    kept: list[Result] = []

    async def keep() -> None:
        kept.append(await work)

    asyncio.run(keep())
    return kept[0]
