"""Plain forms of the programme: pull an item off the consent list, take no part in one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from frontend.views.meetings import readable_meeting, signed_in
from frontend.views.positions import readable_item
from meetings.actions import live
from meetings.models import AgendaItem


@require_POST
def pull(request: HttpRequest, pk: int) -> HttpResponse:
    """The item is discussed instead of adopted in the block."""
    user = signed_in(request)
    item = readable_item(user, pk)
    live.pull_item(actor=user, meeting_id=item.meeting_id, item_id=item.pk)
    return _back(item)


@require_POST
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """I take no part in the item."""
    user = signed_in(request)
    item = readable_item(user, pk)
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    live.declare_recusal(actor=user, meeting_id=item.meeting_id, item_id=item.pk, reason=reason, note=note)
    return _back(item)


@require_POST
def take_part_again(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    item = readable_item(user, pk)
    live.take_back_recusal(actor=user, meeting_id=item.meeting_id, item_id=item.pk)
    return _back(item)


@require_POST
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Where I shall be or am; with the reason and the substitute of who cannot come."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    live.set_presence(
        actor=user,
        meeting_id=meeting.pk,
        presence=request.POST.get("presence", ""),
        reason=request.POST.get("reason", ""),
        substitute=request.POST.get("substitute", ""),
    )
    return redirect("meeting", pk=meeting.pk)


def _back(item: AgendaItem) -> HttpResponse:
    return redirect(f"{reverse('meeting', args=[item.meeting_id])}#item-{item.pk}")
