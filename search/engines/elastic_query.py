"""The plan in Elasticsearch's words."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from elasticsearch.dsl import Q

from search.rules.plan import Adjacent, Group, Node, OneOf, Span, Term


@singledispatch
def translate(node: Node) -> Any:
    """One node and what hangs below it, as a query of elasticsearch.dsl."""
    raise TypeError(node)


@translate.register
def _term(node: Term) -> Any:
    return Q("term", **{node.field: {"value": node.value, "boost": node.boost}})


@translate.register
def _adjacent(node: Adjacent) -> Any:
    return Q("match_phrase", **{node.field: {"query": " ".join(node.terms), "boost": node.boost}})


@translate.register
def _one_of(node: OneOf) -> Any:
    return Q("constant_score", filter=Q("terms", **{node.field: list(node.values)}), boost=node.score)


@translate.register
def _span(node: Span) -> Any:
    ends = {name: end for name, end in (("gte", node.low), ("lte", node.high)) if end is not None}
    return Q("range", **{node.field: ends})


@translate.register
def _group(node: Group) -> Any:
    parts: dict[str, Any] = {
        "must": [translate(part) for part in node.must],
        "should": [translate(part) for part in node.should],
        "filter": [translate(part) for part in node.filters],
        "must_not": [translate(part) for part in node.without],
    }
    if node.should:
        parts["minimum_should_match"] = node.minimum
    return Q("bool", **{name: part for name, part in parts.items() if part or name == "minimum_should_match"})
