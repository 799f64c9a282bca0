"""The way of an outcome: prepared for signature, then watched until it is in the archive."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archive.rules import safe_name
from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from frontend.files import serve_blob
from frontend.forms import DecisionForm, RevisionForm
from frontend.queries.decision_steps import steps_of
from frontend.views.meetings import signed_in
from frontend.views.positions import readable_item
from meetings.actions import decisions
from meetings.actions.appendices import Appendix, take_in
from meetings.enums import UNSIGNED, DecisionState, DecisionType
from meetings.models import AgendaItem
from meetings.permissions import can_prepare, can_run_desk
from meetings.queries.decisions import (
    amendments_of,
    basis_of,
    decision_on,
    suggested_content,
    visible_decisions,
)
from signing.queries import waiting_timestamp


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Words of the decision on an adopted item; sending them reserves the number and starts the way."""
    user = signed_in(request)
    item = _desk_item(user, pk)
    basis = basis_of(item)
    made = decision_on(basis) if basis else None
    if made is not None:
        return redirect("decision", pk=made.pk)
    form = DecisionForm(request.POST or None, initial=None if request.POST else _suggested(item))
    if request.method == "POST" and form.is_valid():
        return _prepared(request, user, item, form)
    status = 422 if request.method == "POST" else 200
    context = {"item": item, "form": form, "basis": basis, "amendments": amendments_of(item)}
    return render(request, "frontend/decision_prepare.html", context, status=status)


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the decision stands; the steps alone when htmx asks for news."""
    user = signed_in(request)
    found = get_object_or_404(visible_decisions(user), pk=pk)
    meeting = found.item.meeting
    context = {
        "decision": found,
        "steps": steps_of(found),
        "waiting": waiting_timestamp(f"decision:{found.pk}") if found.timestamp_pending else None,
        # Also while the signer has it: the page shows the signature as it happens.
        "moving": found.state not in (*UNSIGNED, DecisionState.ARCHIVED),
        "may_revise": found.state == DecisionState.RETURNED and can_run_desk(user, meeting),
        "may_prepare": found.state == DecisionState.REFUSED and can_prepare(user, meeting.body),
    }
    part = "decision_steps" if request.headers.get("HX-Request") else "decision"
    return render(request, f"frontend/{part}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """New words, and appendices, for a decision that came back unsigned."""
    user = signed_in(request)
    found = get_object_or_404(visible_decisions(user), pk=pk)
    names = ("abstract", "abstract_en", "content")
    drop = [int(value) for value in request.POST.getlist("drop") if value.isdecimal()]
    form = RevisionForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            added = [_taken(user, found.item, each) for each in request.FILES.getlist("appendices")]
            decisions.revise(actor=user, decision=found, drop=drop, appendices=added, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("decision", pk=found.pk)
    status = 422 if request.method == "POST" else 200
    context = {"decision": found, "item": found.item, "form": form, "drop": drop}
    return render(request, "frontend/decision_revise.html", context, status=status)


@require_safe
def decision_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it stands: printed, signed or sealed."""
    found = get_object_or_404(visible_decisions(signed_in(request)), pk=pk)
    newest = found.sealed_sha256 or found.signed_sha256 or found.rendered_sha256
    if not newest:
        raise Http404(_("The decision is still being printed."))
    return serve_blob(request, newest, f"{safe_name(found.notation)}.pdf")


def _desk_item(user: User, pk: int) -> AgendaItem:
    item = readable_item(user, pk)
    if not can_run_desk(user, item.meeting):
        raise Http404(_("There is no such page for you."))
    return item


def _suggested(item: AgendaItem) -> dict[str, object]:
    return {
        "type": DecisionType.RESOLUTION,
        "abstract": item.title,
        "abstract_en": item.title_en,
        "content": suggested_content(item),
    }


def _prepared(request: HttpRequest, user: User, item: AgendaItem, form: DecisionForm) -> HttpResponse:
    words = {**form.cleaned_data, "type": DecisionType(form.cleaned_data["type"])}
    try:
        taken = [_taken(user, item, each) for each in request.FILES.getlist("appendices")]
        made = decisions.prepare(actor=user, item=item, appendices=taken, **words)
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        context = {
            "item": item,
            "form": form,
            "basis": basis_of(item),
            "amendments": amendments_of(item),
        }
        return render(request, "frontend/decision_prepare.html", context, status=refusal.status)
    return redirect("decision", pk=made.pk)


def _taken(user: User, item: AgendaItem, upload: UploadedFile[bytes]) -> Appendix:
    """A posted appendix, on disk for as long as it is examined."""
    with NamedTemporaryFile(prefix="appendix-", suffix=".pdf") as copy:
        for piece in upload.chunks():
            copy.write(piece)
        copy.flush()
        return take_in(actor=user, item=item, path=Path(copy.name), filename=upload.name or "")
