"""The analyser: one way from text to terms, the same for both engines.

Every step keeps one character for one character, so a term's offsets in the
analysed text are its offsets in the stored text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]{1,100}")  # longer is no word, and engines cut it at will
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\ufeff]")
# Both spellings are in use: hòa and hoà, thủy and thuỷ. The older one (mark on the first vowel)
# is taken as the norm; quý keeps its mark, because there the u belongs to the consonant.
_OPEN_VOWELS = {
    f"{first}{late}": f"{early}{second}"
    for first, second, earlies, lates in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for early, late in zip(earlies, lates, strict=True)
}
_LATE_MARK = re.compile(rf"(?<![q\W])({'|'.join(_OPEN_VOWELS)})(?![^\W_])")


class Token(NamedTuple):
    """A word with its place: ``text[start:end]``, in characters of the stored text."""

    term: str
    start: int
    end: int


class _Folding(dict[int, int]):
    """A translation table that finds the base letter of a Latin, Greek or Cyrillic sign on first use."""

    def __missing__(self, code: int) -> int:
        base = unicodedata.normalize("NFD", chr(code))[0] if code < 0x2000 else chr(code)
        self[code] = ord(base) if not unicodedata.combining(base) else code
        return self[code]


_FOLDING = _Folding({ord("đ"): ord("d"), ord("Đ"): ord("D"), ord("ð"): ord("d")})


def clean(text: str) -> str:
    """The form text is stored and shown in: NFC, without control signs and soft hyphens."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", text))


def lower(text: str) -> str:
    """Lower case of the same length (Python's own makes two characters of one ``İ``)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def spell(text: str) -> str:
    """Lower case with the tone mark where ``hòa`` has it; same length."""
    return _LATE_MARK.sub(lambda found: _OPEN_VOWELS[found[0]], lower(text))


def fold(text: str) -> str:
    """Without diacritics, đ as d; same length and case."""
    return text.translate(_FOLDING)


def terms(text: str) -> list[str]:
    """The exact terms of a text in reading order."""
    return _WORD.findall(spell(text))


def tokens(text: str) -> Iterator[Token]:
    """The exact terms with their places in ``text``, which must be in NFC."""
    for found in _WORD.finditer(spell(text)):
        yield Token(found[0], found.start(), found.end())


def bigrams(words: Sequence[str]) -> list[str]:
    """Neighbours joined: most Vietnamese words are two syllables, ``nguồn nước`` → ``nguồn_nước``."""
    return [f"{left}_{right}" for left, right in pairwise(words)]


def has_marks(text: str) -> bool:
    """Whether any letter carries a diacritic: such a query means exactly what it says."""
    return fold(text) != text
