"""Minutes in the portal: read, worded, circulated, remarked on, approved; the file and extracts of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive.rules import safe_name
from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from frontend.files import serve_blob
from frontend.queries.minutes import editing, minutes_view
from frontend.views.meetings import readable_meeting, signed_in
from meetings.actions import minutes as actions
from meetings.enums import OPEN_MINUTES
from meetings.models import AgendaItem, Meeting, Minutes
from meetings.permissions import can_prepare
from meetings.queries.minutes import visible_minutes


@require_safe
def meeting_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of a meeting; for the secretariat also before there are any."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    found = visible_minutes(user).filter(meeting=meeting).first()
    if found is None and not can_prepare(user, meeting.body):
        raise Http404(_("There are no minutes of this meeting yet."))
    return _page(request, user, meeting, found)


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the minutes of a meeting that is over."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    try:
        made = actions.draft(actor=user, meeting=meeting)
    except DomainError as refusal:
        return _page(request, user, meeting, None, refusal=refusal)
    return redirect("minutes-edit", pk=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretariat's words around the facts. What was typed comes back with a refusal."""
    user, found = _readable(request, pk)
    if not can_prepare(user, found.meeting.body):
        raise Http404(_("There is no such page for you."))
    if request.method != "POST":
        return _form(request, found)
    typed = {name: str(text) for name, text in request.POST.items()}
    items = {name.removeprefix("item-"): text for name, text in typed.items() if _is_item(name)}
    words = {"opening": typed.get("opening", ""), "closing": typed.get("closing", ""), "items": items}
    try:
        actions.write(actor=user, minutes=found, prose=words, seen=typed.get("seen", ""))
    except DomainError as refusal:
        found.refresh_from_db()
        return _form(request, found, refusal=refusal, typed=typed)
    return redirect("minutes", pk=found.meeting_id)


def _is_item(name: str) -> bool:
    number = name.removeprefix("item-")
    return name != number and number.isascii() and number.isdecimal()


def _form(
    request: HttpRequest,
    found: Minutes,
    *,
    refusal: DomainError | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    if refusal is None and found.state not in OPEN_MINUTES:
        return redirect("minutes", pk=found.meeting_id)
    context = {"editing": editing(found, typed), "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "frontend/minutes_edit.html", context, status=status)


@require_POST
def circulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze facts and words as a version and put it before the members."""

    def act(user: User, found: Minutes) -> None:
        actions.circulate(actor=user, minutes=found, until=_day(request.POST.get("until", "")))

    return _act(request, pk, act)


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise DomainError("until_missing", _("Choose the last day for comments."))
    return day


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's remark on one item, or on the whole."""
    item = _number(request.POST.get("item", ""))

    def act(user: User, found: Minutes) -> None:
        actions.comment(actor=user, minutes=found, text=request.POST.get("text", ""), item_id=item)

    return _act(request, pk, act, part=f"item-{item}" if item else "whole")


@require_POST
def agenda_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the item of a later meeting whose adoption approves the minutes; none takes it off."""
    chosen = _number(request.POST.get("item", ""))

    def act(user: User, found: Minutes) -> None:
        item = get_object_or_404(AgendaItem, pk=chosen) if chosen is not None else None
        actions.put_on_agenda(actor=user, minutes=found, item=item)

    return _act(request, pk, act)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair approves, where the body lets the chair do so."""

    def act(user: User, found: Minutes) -> None:
        actions.approve(actor=user, minutes=found)

    return _act(request, pk, act)


@require_safe
def minutes_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it stands: printed, signed or sealed."""
    _user, found = _readable(request, pk)
    if not found.newest_file:
        raise Http404(_("These minutes are not printed yet."))
    return serve_blob(request, found.newest_file, f"{safe_name(found.notation)}.pdf")


@require_safe
def extract(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One item of the circulated minutes as a PDF, always in the State's language."""
    from meetings.minutes_files import extract as printed
    from meetings.minutes_files import text_of

    _user, found = _readable(request, pk)
    if found.current is None:
        raise Http404(_("These minutes are not circulated yet."))
    with override("vi"):
        rows = {row.item: row for row in text_of(found).items}
        if item not in rows:
            raise Http404(_("These minutes have no such item."))
        pdf = printed(found, rows[item])
    name = f'inline; filename="minutes-{found.meeting_id}-{rows[item].number}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def _readable(request: HttpRequest, pk: int) -> tuple[User, Minutes]:
    user = signed_in(request)
    return user, get_object_or_404(visible_minutes(user), pk=pk)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _act(
    request: HttpRequest, pk: int, act: Callable[[User, Minutes], None], *, part: str = ""
) -> HttpResponse:
    """Do it and go back to the page, or show the page with the refusal and what was typed."""
    user, found = _readable(request, pk)
    try:
        act(user, found)
    except DomainError as refusal:
        return _page(request, user, found.meeting, found, refusal=refusal, part=part)
    address = reverse("minutes", args=[found.meeting_id])
    return redirect(f"{address}#{part}" if part else address)


def _page(
    request: HttpRequest,
    user: User,
    meeting: Meeting,
    found: Minutes | None,
    *,
    refusal: DomainError | None = None,
    part: str = "",
) -> HttpResponse:
    context = {
        "view": minutes_view(user, meeting, found),
        "refusal": refusal,
        "refused_part": part,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "frontend/minutes.html", context, status=refusal.status if refusal else 200)
