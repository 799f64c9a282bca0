"""The printer behind ``ecabinet.common.pdf``; nothing else imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import weasyprint
from django.conf import settings
from django.contrib.staticfiles import finders
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ecabinet.common.pdf import Attachment, NotPrintable, Place, Rendered

STATIC_BASE = "http://static.invalid/"
POINTS_PER_PIXEL = 0.75

# PDF/UA-1 (ISO 14289-1) names itself in the XMP; PDF/A wants every foreign schema described there.
_UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


class _OwnFiles(URLFetcher):
    def __init__(self, base: Path | None) -> None:
        super().__init__(allowed_protocols={"data"})
        self._base = base

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if not url.startswith(STATIC_BASE):
            raise FatalURLFetchingError(f"not an own file: {url}")
        path = self._find(unquote(urlsplit(url).path).lstrip("/"))
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _media_type(path)})

    def _find(self, name: str) -> Path:
        name = name.removeprefix(settings.STATIC_URL.lstrip("/"))
        for folder in (self._base, Path(settings.STATIC_ROOT)):
            path = folder and (folder / name).resolve()
            if folder and path and path.is_relative_to(folder.resolve()) and path.is_file():
                return path
        found = finders.find(name)
        if not isinstance(found, str):
            raise FatalURLFetchingError(f"no such static file: {name}")
        return Path(found)


def _media_type(path: Path) -> str:
    types = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png"}
    return types.get(path.suffix, "application/octet-stream")


def render(
    html: str,
    *,
    lang: str,
    title: str,
    tagged: bool,
    attachments: Sequence[Attachment],
    base: Path | None,
) -> Rendered:
    """As ``ecabinet.common.pdf.render``."""
    fetcher = _OwnFiles(base)
    try:
        document = weasyprint.HTML(string=html, base_url=STATIC_BASE, url_fetcher=fetcher).render(
            **({"pdf_variant": "pdf/a-3a"} if tagged else {})
        )
        document.metadata.title, document.metadata.lang = title, lang
        document.metadata.generator = "E-Cabinet"
        document.metadata.attachments = [_attached(each) for each in attachments]
        data = document.write_pdf(
            finisher=_claim_ua if tagged else None, **({"pdf_variant": "pdf/a-3a"} if tagged else {})
        )
    except FatalURLFetchingError as error:
        raise NotPrintable(str(error)) from None
    return Rendered(data, len(document.pages), _places(document.pages))


def _attached(attachment: Attachment) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        file_obj=BytesIO(attachment.data),
        name=attachment.name,
        description=attachment.description,
        relationship=attachment.relationship,
    )


def _claim_ua(_document: Any, pdf: Any) -> None:
    """Put the PDF/UA claim inside the RDF block that readers look at, and leave the XMP readable."""
    number = int(cast("bytes", pdf.catalog["Metadata"]).split()[0])
    metadata = pdf.objects[number]
    metadata.stream = [b"".join(metadata.stream).replace(b"</rdf:RDF>", _UA_CLAIM)]
    metadata.compress = False
    if "AF" in pdf.catalog:  # WeasyPrint lists an attachment twice
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _places(pages: Sequence[Any]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for number, page in enumerate(pages):
        for name, (x1, y1, x2, y2) in page.anchors.items():
            left, right = x1 * POINTS_PER_PIXEL, x2 * POINTS_PER_PIXEL
            top, bottom = (page.height - y1) * POINTS_PER_PIXEL, (page.height - y2) * POINTS_PER_PIXEL
            found.setdefault(name, Place(number, (left, bottom, right, top)))
    return found
