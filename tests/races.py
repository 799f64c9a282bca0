"""Several hands at one instant, each in a thread and on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def at_once(act: Callable[[int], str], hands: int) -> list[str]:
    """``act(0)``, ``act(1)``, … started together; what each returned, in order."""
    start = threading.Barrier(hands)

    def begin(place: int) -> str:
        start.wait()
        return act(place)

    with ThreadPoolExecutor(hands) as pool:
        return [future.result(60) for future in [pool.submit(begin, place) for place in range(hands)]]
