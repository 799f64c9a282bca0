"""Periodic work, called by the ticker; any process may run it at any time."""

from __future__ import annotations

from search.actions import index_pending

MOST_BATCHES = 20  # leave the ticker's other jobs their turn


def tick() -> None:
    """Index what waits."""
    for _ in range(MOST_BATCHES):
        if not index_pending():
            return
