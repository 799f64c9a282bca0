"""Text out of PDFs, page by page."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from ecabinet.common.errors import DomainError
from ecabinet.common.pdf import render_pdf
from ecabinet.common.pdftext import page_boxes, page_texts

PAGES = ("An ninh nguồn nước", "", "Đồng bằng sông Cửu Long")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    body = "".join(f'<section style="break-after: page"><p>{text}&nbsp;</p></section>' for text in PAGES)
    path = tmp_path_factory.mktemp("pdf") / "paper.pdf"
    path.write_bytes(render_pdf(f"<html lang=vi><body>{body}</body></html>", lang="vi", title="Thử"))
    return path


def test_each_page_gives_its_vietnamese_text(printed: Path) -> None:
    texts = [" ".join(unicodedata.normalize("NFC", text).split()) for text in page_texts(printed)]
    assert texts[:3] == list(PAGES)


def test_lines_know_their_place(printed: Path) -> None:
    (box,) = [box for box in page_boxes(printed, 1) if box.text]
    assert box.text.startswith("An ninh")
    assert 0 < box.left < box.right < 596
    assert 0 < box.bottom < box.top < 842
    with pytest.raises(DomainError):
        page_boxes(printed, 9)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nbroken", b"GIF89a"])
def test_what_cannot_be_opened_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    with pytest.raises(DomainError) as refused:
        list(page_texts(path))
    assert refused.value.code == "pdf_unreadable"


def test_no_more_pages_are_read_than_the_site_allows(printed: Path, settings: Any) -> None:
    settings.PAPER_MAX_PAGES = 1
    assert len(list(page_texts(printed))) == 1
