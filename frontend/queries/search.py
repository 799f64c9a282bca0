"""The search page: what was asked, what answers, and the addresses of its links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.enums import RecordKind
from archive.models import Record
from archive.queries import SEARCH_SOURCE
from ecabinet.accounts.models import Agency, in_language
from search.queries import FACETS, FacetValue, Hit, PageHit, Results, search, search_all, search_inside
from search.rules.text import fold

TITLES = {"kind": _("Kind of document"), "agency": _("Agency"), "year": _("Year")}
COLUMNS = (_("Number"), _("Title"), *TITLES.values(), _("Signer"), _("Date"), _("Pages with these words"))
TOP_LINE, LINES = 4.0, 20.0  # of the little page in the margin, whose drawing is 20 wide and 28 high


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    text: str
    facets: dict[str, list[str]]
    page: int = 1
    inside: int | None = None

    def url(self, name: str = "search", **changes: Any) -> str:
        """The address of the same question with some parts changed; empty parts are left out."""
        parts = {"q": self.text, **self.facets, "inside": self.inside, "page": None} | changes
        query = urlencode({key: value for key, value in parts.items() if value}, doseq=True)
        return f"{reverse(name)}?{query}" if query else reverse(name)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page that answers: its address, its text in pieces, and where its marks are."""

    hit: PageHit
    url: str

    @property
    def spots(self) -> list[float]:
        """Heights of the strokes on the little page."""
        return [round(TOP_LINE + place * LINES, 1) for place in self.hit.snippet.places]


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is shown."""

    hit: Hit
    record: Record
    pages: Sequence[PageLink]
    more_url: str

    @property
    def agency(self) -> str:
        return in_language(self.record.agency_name, self.record.agency_name_en)

    @property
    def signer_office(self) -> str:
        return in_language(self.record.signer_office, self.record.signer_office_en)


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    values: Sequence[tuple[FacetValue, str]]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything the template shows; ``exact`` holds the records whose very number was asked for."""

    asked: Asked
    results: Results
    exact: Sequence[Row]
    rows: Sequence[Row]
    facets: Sequence[Facet]

    @property
    def filtered(self) -> bool:
        return bool(self.asked.facets)

    @property
    def unfiltered_url(self) -> str:
        return Asked(self.asked.text, {}).url()

    @property
    def csv_url(self) -> str:
        return self.asked.url("search-csv")

    @property
    def next_url(self) -> str:
        after = self.results.next_page
        return self.asked.url(page=after) if after else ""

    @property
    def previous_url(self) -> str:
        return self.asked.url(page=self.asked.page - 1) if self.asked.page > 1 else ""

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        """Other questions worth a try when nothing answers: the words alone, without marks."""
        query = self.results.query
        words = " ".join(query.terms) if query.refs and query.terms else ""
        tries = [words, "" if query.plain else fold(words or self.asked.text)]
        return [(text, Asked(text, {}).url()) for text in tries if text and text != self.asked.text]


def read_asked(parameters: QueryDict) -> Asked:
    """The question in an address; what makes no sense is left out."""
    facets = {name: [value for value in parameters.getlist(name) if value] for name in FACETS}
    return Asked(
        text=parameters.get("q", "").strip(),
        facets={name: values for name, values in facets.items() if values},
        page=_number(parameters.get("page")) or 1,
        inside=_number(parameters.get("inside")),
    )


def search_page(asked: Asked, tokens: Collection[str]) -> SearchPage:
    """Ask the index and the database: the same few queries for any number of hits."""
    results = search(asked.text, tokens=sorted(tokens), facets=asked.facets, page=asked.page)
    rows = _rows(results.hits, asked)
    return SearchPage(
        asked=asked,
        results=results,
        exact=[row for row in rows if row.hit.exact],
        rows=[row for row in rows if not row.hit.exact],
        facets=_facets(results),
    )


def inside_page(asked: Asked, tokens: Collection[str]) -> Row | None:
    """All pages of one record that show the words."""
    found = search_inside(asked.text, source=SEARCH_SOURCE, record=asked.inside or 0, tokens=sorted(tokens))
    return next(iter(_rows([found], asked)), None) if found else None


def table(asked: Asked, tokens: Collection[str]) -> Iterator[list[str]]:
    """The results as rows of a table, the heading first."""
    yield [
        str(title)
        for title in (_("Number"), _("Title"), *TITLES.values(), _("Signer"), _("Date"), _("Pages"))
    ]
    for hit in search_all(asked.text, tokens=sorted(tokens), facets=asked.facets):
        year = str(hit.date.year) if hit.date else ""
        day = hit.date.isoformat() if hit.date else ""
        title = in_language(hit.title, hit.title_en)
        yield [hit.ref, title, _kind(hit.kind), hit.agency, year, hit.signer, day, str(hit.pages_found or "")]


def _rows(hits: Sequence[Hit], asked: Asked) -> list[Row]:
    records = Record.objects.in_bulk([hit.record for hit in hits if hit.source == SEARCH_SOURCE])
    return [_row(hit, records[hit.record], asked) for hit in hits if hit.record in records]


def _row(hit: Hit, record: Record, asked: Asked) -> Row:
    pages = [PageLink(page, _reader_url(record, page)) for page in hit.pages]
    return Row(hit, record, pages, asked.url(inside=record.pk) if hit.pages_found > len(pages) else "")


def _reader_url(record: Record, page: PageHit) -> str:
    """The reader on that page, with the first marked words found as they are printed there."""
    marked = next((piece for piece, is_marked in page.snippet.pieces() if is_marked), "")
    words = urlencode({"page": page.number, "q": " ".join(marked.split())})
    return f"{reverse('record-read', args=[record.pk])}?{words}"


def _facets(results: Results) -> list[Facet]:
    names = _agency_names(results) if results.facets.get("agency") else {}
    labels: dict[str, Callable[[str], str]] = {
        "kind": _kind,
        "agency": lambda value: names.get(value, value),
        "year": str,
    }
    return [
        Facet(name, str(TITLES[name]), [(value, labels[name](value.value)) for value in results.facets[name]])
        for name in FACETS
    ]


def _agency_names(results: Results) -> dict[str, str]:
    found = Agency.objects.filter(name__in=[value.value for value in results.facets["agency"]])
    return {agency.name: str(agency) for agency in found}


def _kind(value: str) -> str:
    return str(RecordKind(value).label) if value in RecordKind.values else value


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else None
