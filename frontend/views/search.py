"""The archive's one box: pages that answer, and the same as a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecabinet.accounts.tokens import tokens_of
from ecabinet.common.clock import today
from ecabinet.common.errors import DomainError
from frontend.queries.search import Asked, inside_page, read_asked, search_page, table
from frontend.views.meetings import signed_in

# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One page of results; with ``inside`` all pages of one record. Without words, the newest records."""
    asked = read_asked(request.GET)
    tokens = tokens_of(signed_in(request))
    try:
        if asked.inside:
            row = inside_page(asked, tokens)
            return render(request, "frontend/search_inside.html", {"asked": asked, "row": row})
        return render(request, "frontend/search.html", {"found": search_page(asked, tokens), "asked": asked})
    except DomainError as error:
        return _without_answer(request, asked, error)


@require_safe
def search_csv(request: HttpRequest) -> HttpResponseBase:
    """All results as a table that spreadsheets open: UTF-8 with a mark, at most 5,000 rows."""
    asked = read_asked(request.GET)
    rows = table(asked, tokens_of(signed_in(request)))
    heading = next(rows)
    try:
        first = next(rows, None)  # an engine that is down must answer before the file has begun
    except DomainError as error:
        return _without_answer(request, asked, error)
    name = f'attachment; filename="search-{today().isoformat()}.csv"'
    lines, kind = _lines(heading, first, rows), "text/csv; charset=utf-8"
    return StreamingHttpResponse(lines, content_type=kind, headers={"Content-Disposition": name})


def _without_answer(request: HttpRequest, asked: Asked, error: DomainError) -> HttpResponse:
    """The box with what was typed, and the sentence under it."""
    context = {"asked": asked, "error": error}
    return render(request, "frontend/search.html", context, status=error.status)


class _Line:
    """Gives back what is written, for a csv.writer that streams."""

    def write(self, text: str) -> str:
        return text


def _lines(heading: list[str], first: list[str] | None, rest: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(heading)
    if first:
        yield writer.writerow(map(_cell, first))
        yield from (writer.writerow(map(_cell, row)) for row in rest)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
