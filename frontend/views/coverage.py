"""How far certificates have come, agency by agency."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecabinet.accounts.models import User
from ecabinet.common import clock
from frontend.views.meetings import signed_in
from signing.permissions import enters_register, governed_agencies, sees_all_agencies
from signing.queries.coverage import Coverage, coverage


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/coverage.html", {"coverage": _figures(signed_in(request))})


@require_safe
def coverage_csv(request: HttpRequest) -> HttpResponse:
    """The table for spreadsheets: UTF-8 with a mark."""
    figures = _figures(signed_in(request))
    name = f'attachment; filename="certificates-{clock.today().isoformat()}.csv"'
    answer = HttpResponse(
        "\ufeff", content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )
    csv.writer(answer).writerows(_lines(figures))
    return answer


def _figures(user: User) -> Coverage:
    """All agencies for who oversees them all, else those delegated to the person."""
    if not enters_register(user):
        raise Http404(_("There is no such page for you."))
    return coverage(None if sees_all_agencies(user) else governed_agencies(user))


def _lines(figures: Coverage) -> Iterator[list[str | int]]:
    yield [
        _("Code"),
        _("Agency"),
        _("Kind"),
        _("Seal"),
        _("Leaders with a certificate"),
        _("Leaders"),
        _("Ending within 60 days"),
        _("Signed this year"),
        _("Received for signature this year"),
    ]
    for row in figures.rows:
        agency = row.agency
        seal = _("yes") if row.seal else _("no")
        names = [agency.code, _cell(str(agency)), str(agency.get_kind_display()), seal]
        counts = [row.leaders.done, row.leaders.total, row.ending, row.signed.done, row.signed.total]
        yield [*names, *counts]


def _cell(text: str) -> str:
    """A name that a spreadsheet would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
