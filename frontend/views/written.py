"""Written ballots: a list, a page for member and secretariat, and the forms on it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecabinet.accounts.models import User
from ecabinet.accounts.stepup import require_step_up
from ecabinet.common.errors import DomainError
from frontend.forms import WrittenForm
from frontend.queries.written import Page, listing, page, readable
from frontend.views.meetings import signed_in
from meetings.actions import written as actions
from meetings.enums import WrittenState
from meetings.models import Meeting, WrittenBallot
from meetings.permissions import can_prepare, prepares_anything
from meetings.rules.written import Opinion

EMPTY_ROWS = 2  # to write opinions in, beside those already there


@require_safe
def written_list(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/written_list.html", {"listing": listing(signed_in(request))})


@require_safe
def written(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    return _page(request, page(_ballot(user, pk), user))


@require_http_methods(["GET", "HEAD", "POST"])
def written_new(request: HttpRequest) -> HttpResponse:
    """A new draft, for who prepares the papers of a body."""
    user = signed_in(request)
    if not prepares_anything(user):
        raise Http404(_("There is no such page for you."))
    return _edit(request, user, WrittenBallot())


@require_http_methods(["GET", "HEAD", "POST"])
def written_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    ballot = _prepared(user, pk)
    if ballot.state != WrittenState.DRAFT:
        return redirect("written", pk=ballot.pk)
    return _edit(request, user, ballot)


@require_POST
def written_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the members: nothing can be changed afterwards."""
    user = signed_in(request)
    return _command(request, user, _prepared(user, pk), actions.open_written)


@require_POST
def written_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    reason = request.POST.get("reason", "")
    return _command(request, user, _prepared(user, pk), actions.cancel_written, reason=reason)


@require_POST
def written_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the matter on the agenda of the chosen meeting; the agenda comes next."""
    user = signed_in(request)
    ballot = _prepared(user, pk)
    given = request.POST.get("meeting", "")
    meeting = get_object_or_404(Meeting.objects.prepared_by(user), pk=int(given) if given.isdecimal() else 0)
    try:
        actions.move_to_agenda(actor=user, written=ballot, meeting=meeting)
    except DomainError as refusal:
        return _page(request, page(ballot, user), refusal=refusal)
    return redirect("meetings_board", pk=meeting.pk)


@require_POST
@require_step_up
def written_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's answer. What was typed comes back with a refusal."""
    user = signed_in(request)
    ballot = _ballot(user, pk)
    typed = _typed(request)
    try:
        actions.answer(actor=user, written=ballot, **typed)
    except DomainError as refusal:
        return _page(request, page(ballot, user), refusal=refusal, typed=typed)
    return redirect("written", pk=ballot.pk)


def _ballot(user: User, pk: int) -> WrittenBallot:
    """The ballot, or 404 when it does not exist or is not this person's to read."""
    found: WrittenBallot = get_object_or_404(readable(user), pk=pk)
    return found


def _prepared(user: User, pk: int) -> WrittenBallot:
    ballot = _ballot(user, pk)
    if not can_prepare(user, ballot.body):
        raise Http404(_("There is no such page for you."))
    return ballot


def _typed(request: HttpRequest) -> dict[str, Any]:
    rows = zip(request.POST.getlist("clause"), request.POST.getlist("opinion"), strict=False)
    return {
        "choice": request.POST.get("choice", ""),
        "comment": request.POST.get("comment", ""),
        "key": request.POST.get("key", ""),
        "opinions": [Opinion(clause, text) for clause, text in rows],
    }


def _said(shown: Page) -> dict[str, Any]:
    """The reader's newest answer as the form starts from it."""
    ballot = shown.own.ballot if shown.own else None
    answer = shown.own.answer if shown.own else None
    return {
        "choice": ballot.choice if ballot else "",
        "comment": ballot.comment if ballot else "",
        "opinions": [Opinion(**row) for row in answer.opinions] if answer else [],
    }


def _page(
    request: HttpRequest,
    shown: Page,
    *,
    refusal: DomainError | None = None,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    said = typed or _said(shown)
    context = {
        "page": shown,
        "written": shown.written,
        "refusal": refusal,
        "said": said,
        "rows": [*said["opinions"], *[Opinion("", "")] * EMPTY_ROWS],
        "reason": request.POST.get("reason", ""),
        # A refused ballot was not counted, so that its key is still to be used.
        "key": said.get("key") or uuid4().hex,
    }
    return render(request, "frontend/written.html", context, status=refusal.status if refusal else 200)


def _command(
    request: HttpRequest, user: User, ballot: WrittenBallot, command: Any, **words: str
) -> HttpResponse:
    try:
        command(actor=user, written=ballot, **words)
    except DomainError as refusal:
        return _page(request, page(ballot, user), refusal=refusal)
    return redirect("written", pk=ballot.pk)


def _edit(request: HttpRequest, user: User, ballot: WrittenBallot) -> HttpResponse:
    form = WrittenForm(request.POST or None, instance=ballot, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_written(actor=user, written=form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("written", pk=saved.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/written_form.html", {"form": form, "written": ballot}, status=status)
