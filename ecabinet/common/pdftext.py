"""The text of a PDF, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ecabinet.common.errors import DomainError
from ecabinet.common.pdfium import LOCK

# A printed page holds some 3,000 characters; a page with more than this is not meant to be read.
PAGE_MAX_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class TextBox:
    """A piece of text and its place: points from the lower left corner of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def page_texts(path: Path) -> Iterator[str]:
    """The text of every page in order, line ends as ``\\n``; an image-only page gives an empty text.

    One page is open at a time. Raises DomainError ``pdf_unreadable`` for a file that cannot be
    opened (broken, or locked by a password); a single broken page counts as empty. No more than
    PAPER_MAX_PAGES pages are read.
    """
    document = _open(path)
    try:
        with LOCK:
            count = min(len(document), settings.PAPER_MAX_PAGES)
        for index in range(count):
            yield _page_text(document, index)
    finally:
        with LOCK:
            document.close()


def page_boxes(path: Path, page: int) -> list[TextBox]:
    """The lines of one page (from 1) with their places; raises DomainError ``no_such_page``."""
    with LOCK, closing(_open(path)) as document:
        if not 1 <= page <= len(document):
            raise DomainError("no_such_page", _("The document has no such page."), 404)
        with closing(document[page - 1]) as sheet, closing(sheet.get_textpage()) as text:
            boxes = (text.get_rect(index) for index in range(text.count_rects()))
            return [TextBox(text.get_text_bounded(*box).strip(), *box) for box in boxes]


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        with LOCK:
            return pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        message = _("The PDF cannot be read. Open it on your computer, save it again and send that file.")
        raise DomainError("pdf_unreadable", message, 422) from error


def _page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        with LOCK, closing(document[index]) as sheet, closing(sheet.get_textpage()) as text:
            count = min(text.count_chars(), PAGE_MAX_CHARACTERS)
            return _tidy(text.get_text_range(0, count)) if count else ""
    except pypdfium2.PdfiumError:
        return ""


def _tidy(text: str) -> str:
    # PDFium marks a hyphen at the end of a line with U+FFFE and ends lines with CR LF.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe\n", "").replace("\ufffe", "")
