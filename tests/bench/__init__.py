"""Measured promises. Each module here has ``rows() -> list[Row]``; ``bin/bench NAME`` prints them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure beside a named peer or limit of the same run; ``goal`` says in words what was promised.

    ``ratio`` is value / peer_value.
    """

    what: str
    value: float
    unit: str
    peer: str
    peer_value: float
    goal: str
    met: bool

    @property
    def ratio(self) -> float:
        return self.value / self.peer_value if self.peer_value else 0.0
