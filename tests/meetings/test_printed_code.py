"""The square code printed on a decision, read from the drawn sheet module by module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import qrcode
from django.conf import settings
from django.test import Client

from ecabinet.common import blobs
from meetings.actions import decisions
from meetings.models import AgendaItem
from tests.cast import Cast
from tests.meetings.test_decisions import prepare, sign, vote


@pytest.mark.django_db(transaction=True)
def test_the_printed_square_code_leads_to_the_verify_page(
    cast: Cast,
    item: AgendaItem,
    client: Client,
) -> None:
    """Each of its modules, as drawn on the sheet that is signed, is that of the address."""
    vote(cast, item, "for")
    decision = prepare(cast, item)
    printed = decisions.advance(decision.pk)
    address = f"{settings.BASE_URL}/verify/{printed.verify_code}/"
    wanted = qrcode.QRCode(border=0)
    wanted.add_data(address)
    assert modules(blobs.path_of(printed.rendered_sha256), wanted) == wanted.get_matrix()
    sign(cast)
    decisions.advance(decision.pk)
    page = client.get(f"/verify/{printed.verify_code}/")
    assert (page.status_code, "01/NQ-CP" in page.content.decode()) == (200, True)


def modules(path: Path, wanted: qrcode.QRCode) -> list[list[bool]]:
    """The dark and light fields of the square drawn on the page that carries it."""
    wanted.make()
    count, scale = len(wanted.get_matrix()), 6
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            for left, _bottom, right, top in squares(page):
                image = page.render(scale=scale, grayscale=True).to_pil()
                step, height = (right - left) / count, page.get_height()
                middles = [(number + 0.5) * step for number in range(count)]
                return [
                    [
                        image.getpixel((int((left + x) * scale), int((height - top + y) * scale))) < 128
                        for x in middles
                    ]
                    for y in middles
                ]
    raise AssertionError("no square code is printed")


def squares(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """Drawn shapes that are as high as wide, from 15 to 40 mm, in points."""
    for shape in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH], max_depth=6):
        left, bottom, right, top = shape.get_bounds()
        if 42 < right - left < 114 and abs((right - left) - (top - bottom)) < 0.5:
            yield left, bottom, right, top
