"""Serving a stored file: ranges, conditions, names, and what never leaves the server's disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ecabinet.common import blobs
from ecabinet.common.errors import DomainError
from frontend.files import PIECE, Span, Unsatisfiable, parse_range, serve_blob

BODY = bytes(range(256)) * 8 + b"tail"
SIZE = len(BODY)


@pytest.fixture
def sha256(settings: Settings, tmp_path: Path) -> str:
    settings.BLOB_DIR = tmp_path / "blobs"
    settings.ACCEL_PREFIX = ""
    return blobs.put_bytes(BODY)


def ask(sha256: str, method: str = "GET", filename: str = "to-trinh.pdf", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/papers/1/file", headers=headers)
    return serve_blob(request, sha256, filename)


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_whole_file_is_private_and_named_by_its_content(sha256: str) -> None:
    response = ask(sha256)
    assert (response.status_code, body(response)) == (200, BODY)
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "application/pdf"
    assert response["ETag"] == f'"{sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, SIZE),
        ("bytes=-4", SIZE - 4, SIZE),
        ("bytes=-999999", 0, SIZE),
        ("bytes=2000-999999999999", 2000, SIZE),
        ("Bytes = 5-6 ", 5, 7),
        ("bytes=5-6,", 5, 7),
    ],
)
def test_one_range(sha256: str, asked: str, start: int, stop: int) -> None:
    response = ask(sha256, Range=asked)
    assert (response.status_code, body(response)) == (206, BODY[start:stop])
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert response["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0", "bytes=9999-,8888-"])
def test_range_outside_the_file(sha256: str, asked: str) -> None:
    response = ask(sha256, Range=asked)
    assert (response.status_code, body(response)) == (416, b"")
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=" + ",".join(["0-"] * 500),
        "pages=1-2",
        "bytes=9-3",
        "bytes=a-b",
        "bytes=",
        "bytes",
        "bytes=1-2-3",
        "bytes=٣-٤",
        "bytes=0-" + "9" * 40,
    ],
)
def test_odd_ranges_get_the_whole_file(sha256: str, asked: str) -> None:
    response = ask(sha256, Range=asked)
    assert (response.status_code, body(response)) == (200, BODY)


def test_if_range(sha256: str) -> None:
    assert ask(sha256, Range="bytes=0-1", **{"If-Range": f'"{sha256}"'}).status_code == 206
    for other in ('"old"', f'W/"{sha256}"', "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert ask(sha256, Range="bytes=0-1", **{"If-Range": other}).status_code == 200


@pytest.mark.parametrize("given_tag", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_unchanged_file_is_not_sent_again(sha256: str, given_tag: str) -> None:
    response = ask(sha256, **{"If-None-Match": given_tag.format(sha256)})
    assert (response.status_code, body(response)) == (304, b"")
    assert response["ETag"] == f'"{sha256}"'


def test_other_etag_gets_the_file(sha256: str) -> None:
    assert ask(sha256, **{"If-None-Match": '"other"'}).status_code == 200


def test_head_tells_the_size_and_sends_nothing(sha256: str) -> None:
    response = ask(sha256, "HEAD", Range="bytes=0-1")
    assert (response.status_code, body(response)) == (200, b"")
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_wrong_method(sha256: str, method: str) -> None:
    assert ask(sha256, method).status_code == 405


def test_vietnamese_name(sha256: str) -> None:
    response = ask(sha256, filename="Tờ trình số 5.pdf")
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''T%E1%BB%9D")


def test_name_cannot_break_the_header(sha256: str) -> None:
    response = ask(sha256, filename='a"\r\nSet-Cookie: x=1.pdf')
    assert "\n" not in response["Content-Disposition"]
    assert "Set-Cookie" not in response
    assert ask(sha256, filename="\r\n")["Content-Disposition"] == 'inline; filename="file"'


def test_download(sha256: str) -> None:
    request = RequestFactory().get("/")
    response = serve_blob(request, sha256, "a.zip", "application/zip", inline=False)
    assert response["Content-Disposition"] == 'attachment; filename="a.zip"'
    assert response["Content-Type"] == "application/zip"


def test_lost_file_is_a_sentence(sha256: str) -> None:
    with pytest.raises(DomainError) as refusal:
        ask("0" * 64)
    assert (refusal.value.code, refusal.value.status) == ("file_missing", 404)


def test_front_server_sends_the_bytes_when_told_so(settings: Settings, sha256: str) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    response = ask(sha256, Range="bytes=0-1")
    assert response["X-Accel-Redirect"] == f"/protected/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    assert (response.status_code, body(response)) == (200, b"")
    assert response["Cache-Control"] == "private, no-store"


async def test_event_loop_gets_the_file_in_pieces(settings: Settings, tmp_path: Path) -> None:
    settings.BLOB_DIR, settings.ACCEL_PREFIX = tmp_path, ""
    big = b"0123456789abcdef" * (PIECE // 8)
    response = ask(blobs.put_bytes(big), Range=f"bytes=7-{len(big) - 10}")
    pieces = [piece async for piece in response]
    assert b"".join(pieces) == big[7 : len(big) - 9]
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= PIECE


@given(first=st.integers(0, 300), last=st.integers(0, 300), size=st.integers(1, 200))
def test_a_span_is_never_empty_and_never_outside(first: int, last: int, size: int) -> None:
    try:
        span = parse_range(f"bytes={first}-{last}", size)
    except Unsatisfiable:
        assert first >= size
        return
    assert (span is None) == (last < first)
    assert span is None or (0 <= span.start < span.stop <= size and span.start == first)


@given(header=st.text(max_size=40), size=st.integers(0, 100))
def test_no_header_breaks_the_parser(header: str, size: int) -> None:
    try:
        span = parse_range(header, size)
    except Unsatisfiable:
        return
    assert span is None or span.length > 0


def test_suffix_of_an_empty_file() -> None:
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=-5", 0)
    assert parse_range("bytes=0-0", 1) == Span(0, 1)
