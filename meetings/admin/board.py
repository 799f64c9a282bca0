"""The agenda board: order, minutes, checks, preview and distribution of one meeting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from meetings.actions import agenda, distribution
from meetings.admin.forms import DistributeForm, MinutesForm, OrderForm
from meetings.models import AgendaItem, Meeting
from meetings.queries.board import board, news
from meetings.queries.programme import newest_versions
from meetings.queries.readiness import agenda_of, recipients_of


def person(request: HttpRequest) -> User:
    """Who is asking; Wagtail has sent strangers away."""
    if not isinstance(request.user, User):
        raise TypeError("this view needs a person who is signed in")
    return request.user


def prepared_meeting(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, or 404 when the person does not prepare it."""
    meetings = Meeting.objects.prepared_by(person(request)).select_related("body")
    meeting: Meeting = get_object_or_404(meetings, pk=pk)
    return meeting


class MeetingPage(WagtailAdminTemplateMixin):
    """A page of one meeting, with the way back to it."""

    request: HttpRequest
    kwargs: dict[str, Any]
    header_icon = "calendar-alt"
    leaf: Any = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.meeting = prepared_meeting(request, kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        trail = [
            {"url": reverse("meetings:index"), "label": _("Meetings")},
            {"url": reverse("meetings_board", args=[self.meeting.pk]), "label": str(self.meeting)},
        ]
        return [*trail, {"url": "", "label": self.leaf}] if self.leaf else trail

    def get_page_title(self) -> str:
        return str(self.leaf or self.meeting)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "meeting": self.meeting}


class BoardView(MeetingPage, TemplateView):
    template_name = "meetings_admin/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "board": board(self.meeting)}


def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a whole order, as dragged."""
    meeting = prepared_meeting(request, pk)
    if request.method != "POST":
        return redirect("meetings_board", pk)  # back from signing in again
    form = OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The order cannot be read. Load the page again."))
        return redirect("meetings_board", pk)
    ids, seen = form.cleaned_data["ids"], form.cleaned_data["seen"]
    return _act(
        request, pk, lambda: agenda.reorder(actor=person(request), meeting=meeting, ids=ids, seen=seen)
    )


def _set_minutes(request: HttpRequest, item: AgendaItem) -> None:
    form = MinutesForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
    agenda.set_minutes(actor=person(request), item=item, minutes=minutes)


COMMANDS: dict[str, Callable[[HttpRequest, AgendaItem], object]] = {
    "up": lambda request, item: agenda.move(actor=person(request), item=item, steps=-1),
    "down": lambda request, item: agenda.move(actor=person(request), item=item, steps=1),
    "minutes": _set_minutes,
    "postpone": lambda request, item: agenda.postpone_item(actor=person(request), item=item),
    "restore": lambda request, item: agenda.restore_item(actor=person(request), item=item),
    "remove": lambda request, item: agenda.remove_item(actor=person(request), item=item),
}


def item_command(request: HttpRequest, pk: int, command: str) -> HttpResponse:
    """One of ``COMMANDS`` on one item, then the board again."""
    meetings = Meeting.objects.prepared_by(person(request))
    items = AgendaItem.objects.filter(meeting__in=meetings).select_related("meeting__body")
    item: AgendaItem = get_object_or_404(items, pk=pk)
    act = COMMANDS.get(command)
    if act is None:
        raise Http404
    if request.method != "POST":
        return redirect("meetings_board", item.meeting_id)
    return _act(request, item.meeting_id, lambda: act(request, item))


def _act(request: HttpRequest, meeting_id: int, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings_board", meeting_id)


class _Confirmation(MeetingPage, FormView):  # type: ignore[type-arg]  # FormView is not generic at run time
    """A question with a form; a refusal stays on the page with what was typed."""

    def act(self, data: dict[str, Any]) -> str:
        """Do it and say what was done."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            done = self.act(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        messages.success(self.request, done)
        return redirect("meetings_board", self.meeting.pk)


class DistributeView(_Confirmation):
    template_name = "meetings_admin/distribute.html"
    form_class = DistributeForm
    leaf = gettext_lazy("Distribute")

    def act(self, data: dict[str, Any]) -> str:
        made = distribution.distribute(
            actor=person(self.request), meeting=self.meeting, note=data["note"], number=data["number"]
        )
        return _("Distribution %(number)s went to %(count)s people, signed and recorded.") % {
            "number": made.number,
            "count": made.recipients.count(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = board(self.meeting)
        return {
            **context,
            "board": found,
            "news": news(found.change) if found.last else [],
            "papers": newest_versions(agenda_of(self.meeting)),
            "recipients": recipients_of(self.meeting),
        }


class DistributionsView(MeetingPage, TemplateView):
    """Every distribution of the meeting: which versions, to whom, signed over which digest."""

    template_name = "meetings_admin/distributions.html"
    leaf = gettext_lazy("Distributions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        made = self.meeting.distributions.select_related("distributed_by").prefetch_related(
            "papers__item", "papers__version__document", "recipients__membership__user"
        )
        return {**context, "distributions": made}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CancelView(_Confirmation):
    template_name = "meetings_admin/cancel.html"
    form_class = CancelForm
    leaf = gettext_lazy("Cancel the meeting")

    def act(self, data: dict[str, Any]) -> str:
        agenda.cancel_meeting(actor=person(self.request), meeting=self.meeting, reason=data["reason"])
        return _("The meeting is cancelled.")


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme as one chosen member would see it, in a frame that sends nothing."""
    meeting = prepared_meeting(request, pk)
    members = list(recipients_of(meeting))
    chosen = next((m for m in members if str(m.pk) == request.GET.get("member")), None)
    context = {"meeting": meeting, "members": members, "chosen": chosen or next(iter(members), None)}
    return render(request, "meetings_admin/preview.html", context)
