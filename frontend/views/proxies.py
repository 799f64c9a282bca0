"""A member gives the own vote for one meeting to another, or takes it back; works without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ecabinet.common.errors import DomainError
from frontend.queries.proxies import own_proxy
from frontend.views.meetings import readable_meeting, signed_in
from meetings.actions import live


@require_POST
def proxy(request: HttpRequest, pk: int) -> HttpResponse:
    """Give (``acting``: a membership) or, with ``end`` (a proxy), take back."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    try:
        if request.POST.get("end"):
            live.revoke_proxy(actor=user, meeting_id=pk, proxy_id=_number(request, "end"))
        else:
            live.give_proxy(actor=user, meeting_id=pk, acting=_number(request, "acting"))
    except DomainError as refusal:
        context = {"meeting": meeting, "proxy": own_proxy(user, meeting), "refusal": refusal}
        return render(request, "frontend/meeting_proxy_page.html", context, status=refusal.status)
    return HttpResponseRedirect(f"{reverse('meeting', args=[pk])}#proxy")


def _number(request: HttpRequest, name: str) -> int:
    """What was sent, or 0, which is nobody's number and is refused in words."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
