"""Where the words of a query stand on a page, and the piece of text to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.rules.query import Phrase, Query
from search.rules.text import Token, fold, tokens

Mark = tuple[int, int]
SNIPPET_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a page. ``marks`` are places in ``text``; ``start`` is where the piece begins on the page.

    ``places`` says how far down the page the marked lines are, 0 at the top, 1 at the bottom.
    """

    text: str
    marks: tuple[Mark, ...]
    start: int
    cut_before: bool
    cut_after: bool
    places: tuple[float, ...]

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in order, each piece with whether it is marked."""
        at = 0
        for start, end in self.marks:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False


def find_marks(text: str, query: Query) -> list[Mark]:
    """Character ranges of the query's words in ``text`` (NFC), in order, none overlapping.

    Where words of the query stand side by side as they were typed only those runs are marked:
    in ``an ninh nguồn nước`` the lone syllable ``an`` elsewhere says nothing.
    """
    page = list(tokens(text))
    spans = [span for phrase in query.phrases for span in _runs_of(page, phrase)]
    runs, lone = _free(page, query)
    return _merge(text, spans + (runs or ([] if spans and len(query.terms) > 1 else lone)))


def make_snippet(text: str, query: Query, length: int = SNIPPET_LENGTH) -> Snippet:
    """The piece of the page with the most marks, cut between words; without marks its beginning."""
    marks = find_marks(text, query)
    start, end = _window(text, marks, length)
    inside = tuple((a - start, b - start) for a, b in marks if a >= start and b <= end)
    return Snippet(
        text=text[start:end],
        marks=inside,
        start=start,
        cut_before=start > 0,
        cut_after=end < len(text),
        places=_places(text, marks),
    )


def _runs_of(page: Sequence[Token], phrase: Phrase) -> Iterator[Mark]:
    wanted = [fold(term) if phrase.plain else term for term in phrase.terms]
    terms = [fold(token.term) if phrase.plain else token.term for token in page]
    for at in range(len(terms) - len(wanted) + 1):
        if terms[at : at + len(wanted)] == wanted:
            yield page[at].start, page[at + len(wanted) - 1].end


def _free(page: Sequence[Token], query: Query) -> tuple[list[Mark], list[Mark]]:
    """Places of neighbours typed as neighbours, and of single words."""
    spell = fold if query.plain else str
    wanted = {spell(term) for term in query.terms}
    pairs = set(pairwise(map(spell, query.terms)))
    terms = [spell(token.term) for token in page]
    runs = [(page[at].start, page[at + 1].end) for at, pair in enumerate(pairwise(terms)) if pair in pairs]
    return runs, [(token.start, token.end) for token, term in zip(page, terms, strict=True) if term in wanted]


def _merge(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Overlapping marks, and marks parted by nothing but space, become one."""
    merged: list[Mark] = []
    for start, end in sorted(marks):
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, marks: Sequence[Mark], length: int) -> Mark:
    if len(text) <= length:
        return 0, len(text)
    first, last = _densest(marks, length)
    start = max(0, min(first - max(length - (last - first), 0) // 3, len(text) - length))
    end = max(min(start + length, len(text)), last)
    start, end = _word_start(text, start, first), _word_end(text, end, last)
    return start, max(start + len(text[start:end].rstrip()), last)


def _densest(marks: Sequence[Mark], length: int) -> Mark:
    """The stretch no longer than ``length`` with the most marked characters, the first of equals."""
    best, best_weight = (0, 0), 0
    for at, (start, _) in enumerate(marks):
        group = [mark for mark in marks[at : at + 20] if mark[1] <= start + length] or [marks[at]]
        weight = sum(b - a for a, b in group)
        if weight > best_weight:
            best, best_weight = (start, group[-1][1]), weight
    return best


def _word_start(text: str, at: int, limit: int) -> int:
    if at == 0 or text[at - 1].isspace():
        return at
    found = next((place + 1 for place in range(at, limit) if text[place].isspace()), at)
    return min(found, limit)


def _word_end(text: str, at: int, limit: int) -> int:
    if at >= len(text) or text[at].isspace():
        return min(at, len(text))
    found = next((place for place in range(at, limit, -1) if text[place - 1].isspace()), at)
    return max(found, limit)


def _places(text: str, marks: Sequence[Mark]) -> tuple[float, ...]:
    lines = max(text.count("\n"), 1)
    if "\n" not in text:
        found = [start / max(len(text), 1) for start, _ in marks]
    else:
        found = [text.count("\n", 0, start) / lines for start, _ in marks]
    # Places nearer than a line of the little picture cannot be told apart.
    kept: list[float] = []
    for place in found:
        if not kept or place - kept[-1] >= 0.08:
            kept.append(round(place, 3))
    return tuple(kept[:6])
