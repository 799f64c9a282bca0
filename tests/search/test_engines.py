"""One contract for both engines: what is asked of one is asked of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from search.engines.base import Engine, Found
from search.rules.documents import IndexDocument
from search.rules.highlight import make_snippet
from search.rules.plan import make_plan
from search.rules.query import parse
from search.sources import record_key
from tests.search.conftest import PUBLIC, SOURCE, Shelf, page

pytestmark = pytest.mark.usefixtures("archive")


def ask(
    engine: Engine,
    text: str,
    tokens: Sequence[str] = PUBLIC,
    facets: Mapping[str, Sequence[str]] | None = None,
    *,
    at: int = 1,
) -> Found:
    return engine.search(make_plan(parse(text), tokens=tokens, facets=facets or {}), page=at, size=10)


def ids(found: Found) -> list[int]:
    return [record.record for record in found.records]


def put(engine: Engine, *pages: IndexDocument, version: int) -> None:
    engine.index([replace(item, source=SOURCE) for item in pages], version=version)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36/NQ-CP", [36, 112]),  # the record itself, then the one that cites it
        ("36 nq cp", [36, 112]),
        ("36/nq-cp", [36, 112]),
        ("036/NQ-CP", [36]),
        ("112/2024/NĐ-CP", [112]),
        ("112/nd-cp", [112]),
        ("36", [36, 112]),
        ("36/NQ-CP nguồn nước", [36, 112, 87]),
        ("112/2024/NĐ-CP nguồn nước", [112, 36, 87]),
    ],
)
def test_a_named_number_comes_first(engine: Engine, text: str, expected: list[int]) -> None:
    assert ids(ask(engine, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nguồn nước", {36, 112, 87}),
        ("nguon nuoc", {36, 112, 87}),
        ("NGUỒN NƯỚC", {36, 112, 87}),
        ("nguon điện", set()),  # one mark typed: marks count
        ("thuỷ sản", {36}),  # the other spelling of thủy
        ("thủy sản", {36}),
        ("đien", set()),
        ("dien", {87}),
        ('"nguồn nước"', {36, 112}),
        ('"nguon nuoc"', {36, 112}),
        ('"nước nguồn"', set()),
        ("nước -lũ", {36, 112}),
        ('nước -"kịch bản"', {36, 87}),
        ('nước kind:"quyết định"', {87}),
        ('nước agency:"Nông nghiệp"', {112, 87}),
        ('nước -agency:"nong nghiep"', {36}),
        ("title:hồ", {87}),
        ("nước year:2025..2026", {36, 87}),
        ("nước -year:2026", {112, 87}),
        ("nước date:2026-11-01..", {36}),
        ("so:87/2025/qd-ttg", {87}),
        ("water security", {36}),
        ("không có gì như vậy", set()),
        ("", {36, 112, 87}),
    ],
)
def test_words_phrases_exclusions_and_fields(engine: Engine, text: str, expected: set[int]) -> None:
    found = ask(engine, text)
    assert set(ids(found)) == expected
    assert found.total == len(expected)


def test_a_whole_sentence_need_not_stand_on_one_page(engine: Engine) -> None:
    sentence = "Khi hồ chứa có lũ về thì ai phải vận hành liên hồ chứa và báo cáo cho cơ quan nào?"
    assert ids(ask(engine, sentence)) == [87]


def test_side_by_side_ranks_above_scattered(engine: Engine) -> None:
    assert ids(ask(engine, "nguồn nước"))[-1] == 87


def test_without_words_the_newest_come_first(engine: Engine) -> None:
    assert ids(ask(engine, "")) == [36, 87, 112]
    assert ids(ask(engine, "kind:nghị")) == [36, 112]


def test_only_what_the_tokens_open_is_found_and_counted(engine: Engine) -> None:
    outside, inside = ask(engine, "nguồn nước"), ask(engine, "nguồn nước", (*PUBLIC, "body:1"))
    assert 214 not in ids(outside)
    assert 214 in ids(inside)
    assert (outside.total, inside.total) == (3, 4)
    assert "Thông báo" not in dict(outside.facets["kind"])
    assert dict(inside.facets["kind"])["Thông báo"] == 1
    assert ids(ask(engine, "", ("body:1",))) == [214]
    nothing = ask(engine, "nguồn nước", ("nobody",))
    assert (ids(nothing), nothing.total, nothing.total_pages) == ([], 0, 0)
    assert nothing.facets == {"kind": [], "agency": [], "year": []}


def test_facets_count_records_and_leave_out_their_own_choice(engine: Engine) -> None:
    found = ask(engine, "nguồn nước", facets={"kind": ["Nghị quyết", "Quyết định"]})
    assert set(ids(found)) == {36, 87}
    assert found.total == 2
    assert dict(found.facets["kind"]) == {"Nghị quyết": 1, "Nghị định": 1, "Quyết định": 1}
    assert dict(found.facets["agency"]) == {"Chính phủ": 1, "Bộ Nông nghiệp và Môi trường": 1}
    assert dict(found.facets["year"]) == {"2026": 1, "2025": 1}
    by_year = ask(engine, "nguồn nước", facets={"year": ["2024"], "agency": ["Bộ Nông nghiệp và Môi trường"]})
    assert ids(by_year) == [112]


def test_pages_that_show_the_words_come_with_their_record(engine: Engine) -> None:
    found = ask(engine, "nguồn nước")
    first = next(record for record in found.records if record.record == 36)
    assert sorted(item.number for item in first.pages) == [1, 2]
    assert first.pages_found == 2
    assert found.total_pages == 4
    assert len(ids(found)) == len(set(ids(found)))  # one hit for a record, however many pages


def test_a_title_alone_finds_the_record_without_page_hits(engine: Engine) -> None:
    (record,) = ask(engine, "liên tỉnh điều hòa").records
    assert (record.record, record.pages, record.pages_found) == (112, (), 0)
    assert record.title == "Nghị định về điều hòa, phân phối nguồn nước liên tỉnh"


def test_highlights_stand_on_the_words(engine: Engine) -> None:
    query = parse("nguon nuoc")
    for record in ask(engine, query.text).records:
        for item in record.pages:
            snippet = make_snippet(item.text, query)
            marked = [piece.casefold() for piece, is_marked in snippet.pieces() if is_marked]
            assert marked
            assert set(" ".join(marked).split()) <= {"nguồn", "nước"}


def test_results_come_in_pages(engine: Engine) -> None:
    put(engine, *(page(1000 + n, 1, "đê điều", date=date(2020, 1, 1)) for n in range(25)), version=10)
    seen = [ids(ask(engine, "đê điều", at=at)) for at in (1, 2, 3, 4)]
    assert [len(part) for part in seen] == [10, 10, 5, 0]
    assert len({item for part in seen for item in part}) == 25
    assert ask(engine, "đê điều").total == 25


def test_many_matching_pages_of_one_record_do_not_hide_the_others(engine: Engine) -> None:
    put(engine, *(page(500, n, "đê điều đê điều") for n in range(1, 301)), version=10)
    put(engine, *(page(600 + n, 1, "một lần đê điều trong câu dài hơn") for n in range(9)), version=10)
    found = ask(engine, "đê điều")
    assert len(ids(found)) == 10
    assert found.total == 10
    record = next(item for item in found.records if item.record == 500)
    assert (len(record.pages), record.pages_found) == (3, 300)


def test_a_record_is_replaced_whole(engine: Engine) -> None:
    put(engine, page(36, 1, "Nội dung mới về đê điều."), version=11)
    assert 36 not in ids(ask(engine, "thủy sản"))
    assert ids(ask(engine, "đê điều")) == [36]


def test_an_older_version_changes_nothing_and_the_same_may_be_repeated(engine: Engine) -> None:
    put(engine, page(36, 1, "Bản mười hai đê điều."), version=12)
    put(
        engine, page(36, 1, "Bản cũ."), page(36, 2, "Trang cũ thứ hai."), page(36, 3, "Trang cũ."), version=11
    )
    put(engine, page(36, 1, "Bản mười hai đê điều."), version=12)
    assert ids(ask(engine, "đê điều")) == [36]
    assert ids(ask(engine, '"trang cũ"')) == []
    assert ids(ask(engine, '"bản cũ"')) == []


def test_deletion_holds_against_a_late_older_write(engine: Engine, archive: Shelf) -> None:
    engine.delete([record_key(SOURCE, 36), record_key(SOURCE, 999)], version=20)
    assert 36 not in ids(ask(engine, "nguồn nước"))
    put(engine, *archive.pages[36], page(999, 1, "nguồn nước"), version=15)
    assert not {36, 999} & set(ids(ask(engine, "nguồn nước")))
    put(engine, *archive.pages[36], version=21)
    assert 36 in ids(ask(engine, "nguồn nước"))


def test_a_new_generation_is_seen_only_when_promoted(engine: Engine) -> None:
    engine.begin_generation()
    engine.index([replace(page(7, 1, "đê điều"), source=SOURCE)], version=30, building_only=True)
    put(engine, page(8, 1, "đê điều"), version=31)  # a change meanwhile goes to both
    assert ids(ask(engine, "đê điều")) == [8]
    assert (engine.count("live"), engine.count("building")) == (5, 2)
    engine.promote()
    assert set(ids(ask(engine, "đê điều"))) == {7, 8}
    assert ids(ask(engine, "nguồn nước")) == []
    assert (engine.count("live"), engine.count("building")) == (2, 0)


def test_an_unfinished_generation_is_thrown_away(engine: Engine) -> None:
    engine.begin_generation()
    engine.index([replace(page(7, 1, "đê điều"), source=SOURCE)], version=30, building_only=True)
    engine.begin_generation()
    assert engine.count("building") == 0
    assert engine.count("live") == 4


def test_an_engine_that_is_there_says_so(engine: Engine) -> None:
    assert engine.health()


def test_strange_queries_are_answered(engine: Engine) -> None:
    strange = (
        '"',
        "-",
        "- -",
        "::",
        'a:"',
        "year:",
        "year:20..x",
        "date:2026-13-45",
        "/",
        "'; DROP",
        "\x00",
        "-nước",
    )
    for text in strange:
        assert ask(engine, text) is not None


def test_very_many_words_are_answered(engine: Engine) -> None:
    assert ask(engine, "nước " * 5000).total == 3
    assert ask(engine, " ".join(f"từ{n}" for n in range(500))).total == 0
