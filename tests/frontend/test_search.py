"""The search page: what is found, what is shown, and what never is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from archive.actions import deposit
from archive.models import Record
from ecabinet.common import blobs
from ecabinet.common.pdf import render_pdf
from search.actions import index_pending
from tests.cast import client, person

PAGES = (
    "<h1>NGHỊ QUYẾT</h1><p>Về bảo đảm an ninh nguồn nước.</p>",
    "<p>Ưu tiên nguồn nước cho sinh hoạt, sau đó đến cây lâu năm và thủy sản.</p>",
)
Put = Callable[..., Record]


@pytest.fixture(autouse=True)
def _own_index(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"
    settings.ELASTICSEARCH_URL = ""


@pytest.fixture(scope="module")
def printed() -> bytes:
    pages = '<div style="break-before: page"></div>'.join(PAGES)
    return render_pdf(f"<html lang=vi><body>{pages}</body></html>", lang="vi", title="Nghị quyết")


@pytest.fixture
def put(db: None, printed: bytes) -> Put:
    """Put a record away and index it."""

    def make(number: int = 36, **facts: Any) -> Record:
        # A comment at the end makes another file of the same pages.
        main = blobs.put_bytes(printed + f"\n%{number}\n".encode())
        values: dict[str, Any] = {
            "reference": f"{number}/NQ-CP",
            "title": "Nghị quyết về bảo đảm an ninh nguồn nước",
            "title_en": "Resolution on water security",
            "kind": "NQ",
            "agency_name": "Chính phủ",
            "agency_name_en": "Government",
            "signer_name": "Trần Quốc Khải",
            "signer_office": "Thủ tướng",
            "issued_on": date(2026, 11, 26),
            "verify_code": f"CODE{number}",
            "acl": ["public"],
        } | facts
        with transaction.atomic():
            record = deposit(actor=None, main=main, **values)
        index_pending()
        return record

    return make


@pytest.fixture
def browser(db: None) -> Client:
    return client(person("Reader"))


def page(browser: Client, **asked: Any) -> str:
    with translation.override("vi"):
        answer = browser.get("/search/", asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_number_is_pinned_and_its_pages_open_the_reader(browser: Client, put: Put) -> None:
    record = put()
    html = page(browser, q="36/NQ-CP nguồn nước")
    assert 'class="pinned sealed"' in html
    assert f'href="/records/{record.pk}/"' in html
    assert f"/records/{record.pk}/read/?page=2&amp;q=ngu%E1%BB%93n+n%C6%B0%E1%BB%9Bc" in html
    assert "<mark>nguồn nước</mark> cho sinh hoạt" in html


def test_words_without_diacritics_find_and_mark_the_printed_words(browser: Client, put: Put) -> None:
    put()
    html = page(browser, q="thuy san")
    assert "<mark>thủy sản</mark>" in html
    assert 'class="pinned sealed"' not in html


def test_what_the_tokens_do_not_open_is_neither_shown_nor_counted(browser: Client, put: Put) -> None:
    put(36)
    put(37, acl=["body:99"])
    html = page(browser, q="nguồn nước")
    assert "37" not in html
    assert "<b>1 " in html


def test_a_record_withdrawn_from_a_person_is_not_shown_before_the_index_knows(
    browser: Client, put: Put
) -> None:
    record = put()
    record.tokens.all().delete()
    html = page(browser, q="nguồn nước")
    assert f"/records/{record.pk}/" not in html


def test_the_kind_is_known_by_its_name_in_either_language(browser: Client, put: Put) -> None:
    put(36)
    for words in ("nước kind:resolution", "nước kind:NQ", "nước title:nguồn"):
        assert page(browser, q=words).count('class="record"') == 1
    assert 'class="empty"' in page(browser, q="nước kind:decree")


def test_facets_narrow_and_can_be_taken_off(browser: Client, put: Put) -> None:
    put(36)
    put(87, kind="QĐ", issued_on=date(2025, 5, 9))
    html = page(browser, q="nguồn nước", year="2025")
    assert "/records/" in html
    assert html.count('class="record"') == 1
    assert 'name="year" value="2025" checked' in html
    assert 'name="year" value="2026"' in html  # what the other value would give
    assert page(browser, q="nguồn nước", year="x", kind="NQ").count('class="record"') == 1


def test_nothing_found_says_what_to_try(browser: Client, put: Put) -> None:
    put()
    html = page(browser, q="99/NQ-CP đê điều")
    assert 'class="empty"' in html
    assert "q=%C4%91%C3%AA+%C4%91i%E1%BB%81u" in html  # the words alone
    assert "q=de+dieu" in html  # and without marks
    assert '<a class="button" href="/search/">' in html  # or all there is


def test_changes_the_index_has_not_seen_are_told(browser: Client, put: Put) -> None:
    put()
    with transaction.atomic():
        from search.actions import enqueue

        enqueue("records", 1)
    assert 'class="notice' in page(browser, q="nguồn nước")


def test_all_pages_of_one_record(browser: Client, put: Put) -> None:
    record = put()
    html = page(browser, q="nguồn nước", inside=record.pk)
    assert html.count('class="hit"') == 2
    assert 'class="empty"' in page(browser, q="nguồn nước", inside=record.pk + 1)


def test_the_table_holds_the_results_and_no_formula(browser: Client, put: Put) -> None:
    put(36)
    put(87, title="=1+1 nguồn nước")
    answer = browser.get("/search/export.csv", {"q": "nguồn nước"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streaming answer
    heading, *rows = csv.reader(io.StringIO(text))
    assert len(heading) == 8
    assert {row[0] for row in rows} == {"36/NQ-CP", "87/NQ-CP"}
    assert {row[1][:2] for row in rows} == {"Ng", "'="}


def test_words_from_outside_are_shown_as_words(browser: Client, put: Put) -> None:
    put()
    html = page(browser, q='"><script>alert(1)</script> nguồn')
    assert "<script>alert" not in html


def test_an_engine_that_is_away_leaves_the_words_in_the_box(browser: Client, settings: Any) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    for address in ("/search/", "/search/export.csv"):
        answer = browser.get(address, {"q": "nguồn nước"})
        assert answer.status_code == 503
        assert 'value="nguồn nước"' in answer.content.decode()


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    assert Client().get("/search/", {"q": "nước"}).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_hits(browser: Client, put: Put) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(browser, q="nguồn nước")
        return len(seen)

    put(1)
    page(browser, q="nguồn nước")
    one = queries()
    put(2)
    put(3)
    assert queries() == one
