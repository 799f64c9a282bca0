"""Panels of the administration's first page: the next meeting, what is late, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from wagtail.admin.ui.components import Component

from ecabinet.common import clock
from meetings.enums import MeetingState
from meetings.models import Document, Meeting
from meetings.queries.board import Board, board
from meetings.queries.reading import reading

SHOWN = 3
OPEN = (MeetingState.PREPARING, MeetingState.DISTRIBUTED, MeetingState.IN_SESSION)


def next_meetings(user: Any) -> list[Meeting]:
    """Meetings that are on or still to come, the nearest first."""
    ahead = Q(ends_at__gte=clock.now()) | Q(state=MeetingState.IN_SESSION)
    mine = Meeting.objects.prepared_by(user).filter(ahead, state__in=OPEN)
    return list(mine.select_related("body").order_by("starts_at")[:SHOWN])


class NextMeetings(Component):
    """The nearest meetings with what stands between them and their distribution."""

    order = 100
    template_name = "meetings_admin/panel_meetings.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        boards = [board(meeting) for meeting in next_meetings(self.user)]
        return {"rows": [(entry, _unread(entry)) for entry in boards]}


class MissingPapers(Component):
    """Documents that were announced and have no file yet."""

    order = 200
    template_name = "meetings_admin/panel_missing.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        meetings = Meeting.objects.prepared_by(self.user).filter(state__in=OPEN)
        waiting = Document.objects.filter(versions=None, dossier__item__meeting__in=meetings)
        shown = waiting.select_related("dossier__agency", "dossier__item__meeting")
        return {"documents": list(shown.order_by("dossier__item__meeting__starts_at", "sort_order")[:12])}


def _unread(entry: Board) -> int:
    return reading(entry.meeting).unread if entry.last else 0
