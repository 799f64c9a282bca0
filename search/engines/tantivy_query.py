"""The plan in tantivy's words."""

from __future__ import annotations

from functools import singledispatch

import tantivy
from tantivy import Occur, Query

from search.rules.plan import Adjacent, Group, Node, OneOf, Span, Term

_EVERYTHING = 2**63 - 1


def translate(schema: tantivy.Schema, node: Node) -> Query:
    """One node and what hangs below it."""
    return _query(node, schema)


@singledispatch
def _query(node: Node, schema: tantivy.Schema) -> Query:
    raise TypeError(node)


@_query.register
def _term(node: Term, schema: tantivy.Schema) -> Query:
    return _boosted(Query.term_query(schema, node.field, node.value, "freq"), node.boost)


@_query.register
def _adjacent(node: Adjacent, schema: tantivy.Schema) -> Query:
    return _boosted(Query.phrase_query(schema, node.field, list(node.terms)), node.boost)


@_query.register
def _one_of(node: OneOf, schema: tantivy.Schema) -> Query:
    return Query.const_score_query(Query.term_set_query(schema, node.field, list(node.values)), node.score)


@_query.register
def _span(node: Span, schema: tantivy.Schema) -> Query:
    low, high = node.low or 0, _EVERYTHING if node.high is None else node.high
    return _silent(Query.range_query(schema, node.field, tantivy.FieldType.Unsigned, low, high))


@_query.register
def _group(node: Group, schema: tantivy.Schema) -> Query:
    parts = [(Occur.Must, _query(part, schema)) for part in node.must]
    parts += [(Occur.Must, _silent(_query(part, schema))) for part in node.filters]
    parts += [(Occur.MustNot, _query(part, schema)) for part in node.without]
    if node.should and node.minimum > 0 and not parts:
        return _at_least(node, schema)
    if node.should and node.minimum > 0:
        parts.append((Occur.Must, _at_least(node, schema)))
    else:
        parts += [(Occur.Should, _query(part, schema)) for part in node.should]
    if not any(occur is Occur.Must for occur, _ in parts):
        parts.append((Occur.Must, _silent(Query.all_query())))
    return Query.boolean_query(parts)


def _at_least(node: Group, schema: tantivy.Schema) -> Query:
    parts = [(Occur.Should, _query(part, schema)) for part in node.should]
    if len(parts) < node.minimum:
        return Query.empty_query()
    if len(parts) == node.minimum:
        return Query.boolean_query([(Occur.Must, part) for _, part in parts])
    return Query.boolean_query(parts, minimum_number_should_match=node.minimum)


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)


def _silent(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
