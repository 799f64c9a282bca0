"""What an engine is asked, said once: both engines translate this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.rules.query import Between, Condition, Phrase, Query
from search.rules.text import fold

TITLE_BOOST = 2.0
PAIR_BOOST = 1.0
NUMBER_SCORE = 1000.0  # above any sum of word scores: a named number comes first
FACETS = ("kind", "agency", "year")


@dataclass(frozen=True, slots=True)
class Term:
    field: str
    value: str | int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Adjacent:
    field: str
    terms: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of the values, every match scoring ``score``."""

    field: str
    values: tuple[str | int, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """All of ``must`` and ``filters``, at least ``minimum`` of ``should``, none of ``without``.

    ``must`` and ``should`` score, the others do not.
    """

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    minimum: int = 0
    filters: tuple[Node, ...] = ()
    without: tuple[Node, ...] = ()


Node = Term | Adjacent | OneOf | Span | Group


@dataclass(frozen=True, slots=True)
class Plan:
    """``main`` finds and ranks pages, ``on_page`` narrows them to pages that show the words themselves.

    ``facets`` are the chosen values, one filter each, kept apart so that a facet can count
    what its other values would give.
    """

    main: Group
    on_page: Group | None
    facets: Mapping[str, OneOf]
    by_date: bool

    def filtered(self, skip: str = "") -> Group:
        """The main question with the chosen facets, except the one being counted."""
        chosen = tuple(node for name, node in self.facets.items() if name != skip)
        return Group(must=(self.main,), filters=chosen) if chosen else self.main

    def pages(self, keys: Sequence[int] = ()) -> Group:
        """Pages that show the words, of all records or of these."""
        filters: tuple[Node, ...] = (self.on_page,) if self.on_page else ()
        if keys:
            filters += (OneOf("record_key", tuple(keys)),)
        return Group(must=(self.filtered(),), filters=filters)


def make_plan(
    query: Query, *, tokens: Sequence[str], facets: Mapping[str, Sequence[str]], only: int | None = None
) -> Plan:
    """The question to ask for a person who holds these access tokens; ``only`` is the key of one record."""
    chosen = {
        name: OneOf(name, tuple(int(value) if name == "year" else value for value in values))
        for name, values in facets.items()
        if name in FACETS and values
    }
    return Plan(
        main=Group(
            must=(_asked(query),) if query.has_text or query.refs else (),
            filters=(
                OneOf("acl", tuple(tokens)),
                *((OneOf("record_key", (only,)),) if only is not None else ()),
                *_first_page(query),
                *_conditions(query, negated=False),
            ),
            without=(*_excluded(query), *_conditions(query, negated=True)),
        ),
        on_page=_shown(query) if query.has_text else None,
        facets=chosen,
        by_date=not (query.has_text or query.refs),
    )


def _first_page(query: Query) -> tuple[Node, ...]:
    return () if query.has_text else (Term("page", 1),)


def _asked(query: Query) -> Group:
    if not query.refs:
        return _words(query)
    number = OneOf("refs", query.refs, NUMBER_SCORE)
    return Group(should=(number, _words(query)) if query.has_text else (number,), minimum=1)


def _words(query: Query) -> Group:
    each = tuple(
        Group(
            should=(Term(name("words", query), term), Term(name("title", query), term, TITLE_BOOST)),
            minimum=1,
        )
        for term in _values(query, query.terms)
    )
    bonus = tuple(
        Term(name(field, query), pair, boost)
        for pair in _values(query, query.pairs)
        for field, boost in (("pairs", PAIR_BOOST), ("title_pairs", PAIR_BOOST * TITLE_BOOST))
    )
    core = (Group(should=each, minimum=query.needed),) if each else ()
    return Group(must=(*core, *map(_anywhere, query.phrases)), should=bonus)


def _shown(query: Query) -> Group:
    terms = tuple(Term(name("words", query), term) for term in _values(query, query.terms))
    phrases = tuple(_adjacent("words", phrase) for phrase in query.phrases)
    # Half of the words on the page itself: the others may stand in the title.
    core = (Group(should=terms, minimum=(query.needed + 1) // 2),) if terms else ()
    return Group(should=(*core, *phrases), minimum=1)


def _anywhere(phrase: Phrase) -> Group:
    return Group(should=(_adjacent("words", phrase), _adjacent("title", phrase, TITLE_BOOST)), minimum=1)


def _adjacent(field: str, phrase: Phrase, boost: float = 1.0) -> Node:
    field = f"{field}_plain" if phrase.plain else field
    terms = tuple(fold(term) for term in phrase.terms) if phrase.plain else phrase.terms
    return Term(field, terms[0], boost) if len(terms) == 1 else Adjacent(field, terms, boost)


def _excluded(query: Query) -> tuple[Node, ...]:
    return tuple(_adjacent(field, phrase) for phrase in query.excluded for field in ("words", "title"))


def _conditions(query: Query, *, negated: bool) -> tuple[Node, ...]:
    conditions = tuple(_condition(item) for item in query.conditions if item.negated == negated)
    return conditions + tuple(_span(item) for item in query.ranges if item.negated == negated)


def _condition(condition: Condition) -> Node:
    if condition.field == "ref":
        return OneOf("refs", condition.terms)
    field = "title_plain" if condition.field == "title" else f"{condition.field}_words"
    if len(condition.terms) == 1:
        return Term(field, condition.terms[0])
    return Adjacent(field, condition.terms)


def _span(between: Between) -> Span:
    return Span(between.field, between.low, between.high)


def name(field: str, query: Query) -> str:
    """The field that holds the spelling the query is compared with."""
    return f"{field}_plain" if query.plain else field


def _values(query: Query, values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(fold(value) if query.plain else value for value in values))
