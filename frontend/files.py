"""Serving stored files: ranges, conditions and privacy, without loading a file into memory.

RFC 9110 chapters 13 (conditions) and 14 (ranges). A file is addressed by its content, so its
strong ETag is its SHA-256 and it has no other version.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _

from ecabinet.common import blobs
from ecabinet.common.errors import DomainError

PIECE = 256 * 1024
# One range of a Range header: "0-99", "100-" or "-500" (the last 500 bytes).
RANGE = re.compile(r"\s*(?:(?P<first>\d{1,19})-(?P<last>\d{0,19})|-(?P<suffix>\d{1,19}))\s*\Z", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Span:
    """Bytes ``start`` to ``stop`` of a file, ``stop`` excluded."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start


class Unsatisfiable(Exception):
    """No byte of the file lies in the range that was asked for."""


def parse_range(header: str, size: int) -> Span | None:
    """The one span a Range header asks for; None means: send the whole file.

    Several ranges, another unit or a malformed header are answered with the whole file, which
    RFC 9110 §14.2 allows and which no crafted header can blow up. Raises ``Unsatisfiable``
    when every range lies outside the file.
    """
    unit, _sign, value = header.partition("=")
    if unit.strip().lower() != "bytes":
        return None
    matches = [RANGE.match(part) for part in value.split(",") if part.strip()]
    if not matches or not all(matches):
        return None
    try:
        spans = [_span(match, size) for match in matches if match]
    except ValueError:
        return None
    satisfiable = [span for span in spans if span]
    if not satisfiable:
        raise Unsatisfiable
    return satisfiable[0] if len(spans) == 1 else None


def _span(match: re.Match[str], size: int) -> Span | None:
    """The part of one range inside the file; None if there is none, ValueError if it runs backwards."""
    if match["suffix"] is not None:
        length = min(int(match["suffix"]), size)
        return Span(size - length, size) if length else None
    first = int(match["first"])
    last = int(match["last"]) if match["last"] else size - 1
    if match["last"] and last < first:
        raise ValueError("a range that runs backwards")
    return Span(first, min(last + 1, size)) if first < size else None


class BlobResponse(StreamingHttpResponse):
    """A span of a file, read piece by piece, by the event loop's side threads under ASGI."""

    def __init__(self, path: Path, span: Span, **options: object) -> None:
        self.path, self.span = path, span
        super().__init__(_pieces(path, span), **options)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        source = await asyncio.to_thread(_open_at, self.path, self.span.start)
        left = self.span.length
        try:
            while left and (piece := await asyncio.to_thread(source.read, min(PIECE, left))):
                left -= len(piece)
                yield piece
        finally:
            await asyncio.to_thread(source.close)


def _open_at(path: Path, start: int) -> IO[bytes]:
    source = path.open("rb")
    source.seek(start)
    return source


def _pieces(path: Path, span: Span) -> Iterator[bytes]:
    left = span.length
    with _open_at(path, span.start) as source:
        while left and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def serve_blob(
    request: HttpRequest,
    sha256: str,
    filename: str,
    content_type: str = "application/pdf",
    *,
    inline: bool = True,
) -> HttpResponseBase:
    """Answer with the stored file, or with the part of it that was asked for.

    The caller has already decided that this person may see it. Gives 200, 206, 304 or 416;
    405 for anything but GET and HEAD. Raises ``DomainError`` ``file_missing`` (404) when the
    store has lost the file. With ``ECABINET_ACCEL_PREFIX`` the front server sends the bytes.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    path, etag = _existing(sha256), f'"{sha256}"'
    if _matches(request.headers.get("If-None-Match", ""), etag):
        response: HttpResponseBase = HttpResponse(status=304)
    elif settings.ACCEL_PREFIX:
        response = _hand_over(sha256, content_type)
    else:
        response = _answer(request, path, etag, content_type)
    return _label(response, etag, filename, inline=inline)


def _existing(sha256: str) -> Path:
    path = blobs.path_of(sha256)
    if not path.is_file():
        raise DomainError(
            "file_missing", _("This file is not in the store. Please tell the secretariat."), 404
        )
    return path


def _matches(header: str, etag: str) -> bool:
    """Whether If-None-Match names this file; the comparison is weak (RFC 9110 §13.1.2)."""
    given = [tag.removeprefix("W/") for tag in parse_etags(header)] if header else []
    return "*" in given or etag in given


def _answer(request: HttpRequest, path: Path, etag: str, content_type: str) -> HttpResponseBase:
    size = path.stat().st_size
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers={"Content-Length": str(size)})
    try:
        span = _wanted(request, etag, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if span is None:
        return _send(path, Span(0, size), content_type, 200)
    response = _send(path, span, content_type, 206)
    response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return response


def _wanted(request: HttpRequest, etag: str, size: int) -> Span | None:
    """The span asked for. If-Range with anything but this very ETag means the whole file."""
    header = request.headers.get("Range", "")
    if not header or request.headers.get("If-Range", etag).strip() != etag:
        return None
    return parse_range(header, size)


def _send(path: Path, span: Span, content_type: str, status: int) -> HttpResponseBase:
    response = BlobResponse(path, span, content_type=content_type, status=status)
    response["Content-Length"] = str(span.length)
    return response


def _hand_over(sha256: str, content_type: str) -> HttpResponseBase:
    address = f"{settings.ACCEL_PREFIX.rstrip('/')}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": address})


def _label(response: HttpResponseBase, etag: str, filename: str, *, inline: bool) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    name = CONTROL.sub(" ", filename).strip() or "file"
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "inline"
    return response
