"""Text without accents: for names of files and for comparing what people type."""

from __future__ import annotations

import unicodedata

# Letters of their own in Unicode, an accent for whoever types.
STROKED = str.maketrans("đĐ", "dD")


def unaccented(text: str) -> str:
    """``Đặng Quỳnh Chi`` → ``Dang Quynh Chi``; compatibility forms become the letters they stand for."""
    letters = unicodedata.normalize("NFKD", text.translate(STROKED))
    return "".join(each for each in letters if not unicodedata.combining(each))


def folded(text: str) -> str:
    """For comparing: without accents, capitals and superfluous spaces."""
    return " ".join(unaccented(text).casefold().split())
