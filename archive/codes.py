"""The short code that is printed on a decision and leads to its verify page."""

from __future__ import annotations

import secrets

# Neither 0, O, 1, I, L nor U: nothing that is misread on paper, no words by accident.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # 30 ** 12 is about 2 ** 59: a code cannot be guessed


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: ``K7QM 4F2D 91XA``."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def as_typed(text: str) -> str:
    """A code without the spaces and hyphens people put in, in capitals."""
    return "".join(character for character in text if character.isalnum()).upper()
