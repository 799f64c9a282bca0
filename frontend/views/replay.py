"""A sitting told again from its log, one event at a time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontend.queries.replay import replay
from frontend.views.meetings import readable_meeting, signed_in
from meetings.permissions import can_read_log


@require_safe
def meeting_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """The room after the event named by ``?seq=``; what is no number is the last one."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    if not can_read_log(user, meeting):
        raise Http404(_("The course of the meeting can be read once it is over."))
    asked = request.GET.get("seq", "")
    seq = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    return render(request, "frontend/replay.html", {"replay": replay(meeting, user, seq)})
