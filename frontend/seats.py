"""Where each seat stands in the half round, so that a server can draw the room."""

from __future__ import annotations

import math
from dataclasses import dataclass

CENTRE = (560.0, 580.0)
INNER, STEP = 240.0, 140.0
ROWS_FROM = ((13, 3), (7, 2), (1, 1))


@dataclass(frozen=True)
class Seat:
    """``state``: for, against, abstain, voted, wait, absent; ``speaking`` and ``mine`` add to it."""

    label: str
    name: str
    state: str = "wait"
    speaking: bool = False
    mine: bool = False


@dataclass(frozen=True)
class Place:
    x: float
    y: float


def rows_for(count: int) -> int:
    return next((rows for at_least, rows in ROWS_FROM if count >= at_least), 1)


def places(count: int) -> list[Place]:
    """``count`` places in the drawing's units, column by column from the left, front row first.

    The middle column's front place is the chair's: index ``count // 2`` less what stands before it
    in the column (27 seats: index 12).
    """
    rows = rows_for(count)
    columns = math.ceil(count / rows)
    return [_place(index // rows, index % rows, columns) for index in range(count)]


def _place(column: int, row: int, columns: int) -> Place:
    angle = math.pi * (1 - (column / (columns - 1) if columns > 1 else 0.5))
    radius = INNER + STEP * row
    x = CENTRE[0] + radius * math.cos(angle)
    y = CENTRE[1] - radius * math.sin(angle)
    return Place(round(x, 2), round(y, 2))


def chair_index(count: int) -> int:
    """The place of the chair in the order of ``places``."""
    rows = rows_for(count)
    return (math.ceil(count / rows) // 2) * rows
