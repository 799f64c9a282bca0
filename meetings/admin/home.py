"""Panels of the administration's first page: the next meeting, what is late, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from wagtail.admin.ui.components import Component

from ecabinet.common import clock
from meetings.enums import MeetingState
from meetings.models import Meeting
from meetings.queries.board import Board, Slot, board
from meetings.queries.readiness import Check
from meetings.queries.reading import reading

SHOWN = 3
# Findings about papers that are not there; the other ones are mended elsewhere than in a dossier.
MISSING = ("missing_statement", "missing_draft", "unfinished", "missing_opinions")
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
    """The items of the next meetings that lack a paper, as their boards say."""

    order = 200
    template_name = "meetings_admin/panel_missing.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        boards = [board(meeting) for meeting in next_meetings(self.user)]
        slots = [(entry.meeting, slot) for entry in boards if entry.open for slot in entry.slots]
        rows = [(meeting, slot, _missing(slot)) for meeting, slot in slots]
        return {"rows": [row for row in rows if row[2]]}


def _missing(slot: Slot) -> list[Check]:
    return [check for check in slot.checks if check.finding.code in MISSING]


def _unread(entry: Board) -> int:
    return reading(entry.meeting).unread if entry.last else 0
