"""What a member may write beside a written ballot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

MAX_COMMENT, MAX_TEXT, MAX_CLAUSE, MAX_OPINIONS = 4000, 4000, 200, 40


class Opinion(NamedTuple):
    """On one clause of the draft."""

    clause: str
    text: str


class Trouble(ValueError):
    """Opinions that cannot be taken; ``code`` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_opinions(given: Iterable[Opinion]) -> list[Opinion]:
    """The opinions that say something, trimmed, in their order. Raises Trouble for half a row."""
    trimmed = [Opinion(" ".join(row.clause.split()), row.text.strip()) for row in given]
    rows = [row for row in trimmed if row.clause or row.text]
    if not all(row.clause for row in rows):
        raise Trouble("clause_missing")
    if not all(row.text for row in rows):
        raise Trouble("opinion_missing")
    if any(len(row.text) > MAX_TEXT or len(row.clause) > MAX_CLAUSE for row in rows):
        raise Trouble("opinion_long")
    if len(rows) > MAX_OPINIONS:
        raise Trouble("too_many_opinions")
    return rows
