"""Signed documents that wait for their last timestamp: numbers, reasons, and "try now"."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archive.queries import renewals
from ecabinet.accounts.models import User
from ecabinet.common import clock
from frontend.views.meetings import signed_in
from signing import actions
from signing.models import PendingTimestamp
from signing.permissions import can_see_timestamps


@dataclass(frozen=True)
class Row:
    """One waiting document; ``alarming`` when it waits too long or a certificate ends soon."""

    pending: PendingTimestamp
    alarming: bool


@require_safe
def timestamps(request: HttpRequest) -> HttpResponse:
    """Only numbers are shown: who may read a document is decided on its own page."""
    _allowed(request)
    alarming = set(PendingTimestamp.objects.alarming(clock.now()).values_list("pk", flat=True))
    rows = [Row(row, row.pk in alarming) for row in PendingTimestamp.objects.waiting()]
    return render(request, "frontend/timestamps.html", {"rows": rows, "renewals": renewals()})


@require_POST
def try_now(request: HttpRequest, pk: int) -> HttpResponse:
    user = _allowed(request)
    row = get_object_or_404(PendingTimestamp, pk=pk)
    if row.done_at is None:
        actions.try_now(actor=user, pending_id=row.pk)
    return redirect("timestamps")


def _allowed(request: HttpRequest) -> User:
    user = signed_in(request)
    if not can_see_timestamps(user):
        raise Http404(_("There is no such page for you."))
    return user
