"""The list of meetings and the programme of one, on screen, on paper and as a booklet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ecabinet.accounts.models import User
from ecabinet.common.pdf import render_pdf
from frontend.queries.agenda import agenda
from frontend.queries.meetings import listing
from frontend.queries.proxies import own_proxy
from meetings.enums import Stance
from meetings.models import Meeting


def signed_in(request: HttpRequest) -> User:
    """The person asking; the access middleware has sent everybody else to the sign-in page."""
    if not isinstance(request.user, User):
        raise TypeError("this view needs a person who is signed in")
    return request.user


def readable_meeting(user: User, pk: int) -> Meeting:
    """The meeting, or 404 when it does not exist or is not this person's to read."""
    meetings = Meeting.objects.visible_to(user).select_related("body")
    meeting: Meeting = get_object_or_404(meetings, pk=pk)
    return meeting


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/meetings.html", {"listing": listing(signed_in(request))})


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    page = agenda(readable_meeting(user, pk), user)
    context = {
        "agenda": page,
        "programme": page.programme,
        "stances": Stance.choices,
        "proxy": own_proxy(user, page.meeting),
    }
    return render(request, "frontend/meeting.html", context)


@require_safe
def booklet(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme as a PDF to print or to keep: PDF/A-3a and PDF/UA-1."""
    user = signed_in(request)
    page = agenda(readable_meeting(user, pk), user)
    context = {"agenda": page, "programme": page.programme, "language": get_language()}
    html = render_to_string("frontend/meeting_booklet.html", context, request)
    pdf = render_pdf(html, lang=get_language() or "vi", title=str(page.meeting))
    name = f'inline; filename="meeting-{page.meeting.pk}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})
