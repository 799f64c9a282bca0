"""From what a person typed to a question: words, phrases, exclusions, fields, ranges, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from search.rules.numbers import find_refs, ref_norm
from search.rules.text import bigrams, clean, fold, has_marks, lower, terms

MAX_LENGTH = 400
MAX_TERMS = 40
_PART = re.compile(
    r'(?P<minus>(?<!\S)-(?=\S))?(?:(?P<field>[^\W\d_]+):(?=\S))?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))'
)
_FIELDS = {
    "ref": "ref number so sohieu",
    "title": "title tieude trichyeu",
    "kind": "kind loai",
    "agency": "agency coquan",
    "signer": "signer nguoiky",
    "year": "year nam",
    "day": "date ngay",
}
FIELDS = {alias: name for name, aliases in _FIELDS.items() for alias in aliases.split()}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that must stand side by side; ``plain`` compares them without diacritics."""

    terms: tuple[str, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """``field:value``; for ``ref`` the one term is a normalised number, otherwise plain terms."""

    field: str
    terms: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A range of ``year`` (2026) or ``day`` (20261126), both ends included; None leaves an end open."""

    field: str
    low: int | None
    high: int | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One question. ``plain`` when nothing typed carries a diacritic: then marks do not count."""

    text: str = ""
    terms: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    conditions: tuple[Condition, ...] = ()
    ranges: tuple[Between, ...] = ()
    refs: tuple[str, ...] = ()
    plain: bool = True

    @property
    def needed(self) -> int:
        """How many terms a page must have: all of a few, two fifths of a whole sentence."""
        count = len(set(self.terms))
        return count if count <= 5 else max(5, ceil(count * 0.4))

    @property
    def has_text(self) -> bool:
        """Whether pages are asked for by their words; otherwise records are listed, newest first."""
        return bool(self.terms or self.phrases)

    @property
    def pairs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(bigrams(self.terms)))

    def is_exactly(self, ref: str) -> bool:
        """Whether the number of a record is one the query names in full (its year may be left out)."""
        full = ref_norm(ref)
        without_year = re.sub(r"^(\d+)-(?:19|20)\d\d-", r"\1-", full)
        return any("-" in asked and asked in (full, without_year) for asked in self.refs)


@dataclass(slots=True)
class _Reading:
    free: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    ranges: list[Between] = field(default_factory=list)


def parse(text: str) -> Query:
    """Read a query; nothing is an error, what makes no sense as syntax counts as words."""
    text = clean(text)[:MAX_LENGTH].strip()
    reading = _Reading()
    for part in _PART.finditer(text):
        _read(part, reading)
    free = " ".join(reading.free)
    words, numbers = _split_numbers(free)
    plain = not has_marks(" ".join([words, *reading.phrases, *reading.excluded]))
    found = tuple(terms(words))[:MAX_TERMS]
    phrases = [Phrase(tuple(terms(phrase)), plain) for phrase in reading.phrases]
    if numbers and not found:
        phrases += [Phrase(tuple(fold(" ".join(terms(number))).split()), True) for number in numbers]
    refs = [ref_norm(number) for number in numbers]
    if not refs and len(found) == 1 and found[0].isdecimal():
        refs = [ref_norm(found[0])]
    return Query(
        text=text,
        terms=found,
        phrases=tuple(phrase for phrase in phrases if phrase.terms)[:MAX_TERMS],
        excluded=tuple(Phrase(made, plain) for item in reading.excluded if (made := tuple(terms(item))))[
            :MAX_TERMS
        ],
        conditions=tuple(reading.conditions),
        ranges=tuple(reading.ranges),
        refs=tuple(refs),
        plain=plain,
    )


def _read(part: re.Match[str], reading: _Reading) -> None:
    value = part["quoted"] if part["quoted"] is not None else part["word"]
    negated = bool(part["minus"])
    if part["field"] and _read_field(part["field"], value, negated, reading):
        return
    if part["field"]:
        value = f"{part['field']}:{value}"
    if negated:
        reading.excluded.append(value)
    elif part["quoted"] is not None:
        reading.phrases.append(value)
        reading.free.append("\n")  # a number does not reach across a phrase
    else:
        reading.free.append(value)


def _read_field(name: str, value: str, negated: bool, reading: _Reading) -> bool:
    known = FIELDS.get(fold(lower(name)))
    if known in ("year", "day"):
        between = _between(known, value, negated)
        if between:
            reading.ranges.append(between)
        return between is not None
    found = (ref_norm(value),) if known == "ref" else tuple(fold(" ".join(terms(value))).split())
    if not known or not any(found):
        return False
    reading.conditions.append(Condition(known, found, negated))
    return True


def _between(name: str, value: str, negated: bool) -> Between | None:
    read = _year if name == "year" else _day
    low, dots, high = value.partition("..")
    if not dots and name == "year" and re.fullmatch(r"\d{4}-\d{4}", value):
        low, dots, high = value.partition("-")
    ends = [_end(read, low), _end(read, high) if dots else _end(read, low)]
    if any(end == -1 for end in ends) or ends == [None, None]:
        return None
    return Between(name, ends[0], ends[1], negated)


def _end(read: Callable[[str], int], value: str) -> int | None:
    return read(value) if value else None


def _year(value: str) -> int:
    return int(value) if re.fullmatch(r"\d{4}", value, re.ASCII) else -1


def _day(value: str) -> int:
    try:
        if found := re.fullmatch(r"(\d\d?)[/.-](\d\d?)[/.-](\d{4})", value, re.ASCII):
            value = date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return int(date.fromisoformat(value).strftime("%Y%m%d"))
    except ValueError:
        return -1


def _split_numbers(free: str) -> tuple[str, list[str]]:
    rest, numbers, at = [], [], 0
    for start, end in find_refs(free):
        rest.append(free[at:start])
        numbers.append(free[start:end])
        at = end
    return " ".join([*rest, free[at:]]), numbers
