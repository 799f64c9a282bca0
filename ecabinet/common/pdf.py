"""HTML to PDF: the one door to the printer.

Tagged documents are PDF/A-3a and PDF/UA-1 at once. Nothing is fetched but the product's own static
files (``static.invalid`` is a name that can never be resolved) and data URIs; anything else, and a
file that is missing, stops the printing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class NotPrintable(Exception):
    """The page asks for something that may not be fetched or is not there."""


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF. ``relationship``: AFRelationship of ISO 32000-2, e.g. Data or Source."""

    name: str
    data: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class Place:
    """Where an element with an id stands: page from 0, box (left, bottom, right, top) in points."""

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Rendered:
    data: bytes
    pages: int
    places: Mapping[str, Place]


def render(
    html: str,
    *,
    lang: str,
    title: str,
    tagged: bool = True,
    attachments: Sequence[Attachment] = (),
    base: Path | None = None,
) -> Rendered:
    """Print ``html``; addresses in it are relative to the static files (or first to ``base``).

    ``lang`` is a BCP 47 tag, ``title`` the document's title. Raises NotPrintable.
    """
    from ecabinet.common import printer  # loading it takes a while, and most processes never print

    return printer.render(html, lang=lang, title=title, tagged=tagged, attachments=attachments, base=base)


def render_pdf(
    html: str,
    *,
    lang: str,
    title: str,
    tagged: bool = True,
    attachments: Sequence[Attachment] = (),
    base: Path | None = None,
) -> bytes:
    """As ``render``, only the bytes."""
    return render(html, lang=lang, title=title, tagged=tagged, attachments=attachments, base=base).data


def render_stamp(svg: str, *, width: float, height: float) -> bytes:
    """A one-page untagged PDF of ``width`` × ``height`` points with the drawing, for an appearance."""
    html = (
        f"<style>@page{{size:{width}pt {height}pt;margin:0}}body{{margin:0}}"
        f"svg{{display:block;width:{width}pt;height:{height}pt}}</style>{svg}"
    )
    return render_pdf(html, lang="", title="", tagged=False)
