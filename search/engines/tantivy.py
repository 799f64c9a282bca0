"""The embedded engine: tantivy in this process, files under SEARCH_DIR.

Readers look at the files before every search and see each commit at once, whoever made it.
A deleted record leaves a page 0 without access tokens, so that a late older write is known as such.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy

from search.engines.base import PAGES_PER_RECORD, EngineDown, Found, FoundRecord, PageText, Role
from search.engines.files import Generations
from search.engines.tantivy_query import translate
from search.rules.documents import IndexDocument, analysed, keys_of
from search.rules.plan import FACETS, Group, OneOf, Plan, Span, Term
from search.sources import record_key

HEAP_BYTES = 64_000_000
FACET_VALUES = 50
# The package's stubs leave out attributes of its results.
Searcher = Any
DEEPEST = 20_000  # pages looked at to fill one page of records


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("record_key", "record", "page", "version", "year", "day"):
        builder.add_unsigned_field(name, stored=True, indexed=True, fast=True)
    for name in ("source", "ref", "title_text", "title_en", "signer", "text"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("kind", "agency"):
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("refs", "acl"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("words", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_plain", tokenizer_name="whitespace", index_option="position")
    for name in ("pairs", "pairs_plain", "title_pairs", "title_pairs_plain"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("kind_words", "agency_words", "signer_words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()


SCHEMA = _schema()


class EmbeddedEngine:
    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.files = Generations(folder)
        self._open: dict[Path, tuple[tantivy.Index, int]] = {}
        self._opening = Lock()

    def index(self, documents: Sequence[IndexDocument], *, version: int, building_only: bool = False) -> None:
        records = {
            key: list(pages)
            for key, pages in groupby(documents, key=lambda page: record_key(page.source, page.record))
        }
        self._write(
            {key: [_page(page, key, version) for page in records[key]] for key in records},
            version,
            building_only,
        )

    def delete(self, record_keys: Collection[int], *, version: int) -> None:
        self._write({key: [_tombstone(key, version)] for key in record_keys}, version, building_only=False)

    def search(self, plan: Plan, *, page: int, size: int, pages: int = PAGES_PER_RECORD) -> Found:
        searcher = self._searcher("live")
        if searcher is None:
            return Found()
        keys, addresses = _collapsed(searcher, plan, page * size)
        shown = slice((page - 1) * size, page * size)
        return Found(
            records=[
                _record(searcher, plan, key, address, pages)
                for key, address in zip(keys[shown], addresses[shown], strict=True)
            ],
            total=_records_in(searcher, plan.filtered()),
            total_pages=searcher.search(translate(SCHEMA, plan.pages()), 1).count if plan.on_page else 0,
            facets={name: _facet(searcher, plan, name) for name in FACETS},
        )

    def health(self) -> bool:
        try:
            self._searcher("live")
        except EngineDown:
            return False
        return True

    def begin_generation(self) -> None:
        with self.files.writing():
            tantivy.Index(SCHEMA, path=str(self.files.create("building")))

    def count(self, role: Role) -> int:
        searcher = self._searcher(role)
        return _records_in(searcher, Term("page", 1)) if searcher else 0

    def promote(self) -> None:
        with self.files.writing():
            self.files.promote()

    def _write(self, records: dict[int, list[tantivy.Document]], version: int, building_only: bool) -> None:
        with self.files.writing():
            live = None if building_only else self.files.of("live") or self._first()
            for path in filter(None, (live, self.files.of("building"))):
                self._replace(path, records, version)

    def _first(self) -> Path:
        path = self.files.create("live")
        tantivy.Index(SCHEMA, path=str(path))
        return path

    def _replace(self, path: Path, records: dict[int, list[tantivy.Document]], version: int) -> None:
        newer = _newer(self._reader(path), list(records), version)
        writer = self._index(path).writer(HEAP_BYTES, 1)
        for key in records.keys() - newer:
            writer.delete_documents_by_query(translate(SCHEMA, Term("record_key", key)))
            for document in records[key]:
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def _searcher(self, role: Role) -> Searcher | None:
        for _ in range(3):  # the generation may be replaced between reading its name and opening it
            path = self.files.of(role)
            if path is None:
                return None
            try:
                return self._reader(path)
            except (ValueError, OSError) as error:
                failure = error
        raise EngineDown(str(failure)) from failure

    def _reader(self, path: Path) -> Searcher:
        with self._opening:
            stamp = (path / "meta.json").stat().st_mtime_ns
            index, seen = self._open.get(path, (None, 0))
            if index is None:
                index = self._index(path)
                index.config_reader("manual")
            if seen != stamp:
                index.reload()
                self._open = {path: (index, stamp)} | {
                    p: i for p, i in self._open.items() if p != path and p.exists()
                }
            return index.searcher()

    @staticmethod
    def _index(path: Path) -> tantivy.Index:
        return tantivy.Index.open(str(path))


def _page(page: IndexDocument, key: int, version: int) -> tantivy.Document:
    values: dict[str, Any] = {
        "record_key": key,
        "record": page.record,
        "page": page.page,
        "version": version,
        "year": page.year,
        "day": page.day,
        "source": page.source,
        "ref": page.ref,
        "title_text": page.title,
        "title_en": page.title_en,
        "signer": page.signer,
        "text": page.text,
        "refs": keys_of(page),
        "acl": list(page.acl_tokens),
        **analysed(page),
    }
    values |= {name: value for name in ("kind", "agency") if (value := getattr(page, name))}
    return tantivy.Document.from_dict(values, SCHEMA)


def _tombstone(key: int, version: int) -> tantivy.Document:
    return tantivy.Document.from_dict({"record_key": key, "page": 0, "version": version}, SCHEMA)


def _newer(searcher: Searcher, keys: Sequence[int], version: int) -> set[int]:
    """The records of which the index holds something newer than ``version``."""
    first = Group(
        filters=(OneOf("record_key", tuple(keys)), OneOf("page", (0, 1)), Span("version", version + 1, None))
    )
    found = searcher.search(translate(SCHEMA, first), max(len(keys), 1), count=False)
    return set(searcher.fast_field_values("record_key", [address for _, address in found.hits]))


def _collapsed(searcher: Searcher, plan: Plan, wanted: int) -> tuple[list[int], list[tantivy.DocAddress]]:
    """The first ``wanted`` records in order, each with its best page; looks deeper until it has them."""
    query, depth = translate(SCHEMA, plan.filtered()), wanted * 4
    while True:
        found = searcher.search(
            query, depth, count=False, **({"order_by_field": "day"} if plan.by_date else {})
        )
        addresses = [address for _, address in found.hits]
        best: dict[int, tantivy.DocAddress] = {}
        for key, address in zip(searcher.fast_field_values("record_key", addresses), addresses, strict=True):
            best.setdefault(key, address)
        if len(best) >= wanted or len(addresses) < depth or depth >= DEEPEST:
            return list(best)[:wanted], list(best.values())[:wanted]
        depth = min(depth * 4, DEEPEST)


def _record(searcher: Searcher, plan: Plan, key: int, address: tantivy.DocAddress, most: int) -> FoundRecord:
    stored = searcher.doc(address)
    pages, count = _pages(searcher, plan, key, most) if plan.on_page else ((), 0)
    text = {
        name: stored.get_first(name) or ""
        for name in ("source", "ref", "title_en", "kind", "agency", "signer")
    }
    return FoundRecord(
        **text,
        record=stored.get_first("record"),
        title=stored.get_first("title_text"),
        day=stored.get_first("day"),
        pages=tuple(pages),
        pages_found=count,
    )


def _pages(searcher: Searcher, plan: Plan, key: int, most: int) -> tuple[Sequence[PageText], int]:
    found = searcher.search(translate(SCHEMA, plan.pages([key])), most)
    stored = (searcher.doc(address) for _, address in found.hits)
    return [PageText(page.get_first("page"), page.get_first("text")) for page in stored], found.count


def _records_in(searcher: Searcher, node: Group | Term) -> int:
    return int(searcher.cardinality(translate(SCHEMA, node), "record_key"))


def _facet(searcher: Searcher, plan: Plan, name: str) -> list[tuple[str, int]]:
    records = {"records": {"cardinality": {"field": "record_key"}}}
    asked = {"values": {"terms": {"field": name, "size": FACET_VALUES}, "aggs": records}}
    answer = searcher.aggregate(translate(SCHEMA, plan.filtered(skip=name)), asked)
    return list(_buckets(answer["values"]["buckets"]))


def _buckets(buckets: Sequence[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for bucket in buckets:
        key = bucket["key"]
        yield str(int(key)) if isinstance(key, float) else str(key), round(bucket["records"]["value"])
