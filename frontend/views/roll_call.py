"""The roll call when the network is gone: one page to print, to fill in and to confirm."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from frontend.queries.roll_call import from_field, sheet
from frontend.views.meetings import signed_in
from frontend.views.positions import readable_item
from meetings.actions import live
from meetings.models import AgendaItem
from meetings.permissions import can_run_desk

PREFIX = "answer-"


@require_http_methods(["GET", "HEAD", "POST"])
def roll_call(request: HttpRequest, pk: int) -> HttpResponse:
    """``?edit`` opens what was entered to be changed; a refusal brings back what was typed."""
    user = signed_in(request)
    item = readable_item(user, pk)
    if not can_run_desk(user, item.meeting):
        raise Http404(_("There is no such page for you."))
    if request.method != "POST":
        return _page(request, item, user, edit="edit" in request.GET)
    deed = request.POST.get("deed", "")
    try:
        _DEEDS.get(deed, _enter)(request, item, user)
    except DomainError as refusal:
        return _page(request, item, user, edit=deed == "enter", refusal=refusal)
    return redirect("roll-call", pk=item.pk)


def _enter(request: HttpRequest, item: AgendaItem, user: User) -> None:
    held_at = from_field(request.POST.get("held_at", ""))
    if held_at is None:
        raise DomainError("held_missing", _("Enter date and time at which the roll was called."), 422)
    marks = {
        name.removeprefix(PREFIX): answer for name, answer in request.POST.items() if name.startswith(PREFIX)
    }
    live.enter_roll_call(
        actor=user,
        meeting_id=item.meeting_id,
        item_id=item.pk,
        answers={int(pk): str(answer) for pk, answer in marks.items() if pk.isdecimal()},
        held_at=held_at,
        question=request.POST.get("question", ""),
        question_en=request.POST.get("question_en", ""),
    )


def _confirm(request: HttpRequest, item: AgendaItem, user: User) -> None:
    digest = request.POST.get("digest", "")
    live.confirm_roll_call(actor=user, meeting_id=item.meeting_id, item_id=item.pk, digest=digest)


def _discard(request: HttpRequest, item: AgendaItem, user: User) -> None:
    live.discard_roll_call(actor=user, meeting_id=item.meeting_id, item_id=item.pk)


_DEEDS: dict[str, Callable[[HttpRequest, AgendaItem, User], None]] = {
    "enter": _enter,
    "confirm": _confirm,
    "discard": _discard,
}


def _page(
    request: HttpRequest, item: AgendaItem, user: User, *, edit: bool, refusal: DomainError | None = None
) -> HttpResponse:
    typed = (
        {"question": "", "question_en": "", "held_at": "", **request.POST.dict()}
        if refusal and edit
        else None
    )
    shown = sheet(item, user, typed)
    context = {"sheet": shown, "refusal": refusal, "edit": edit or shown.pending is None}
    return render(request, "frontend/roll_call.html", context, status=refusal.status if refusal else 200)
