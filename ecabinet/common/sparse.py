"""Lists in which some have nothing to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def answered(
    questions: Sequence[Question | None], answers_for: Callable[[list[Question]], Sequence[Answer]]
) -> list[Answer | None]:
    """Asks once for all that are there; each answer stands where its question stood, None where none was."""
    answers = iter(answers_for([question for question in questions if question is not None]))
    return [next(answers) if question is not None else None for question in questions]
