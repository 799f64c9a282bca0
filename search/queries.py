"""Asking the index, and the database about what the index says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from ecabinet.common.errors import DomainError
from search import outbox, sources
from search.engines.base import (
    MOST_PAGES_PER_RECORD,
    PAGES_PER_RECORD,
    EngineDown,
    Found,
    FoundRecord,
    engine,
)
from search.rules.highlight import Mark, Snippet, find_marks, make_snippet
from search.rules.plan import FACETS, Plan, make_plan
from search.rules.query import Query, parse

__all__ = [
    "FACETS",
    "FacetValue",
    "Hit",
    "PageHit",
    "Results",
    "engine",
    "search",
    "search_all",
    "search_inside",
]

PAGE_SIZE = 10
LAST_PAGE = 500
SHOWN_FACET_VALUES = 12
MOST_EXPORTED = 5000


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page that answers, counted from 1, and the piece of it to show."""

    number: int
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that answers. ``exact`` when the query names its number."""

    source: str
    record: int
    ref: str
    title: str
    title_en: str
    title_marks: Sequence[Mark]
    kind: str
    agency: str
    signer: str
    date: date | None
    pages: Sequence[PageHit]
    pages_found: int
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. ``behind`` is how many changes the index has not taken in yet."""

    query: Query
    hits: Sequence[Hit]
    total: int
    total_pages: int
    facets: Mapping[str, Sequence[FacetValue]]
    page: int
    page_size: int
    behind: int

    @property
    def first(self) -> int:
        return (self.page - 1) * self.page_size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.page_size, self.total)

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.last < self.total and self.page < LAST_PAGE else None


def search(
    text: str,
    *,
    tokens: Sequence[str],
    facets: Mapping[str, Sequence[str]] | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Results:
    """Records that answer the text and that a holder of these access tokens may see.

    ``facets`` maps ``kind``, ``agency``, ``year`` to chosen values (several of one are "or").
    Every hit is asked of the database again before it is shown. Raises DomainError
    ``search_down`` (503) when the engine does not answer.
    """
    chosen = _chosen(facets or {})
    query, page = parse(text), max(1, min(page, LAST_PAGE))
    found = _ask(query, tokens, chosen, page, size)
    return Results(
        query=query,
        hits=[_hit(record, query) for record in _still_visible(found.records, tokens)],
        total=found.total,
        total_pages=found.total_pages,
        facets={name: _facet(name, found.facets.get(name, ()), chosen.get(name, ())) for name in FACETS},
        page=page,
        page_size=size,
        behind=outbox.waiting(),
    )


def search_inside(text: str, *, source: str, record: int, tokens: Sequence[str]) -> Hit | None:
    """One record with all its pages that show the words, in reading order; None when it does not answer.

    At most MOST_PAGES_PER_RECORD pages, the best ones. Raises as :func:`search` does.
    """
    query = parse(text)
    plan = make_plan(query, tokens=tokens, facets={}, only=sources.record_key(source, record))
    found = _answer(plan, page=1, size=1, pages=MOST_PAGES_PER_RECORD) if tokens else Found()
    hits = [_hit(item, query) for item in _still_visible(found.records, tokens)]
    return replace(hits[0], pages=sorted(hits[0].pages, key=lambda page: page.number)) if hits else None


def search_all(
    text: str, *, tokens: Sequence[str], facets: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Hit]:
    """Every hit in order, for an export; at most MOST_EXPORTED."""
    size = 250
    for page in range(1, MOST_EXPORTED // size + 1):
        results = search(text, tokens=tokens, facets=facets, page=page, size=size)
        yield from results.hits
        if results.next_page is None:
            return


def _ask(
    query: Query, tokens: Sequence[str], facets: Mapping[str, Sequence[str]], page: int, size: int
) -> Found:
    if not tokens:
        return Found()
    return _answer(make_plan(query, tokens=tokens, facets=facets), page=page, size=size)


def _answer(plan: Plan, *, page: int, size: int, pages: int = PAGES_PER_RECORD) -> Found:
    try:
        return engine().search(plan, page=page, size=size, pages=pages)
    except EngineDown as error:
        message = _("The search does not answer at the moment. Nothing is lost; try again in a minute.")
        raise DomainError("search_down", message, 503) from error


def _chosen(facets: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Only facets and values that can be: a year is four digits."""
    years = [
        value for value in facets.get("year", ()) if value.isascii() and value.isdecimal() and len(value) == 4
    ]
    kept = {name: [value for value in facets.get(name, ()) if value] for name in FACETS} | {"year": years}
    return {name: values for name, values in kept.items() if values}


def _still_visible(records: Sequence[FoundRecord], tokens: Collection[str]) -> list[FoundRecord]:
    allowed: set[tuple[str, int]] = set()
    by_source = sorted(records, key=lambda record: record.source)
    for name, group in groupby(by_source, key=lambda record: record.source):
        if source := sources.get(name):
            ids = [record.record for record in group]
            allowed |= {(name, object_id) for object_id in source.visible(ids, tokens)}
    return [record for record in records if (record.source, record.record) in allowed]


def _hit(record: FoundRecord, query: Query) -> Hit:
    pages = [PageHit(page.number, make_snippet(page.text, query)) for page in record.pages]
    return Hit(
        source=record.source,
        record=record.record,
        ref=record.ref,
        title=record.title,
        title_en=record.title_en,
        title_marks=find_marks(record.title, query),
        kind=record.kind,
        agency=record.agency,
        signer=record.signer,
        date=datetime.strptime(str(record.day), "%Y%m%d").date() if record.day else None,  # noqa: DTZ007 -- a day
        pages=[page for page in pages if page.snippet.marks],
        pages_found=record.pages_found,
        exact=query.is_exactly(record.ref),
    )


def _facet(name: str, values: Sequence[tuple[str, int]], chosen: Sequence[str]) -> list[FacetValue]:
    counted = {value: count for value, count in values if value not in ("", "0")}
    counted |= {value: 0 for value in chosen if value not in counted}
    rank = (lambda item: (-int(item[0]),)) if name == "year" else (lambda item: (-item[1], item[0]))
    ordered = sorted(counted.items(), key=rank)
    shown = [item for at, item in enumerate(ordered) if at < SHOWN_FACET_VALUES or item[0] in chosen]
    return [FacetValue(value, count, value in chosen) for value, count in shown]
