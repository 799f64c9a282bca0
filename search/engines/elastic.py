"""Elasticsearch 8: pages in one index behind an alias, versions kept by the server.

The mapping asks for nothing but the core: the whitespace analyser (all analysis is done before),
keywords, numbers. Health is asked of ``/_cluster/health``; reduced builds have no ``GET /``.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError, helpers
from elasticsearch.dsl import A, Q, Search

from search.engines.base import PAGES_PER_RECORD, EngineDown, Found, FoundRecord, PageText, Role
from search.engines.elastic_query import translate
from search.rules.documents import IndexDocument, analysed, keys_of
from search.rules.plan import FACETS, OneOf, Plan, Term
from search.sources import record_key

FACET_VALUES = 50
EXACT_UP_TO = 40_000  # records counted exactly; more are counted within a percent
BUSY = (429, 502, 503, 504)

_ANALYSED = (
    *("words", "words_plain", "pairs", "pairs_plain"),
    *("title", "title_plain", "title_pairs", "title_pairs_plain"),
    *("kind_words", "agency_words", "signer_words"),
)
_STORED = ("source", "record", "ref", "title_text", "title_en", "kind", "agency", "signer", "day")


def _mapping() -> dict[str, Any]:
    shown = {"type": "keyword", "index": False, "doc_values": False}
    fields: dict[str, Any] = {
        name: {"type": "long"} for name in ("record_key", "record", "page", "year", "day")
    }
    fields |= {name: {"type": "keyword"} for name in ("source", "kind", "agency", "refs", "acl")}
    fields |= dict.fromkeys(("ref", "title_text", "title_en", "signer", "text"), shown)
    fields |= {name: _text(pairs="pairs" in name) for name in _ANALYSED}
    return {"dynamic": "strict", "_source": {"excludes": list(_ANALYSED)}, "properties": fields}


def _text(*, pairs: bool) -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": "whitespace",
        "index_options": "freqs" if pairs else "positions",
    }


SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    # How long a deletion is remembered: longer than any writer may still come with an older version.
    "gc_deletes": "1h",
}


class ElasticEngine:
    name = "elasticsearch"

    def __init__(self, url: str, prefix: str) -> None:
        self.client = Elasticsearch(url, request_timeout=20, max_retries=1)
        self.prefix = prefix

    def index(self, documents: Sequence[IndexDocument], *, version: int, building_only: bool = False) -> None:
        records: dict[int, list[IndexDocument]] = {}
        for document in documents:
            records.setdefault(record_key(document.source, document.record), []).append(document)
        with _answering():
            for alias in self._targets(building_only):
                self._replace(alias, records, version)

    def delete(self, record_keys: Collection[int], *, version: int) -> None:
        with _answering():
            for alias in self._targets(building_only=False):
                self._replace(alias, {key: [] for key in record_keys}, version)

    def search(self, plan: Plan, *, page: int, size: int, pages: int = PAGES_PER_RECORD) -> Found:
        with _answering():
            try:
                answer = self._records(plan, (page - 1) * size, size)
            except NotFoundError:
                return Found()
            keys = [hit["fields"]["record_key"][0] for hit in answer["hits"]["hits"]]
            shown = self._pages(plan, keys, pages) if plan.on_page and keys else {}
        counts = answer["aggregations"]
        return Found(
            records=[
                _record(hit["_source"], *shown.get(key, ((), 0)))
                for key, hit in zip(keys, answer["hits"]["hits"], strict=True)
            ],
            total=counts["all"]["records"]["value"],
            total_pages=counts["shown"]["doc_count"] if plan.on_page else 0,
            facets={name: list(_buckets(counts[name]["values"]["buckets"])) for name in FACETS},
        )

    def health(self) -> bool:
        try:
            state = self.client.options(request_timeout=3).cluster.health()
        except (ApiError, TransportError):
            return False
        return bool(state["status"] != "red")

    def begin_generation(self) -> None:
        with _answering():
            self._remove(self._behind("building"))
            self._create(f"{self.prefix}-pages-{time.time_ns()}", "building")

    def count(self, role: Role) -> int:
        with _answering():
            try:
                answer = self.client.count(
                    index=self._alias(role), query=translate(Term("page", 1)).to_dict()
                )
            except NotFoundError:
                return 0
            return int(answer["count"])

    def promote(self) -> None:
        with _answering():
            built, before = self._behind("building"), self._behind("live")
            if not built:
                raise LookupError("no generation is being built")
            steps = [{"remove": {"index": name, "alias": self._alias("live")}} for name in before]
            for name in built:
                steps.append({"remove": {"index": name, "alias": self._alias("building")}})
                steps.append({"add": {"index": name, "alias": self._alias("live")}})
            self.client.indices.update_aliases(actions=steps)
            self._remove(before)

    def remove_everything(self) -> None:
        """Delete both indices and let go of the connection: for whoever takes the product off a cluster."""
        with _answering():
            self._remove([*self._behind("building"), *self._behind("live")])
        self.client.close()

    def _alias(self, role: Role) -> str:
        return f"{self.prefix}-{role}"

    def _behind(self, role: Role) -> list[str]:
        if not self.client.indices.exists_alias(name=self._alias(role)):
            return []
        return list(self.client.indices.get_alias(name=self._alias(role)))

    def _create(self, name: str, role: Role) -> None:
        try:
            self.client.indices.create(index=name, settings=SETTINGS, mappings=_mapping())
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # another process was first
                raise
        # Named only once it answers: a search that meets a shard still starting is refused.
        self.client.cluster.health(index=name, wait_for_status="yellow", timeout="15s")
        self.client.indices.put_alias(index=name, name=self._alias(role))

    def _remove(self, names: Sequence[str]) -> None:
        if names:
            self.client.indices.delete(index=list(names), ignore_unavailable=True)

    def _targets(self, building_only: bool) -> Iterator[str]:
        if not building_only:
            if not self._behind("live"):
                self._create(f"{self.prefix}-pages-1", "live")
            yield self._alias("live")
        if self._behind("building"):
            yield self._alias("building")

    def _replace(self, alias: str, records: Mapping[int, Sequence[IndexDocument]], version: int) -> None:
        before = self._last_pages(alias, list(records))
        writes = [_write(key, page, version) for key, pages in records.items() for page in pages]
        last = {key: max((page.page for page in pages), default=0) for key, pages in records.items()}
        writes += [
            _removal(key, number, version)
            for key in records
            for number in range(last[key] + 1, max(before.get(key, 0), 1) + 1)
        ]
        stale = self._bulk(alias, writes)
        if stale:  # somebody has written these records from a later look: what got in of ours goes again
            ours = [item for item in writes if item["_id"].partition("-")[0] in stale]
            self._bulk(alias, [item | {"_op_type": "delete", "_source": None} for item in ours])
        self.client.indices.refresh(index=alias)

    def _bulk(self, alias: str, writes: Sequence[dict[str, Any]]) -> set[str]:
        """Write; returns the keys of records of which the index holds a newer version."""
        stale = set()
        done = helpers.streaming_bulk(
            self.client, writes, index=alias, require_alias=True, raise_on_error=False, max_retries=3
        )
        for ok, answer in done:
            operation, result = next(iter(answer.items()))
            if ok or (operation == "delete" and result["status"] == 404):
                continue
            if result["status"] != 409:
                refused = EngineDown if result["status"] in BUSY else ValueError
                raise refused(f"{operation} {result.get('_id')}: {result.get('error')}")
            stale.add(result["_id"].partition("-")[0])
        return stale

    def _last_pages(self, alias: str, keys: Sequence[int]) -> dict[int, int]:
        search = Search(using=self.client, index=alias).query(translate(OneOf("record_key", tuple(keys))))[:0]
        search.aggs.bucket("by", "terms", field="record_key", size=max(len(keys), 1)).metric(
            "last", "max", field="page"
        )
        buckets = search.execute().to_dict()["aggregations"]["by"]["buckets"]
        return {bucket["key"]: int(bucket["last"]["value"]) for bucket in buckets}

    def _records(self, plan: Plan, start: int, size: int) -> dict[str, Any]:
        search = Search(using=self.client, index=self._alias("live")).query(translate(plan.main))
        if plan.facets:
            search = search.post_filter(_all(plan.facets.values()))
        search = (
            search.sort(*_order(plan))
            .source(list(_STORED))
            .extra(collapse={"field": "record_key"}, track_total_hits=False, track_scores=not plan.by_date)[
                start : start + size
            ]
        )
        records = A("cardinality", field="record_key", precision_threshold=EXACT_UP_TO)
        search.aggs.bucket("all", "filter", filter=_all(plan.facets.values())).metric("records", records)
        if plan.on_page:
            shown = _all([*plan.facets.values(), plan.on_page])
            search.aggs.bucket("shown", "filter", filter=shown)
        for name in FACETS:
            others = [node for facet, node in plan.facets.items() if facet != name]
            values = A("terms", field=name, size=FACET_VALUES)
            search.aggs.bucket(name, "filter", filter=_all(others)).bucket("values", values).metric(
                "records", records
            )
        answer: dict[str, Any] = search.execute().to_dict()
        return answer

    def _pages(self, plan: Plan, keys: Sequence[int], most: int) -> dict[int, tuple[list[PageText], int]]:
        search = Search(using=self.client, index=self._alias("live")).query(translate(plan.pages(keys)))[:0]
        search.aggs.bucket("by", "terms", field="record_key", size=len(keys)).metric(
            "best", "top_hits", size=most, _source=["page", "text"]
        )
        found = {}
        for bucket in search.execute().to_dict()["aggregations"]["by"]["buckets"]:
            hits = bucket["best"]["hits"]["hits"]
            pages = [PageText(hit["_source"]["page"], hit["_source"]["text"]) for hit in hits]
            found[bucket["key"]] = pages, bucket["doc_count"]
        return found


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except TransportError as error:
        raise EngineDown(str(error)) from error
    except ApiError as error:
        if error.status_code in BUSY:
            raise EngineDown(str(error)) from error
        raise


def _all(nodes: Collection[Any]) -> Any:
    return Q("bool", filter=[translate(node) for node in nodes]) if nodes else Q("match_all")


def _order(plan: Plan) -> list[Any]:
    by_date: list[Any] = [{"day": "desc"}, {"record_key": "desc"}]
    return by_date if plan.by_date else [{"_score": "desc"}, *by_date]


def _write(key: int, page: IndexDocument, version: int) -> dict[str, Any]:
    source = {name: getattr(page, name) for name in ("source", "record", "page", "ref", "title_en", "kind")}
    source |= {name: getattr(page, name) for name in ("agency", "signer", "text", "year", "day")}
    source |= {
        "record_key": key,
        "title_text": page.title,
        "refs": keys_of(page),
        "acl": list(page.acl_tokens),
    }
    kept = {name: value for name, value in source.items() if value != "" or name not in ("kind", "agency")}
    return _versioned(key, page.page, version) | {"_op_type": "index", "_source": kept | analysed(page)}


def _removal(key: int, page: int, version: int) -> dict[str, Any]:
    return _versioned(key, page, version) | {"_op_type": "delete"}


def _versioned(key: int, page: int, version: int) -> dict[str, Any]:
    return {"_id": f"{key}-{page}", "version": version, "version_type": "external_gte"}


def _record(stored: Mapping[str, Any], pages: Sequence[PageText], count: int) -> FoundRecord:
    text = {name: stored.get(name, "") for name in ("source", "ref", "title_en", "kind", "agency", "signer")}
    return FoundRecord(
        **text,
        record=stored["record"],
        title=stored["title_text"],
        day=stored["day"],
        pages=tuple(pages),
        pages_found=count,
    )


def _buckets(buckets: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    for bucket in buckets:
        yield str(bucket["key"]), int(bucket["records"]["value"])
