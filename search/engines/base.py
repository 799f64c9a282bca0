"""What an engine must be able to do. Both are held to one contract test suite."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from django.conf import settings

from search.rules.documents import IndexDocument
from search.rules.plan import Plan

Role = Literal["live", "building"]
PAGES_PER_RECORD = 3
MOST_PAGES_PER_RECORD = 100


class EngineDown(Exception):
    """The engine does not answer; the same call may work later."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page that answers the query, as the index holds it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """One record, best page first; ``day`` is 20261126, ``pages_found`` counts pages that show the words."""

    source: str
    record: int
    ref: str
    title: str
    title_en: str
    kind: str
    agency: str
    signer: str
    day: int
    pages: tuple[PageText, ...] = ()
    pages_found: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results with the counts over all of them.

    ``facets`` maps a facet to (value, number of records), most first.
    """

    records: Sequence[FoundRecord] = ()
    total: int = 0
    total_pages: int = 0
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)


class Engine(Protocol):
    """One index that is live and, during a reindex, one that is being built beside it.

    ``version`` orders writes of one record: an older one changes nothing, the same one may be
    repeated. Every method may raise :class:`EngineDown`.
    """

    name: str

    def index(self, documents: Sequence[IndexDocument], *, version: int, building_only: bool = False) -> None:
        """Replace the records these pages belong to, each given whole; found at once afterwards."""

    def delete(self, record_keys: Collection[int], *, version: int) -> None:
        """Remove records; one that is not there is no error."""

    def search(self, plan: Plan, *, page: int, size: int, pages: int = PAGES_PER_RECORD) -> Found:
        """Records ``(page - 1) * size`` and on; page counts from 1. At most ``pages`` pages of each."""

    def health(self) -> bool:
        """Whether a search would be answered now; raises nothing."""

    def begin_generation(self) -> None:
        """Start an empty index beside the live one, throwing away an unfinished one."""

    def count(self, role: Role) -> int:
        """How many records the index holds; 0 when there is none in this role."""

    def promote(self) -> None:
        """The one being built becomes the live one, in one step; the old one is removed."""


def engine() -> Engine:
    """The engine the settings name."""
    return _engine(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX, Path(settings.SEARCH_DIR))


@cache
def _engine(url: str, prefix: str, folder: Path) -> Engine:
    if url:
        from search.engines.elastic import ElasticEngine

        return ElasticEngine(url, prefix)
    from search.engines.tantivy import EmbeddedEngine

    return EmbeddedEngine(folder)
