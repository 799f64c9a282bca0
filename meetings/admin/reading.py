"""Report: who has read what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from meetings.admin.board import MeetingPage, person
from meetings.models import Meeting
from meetings.queries.reading import reading


class ReadingView(MeetingPage, TemplateView):
    template_name = "meetings_admin/reading.html"
    leaf = gettext_lazy("Who has read what")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "reading": reading(self.meeting)}


class MeetingsView(WagtailAdminTemplateMixin, TemplateView):
    """Distributed meetings, each with a link to its report."""

    template_name = "meetings_admin/reading_index.html"
    header_icon = "view"
    page_title = gettext_lazy("Who has read what")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": _("Who has read what")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        meetings = Meeting.objects.prepared_by(person(self.request)).exclude(distributions=None).distinct()
        return {**context, "meetings": meetings.select_related("body")[:50]}
