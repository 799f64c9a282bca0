"""Assignments in the portal: the list, one task with its history, giving tasks from a conclusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from frontend.forms import AssignmentForm, ExtensionForm
from frontend.queries.assignments import task_view, tasks_of, visible_tasks
from frontend.views.meetings import signed_in
from frontend.views.positions import readable_item
from meetings.actions import assignments as actions
from meetings.models import AgendaItem, Assignment
from meetings.permissions import can_run_desk


@require_safe
def assignments(request: HttpRequest) -> HttpResponse:
    """Everything the person may see, or with ``?own`` what their agency has to do."""
    tasks = tasks_of(signed_in(request), only_own="own" in request.GET)
    return render(request, "frontend/assignments.html", {"tasks": tasks})


@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    return _page(request, user, get_object_or_404(visible_tasks(user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give tasks from an item's conclusion, one after the other."""
    user = signed_in(request)
    item = readable_item(user, pk)
    if not can_run_desk(user, item.meeting):
        raise Http404(_("There is no such page for you."))
    form = AssignmentForm(request.POST or None, initial={"text": item.conclusion, "owner": item.sponsor_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign(actor=user, item=item, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return _assign_page(request, item, form, refusal.status)
        return redirect("assign", pk=item.pk)
    return _assign_page(request, item, form, 422 if request.method == "POST" else 200)


def _assign_page(request: HttpRequest, item: AgendaItem, form: AssignmentForm, status: int) -> HttpResponse:
    given = item.assignments.select_related("owner")
    context = {"item": item, "form": form, "given": given}
    return render(request, "frontend/assign.html", context, status=status)


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step of a task; what was typed comes back with a refusal."""
    user = signed_in(request)
    task = get_object_or_404(visible_tasks(user), pk=pk)
    step = STEPS.get(name)
    if step is None:
        raise Http404(_("There is no such page for you."))
    try:
        step(user, task, request.POST)
    except DomainError as refusal:
        return _page(request, user, task, refusal=refusal, step=name)
    return redirect("assignment", pk=task.pk)


def _report(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    actions.report(actor=user, assignment=task, text=typed.get("text", ""))


def _extend(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    form = ExtensionForm(typed)
    if not form.is_valid():
        raise DomainError("until_missing", _("Choose the new day and give a reason."))
    actions.ask_for_time(actor=user, assignment=task, **form.cleaned_data)


def _accept(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    actions.accept(actor=user, assignment=task, note=typed.get("note", ""))


def _send_back(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    actions.send_back(actor=user, assignment=task, note=typed.get("note", ""))


def _close(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    actions.close(actor=user, assignment=task, note=typed.get("note", ""))


def _grant(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    actions.answer_extension(actor=user, assignment=task, granted=True, note=typed.get("note", ""))


def _refuse(user: User, task: Assignment, typed: Mapping[str, str]) -> None:
    actions.answer_extension(actor=user, assignment=task, granted=False, note=typed.get("note", ""))


STEPS: Mapping[str, Callable[[User, Assignment, Mapping[str, str]], None]] = {
    "report": _report,
    "extend": _extend,
    "accept": _accept,
    "send-back": _send_back,
    "close": _close,
    "grant": _grant,
    "refuse": _refuse,
}


def _page(
    request: HttpRequest,
    user: User,
    task: Assignment,
    *,
    refusal: DomainError | None = None,
    step: str = "",
) -> HttpResponse:
    context = {
        "view": task_view(user, task),
        "refusal": refusal,
        "step": step,
        "typed": {name: str(text) for name, text in request.POST.items()},
    }
    status = refusal.status if refusal else 200
    return render(request, "frontend/assignment.html", context, status=status)
