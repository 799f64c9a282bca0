"""The analyser, the numbers, the query and the marks, for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.rules.highlight import find_marks, make_snippet
from search.rules.numbers import find_refs, ref_keys, ref_norm
from search.rules.plan import make_plan
from search.rules.query import Between, Condition, Phrase, parse
from search.rules.text import bigrams, clean, fold, lower, spell, terms, tokens

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệốồổỗộứừửữựýỳỷỹỵĐ ÊƠƯ.,\n-/0123456789", max_size=200
)
ANY = st.text(max_size=200) | VIETNAMESE


@given(ANY)
def test_every_step_keeps_one_character_for_one(text: str) -> None:
    text = clean(text)
    assert len(lower(text)) == len(spell(text)) == len(fold(text)) == len(text)


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY)
def test_terms_stand_where_they_say(text: str) -> None:
    text = clean(text)
    for token in tokens(text):
        assert spell(text)[token.start : token.end] == token.term
    assert [token.term for token in tokens(text)] == terms(text)
    assert len(bigrams(terms(text))) == max(len(terms(text)) - 1, 0)


@given(VIETNAMESE)
def test_folded_vietnamese_is_plain(text: str) -> None:
    assert all(not unicodedata.combining(sign) for sign in unicodedata.normalize("NFD", fold(clean(text))))
    assert "đ" not in fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà bình", "hòa bình"), ("thuỷ", "thủy"), ("hoè", "hòe"), ("HOÀ", "hòa"), ("hoa\u0300", "hòa")],
)
def test_both_ways_of_placing_a_tone_are_one_word(one: str, other: str) -> None:
    assert terms(clean(one)) == terms(clean(other))


def test_a_mark_inside_a_syllable_and_after_q_stays() -> None:
    assert terms("hoàn quý loạn") == ["hoàn", "quý", "loạn"]


@pytest.mark.parametrize("text", ["36/NQ-CP", "36 nq cp", "36/nq-cp", "036/NQ-CP", " 36 / NQ - CP "])
def test_a_number_is_the_same_however_it_is_typed(text: str) -> None:
    assert ref_norm(text) == "36-nq-cp"
    assert parse(text).refs == ("36-nq-cp",)


@given(ANY)
def test_normalising_a_number_twice_changes_nothing(text: str) -> None:
    assert ref_norm(ref_norm(text)) == ref_norm(text)
    assert ref_norm(text) in ref_keys(text) or not ref_norm(text)


def test_a_number_is_found_by_its_beginnings_and_without_its_year() -> None:
    assert ref_keys("112/2024/NĐ-CP") == [
        *("112", "112-2024", "112-2024-nd", "112-2024-nd-cp"),
        *("112-nd", "112-nd-cp"),
    ]
    assert ref_keys("") == []


@pytest.mark.parametrize(
    ("text", "refs", "words"),
    [
        ("36/NQ-CP nguồn nước", ("36-nq-cp",), ("nguồn", "nước")),
        ("36 nq cp nguon nuoc", ("36-nq-cp",), ("nguon", "nuoc")),
        ("57/2026/QH15", ("57-2026-qh15",), ()),
        ("15 tt byt", ("15-tt-byt",), ()),
        ("thực hiện Nghị định 112/2024/NĐ-CP", ("112-2024-nd-cp",), ("thực", "hiện", "nghị", "định")),
        ("36", ("36",), ("36",)),
        ("ngày 26/11/2026", (), ("ngày", "26", "11", "2026")),
        ("3 ngày ở 4 tỉnh", (), ("3", "ngày", "ở", "4", "tỉnh")),
    ],
)
def test_numbers_are_told_from_words(text: str, refs: tuple[str, ...], words: tuple[str, ...]) -> None:
    query = parse(text)
    assert (query.refs, query.terms) == (refs, words)


def test_a_query_is_read_part_by_part() -> None:
    query = parse('"nguồn nước" -lũ agency:"Bộ Y tế" -kind:TB year:2024..2026 date:01/02/2026.. hạn')
    assert query.phrases == (Phrase(("nguồn", "nước"), plain=False),)
    assert query.excluded == (Phrase(("lũ",), plain=False),)
    assert query.conditions == (
        Condition("agency", ("bo", "y", "te")),
        Condition("kind", ("tb",), negated=True),
    )
    assert query.ranges == (Between("year", 2024, 2026), Between("day", 20260201, None))
    assert query.terms == ("hạn",)


@pytest.mark.parametrize("text", ["year:20x", "date:2026-13-45", "kính gửi: bộ", "a:b", "year:.."])
def test_what_is_no_condition_counts_as_words(text: str) -> None:
    query = parse(text)
    assert query.terms
    assert not query.conditions
    assert not query.ranges


def test_a_few_words_must_all_match_a_sentence_need_not() -> None:
    assert parse("an ninh nguồn nước").needed == 4
    assert parse(" ".join(f"t{n}" for n in range(20))).needed == 8


@given(ANY)
def test_any_text_is_a_query_with_a_plan(text: str) -> None:
    query = parse(text)
    assert len(query.terms) <= 40
    make_plan(query, tokens=["public"], facets={"kind": ["NQ"]})


@given(ANY, VIETNAMESE)
def test_marks_are_ordered_inside_the_text_and_whole_words(text: str, asked: str) -> None:
    text, query = clean(text), parse(asked)
    at = 0
    for start, end in find_marks(text, query):
        assert at <= start < end <= len(text)
        at = end
    edges = {edge for token in tokens(text) for edge in (token.start, token.end)}
    assert all({start, end} <= edges for start, end in find_marks(text, query))


@given(VIETNAMESE.filter(str.strip), st.integers(1, 6))
def test_a_snippet_is_a_piece_of_the_page_with_its_marks(text: str, times: int) -> None:
    text = clean(" ".join([text] * times))
    snippet = make_snippet(text, parse(text[:40]))
    assert text[snippet.start :].startswith(snippet.text)
    assert "".join(piece for piece, _ in snippet.pieces()) == snippet.text
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.marks)
    assert all(0 <= place <= 1 for place in snippet.places)


def test_only_neighbours_are_marked_when_there_are_any() -> None:
    text = "an toàn và an ninh nguồn nước; nước sạch"
    assert [text[a:b] for a, b in find_marks(text, parse("an ninh nguồn nước"))] == ["an ninh nguồn nước"]
    assert [text[a:b] for a, b in find_marks(text, parse("sạch toàn"))] == ["toàn", "sạch"]


@given(ANY)
def test_numbers_found_do_not_overlap(text: str) -> None:
    at = 0
    for start, end in find_refs(clean(text)):
        assert at <= start < end
        at = end
