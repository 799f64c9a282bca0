"""A member's position on an item before the meeting: a plain form, quicker with htmx."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from frontend.queries.agenda import Row, agenda
from frontend.views.meetings import readable_meeting, signed_in
from meetings.actions.positions import state_position
from meetings.enums import Stance
from meetings.models import AgendaItem


@require_http_methods(["GET", "HEAD", "POST"])
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one item alone, and where it is sent to. What was typed comes back with a refusal."""
    user = signed_in(request)
    item = readable_item(user, pk)
    if request.method != "POST":
        return _page(request, item, user)
    typed = {"stance": request.POST.get("stance", ""), "comment": request.POST.get("comment", "")}
    try:
        state_position(actor=user, item=item, stance=_stance(typed["stance"]), comment=typed["comment"])
    except DomainError as refusal:
        return _page(request, item, user, refusal=refusal, typed=typed, status=refusal.status)
    if request.headers.get("HX-Request"):
        return _page(request, item, user, saved=True)
    return redirect(f"{reverse('meeting', args=[item.meeting_id])}#item-{item.pk}")


def readable_item(user: User, pk: int) -> AgendaItem:
    """The item, or 404 when its meeting is not this person's to read."""
    item: AgendaItem = get_object_or_404(AgendaItem.objects.select_related("meeting__body"), pk=pk)
    readable_meeting(user, item.meeting_id)
    return item


def _stance(value: str) -> Stance:
    # An unknown word goes on as it is: the action refuses it in a sentence.
    return Stance(value) if value in Stance.values else value  # type: ignore[return-value]  # refused there


def _page(
    request: HttpRequest,
    item: AgendaItem,
    user: User,
    *,
    refusal: DomainError | None = None,
    typed: dict[str, str] | None = None,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    template = "position_form" if request.headers.get("HX-Request") else "position"
    row = _row(item, user)
    context = {
        "row": row,
        "stances": Stance.choices,
        "refusal": refusal,
        "typed": typed or _typed(row),
        "saved": saved,
        "open": refusal is not None or template == "position",
    }
    return render(request, f"frontend/meeting_{template}.html", context, status=status)


def _row(item: AgendaItem, user: User) -> Row:
    page = agenda(item.meeting, user)
    return next(row for row in page.rows if row.entry.item.pk == item.pk)


def _typed(row: Row) -> dict[str, str]:
    own = row.entry.position
    return {"stance": own.stance, "comment": own.comment} if own else {"stance": "", "comment": ""}
