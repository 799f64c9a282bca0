"""The programme as one member would see it, for the secretariat's preview frame."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from frontend.queries.agenda import agenda
from frontend.views.meetings import signed_in
from meetings.enums import Stance
from meetings.models import Meeting
from meetings.queries.readiness import recipients_of


@require_safe
def meeting_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """``?member=<membership id>``: the agenda as it stands, undistributed. 404 for all but preparers."""
    meetings = Meeting.objects.prepared_by(signed_in(request)).select_related("body")
    meeting: Meeting = get_object_or_404(meetings, pk=pk)
    chosen = next((m for m in recipients_of(meeting) if str(m.pk) == request.GET.get("member")), None)
    if chosen is None:
        raise Http404
    page = agenda(meeting, chosen.user, preview=True)
    context = {"agenda": page, "programme": page.programme, "stances": Stance.choices, "preview": True}
    return render(request, "frontend/meeting_preview.html", context)
