"""Printed documents claim what they are, keep their text and fetch nothing foreign."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest

from ecabinet.common.pdf import Attachment, NotPrintable, render, render_pdf, render_stamp
from tests.signing.conftest import HTML


@pytest.fixture(scope="module")
def document() -> bytes:
    attachment = Attachment("outcome.json", b'{"adopted":true}', "Machine-readable outcome")
    return render_pdf(HTML, lang="vi", title="36/NQ-CP", attachments=[attachment])


def test_both_claims_stand_in_one_rdf_block(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "vi"
    assert xmp.count("</rdf:RDF>") == 1
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in xmp


def test_vietnamese_text_survives(document: bytes) -> None:
    page = pypdfium2.PdfDocument(document)[0]
    assert "ngưỡng cửa, được thực hiện, ượ ỡ ẫ ỵ" in page.get_textpage().get_text_range()


def test_attachment_says_what_it_is_to_the_document(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        [spec] = pdf.Root.AF
        assert spec.AFRelationship == pikepdf.Name.Data
        assert pdf.attachments["outcome.json"].get_file().read_bytes() == b'{"adopted":true}'


def test_every_font_is_embedded(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        descriptors = [each for each in fonts if each.get("/Type") == "/FontDescriptor"]
        assert descriptors
        assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)


@pytest.mark.parametrize(
    "address",
    ["http://example.com/x.png", "file:///etc/hostname", "fonts/../../../pyproject.toml", "no/such/file.png"],
)
def test_nothing_but_own_files_is_fetched(address: str) -> None:
    with pytest.raises(NotPrintable):
        render_pdf(f'<p><img src="{address}" alt="x"></p>', lang="vi", title="x")


def test_places_of_named_elements_are_in_points() -> None:
    place = render(HTML, lang="vi", title="x").places["signature"]
    left, bottom, right, top = place.box
    assert place.page == 0
    assert right - left == pytest.approx(170, abs=0.2)
    assert top - bottom == pytest.approx(68, abs=0.2)


def test_a_stamp_is_one_untagged_page() -> None:
    data = render_stamp(
        '<svg viewBox="0 0 1 1"><path d="M0 0L1 1" stroke="blue"/></svg>', width=80, height=40
    )
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
        assert "/StructTreeRoot" not in pdf.Root
        assert [float(each) for each in pdf.pages[0].MediaBox] == [0, 0, 80, 40]
