"""The room while a meeting sits: a member's live room, the desk, the wall.

Each page carries its first state, so that it is right before a script runs; then the socket takes over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from ecabinet.accounts import stepup
from ecabinet.accounts.models import User, in_language
from ecabinet.common import clock
from ecabinet.common.errors import Denied
from frontend.views.meetings import readable_meeting, signed_in
from meetings import mine
from meetings.live_types import Audience, CurrentItem, LiveState, MeetingView, PaperView, ProgrammeItem
from meetings.models import Meeting
from meetings.permissions import can_run_desk, membership_of
from meetings.poll_view import moment
from meetings.snapshots import frame_of


@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's live room; who does not vote sees the same without a ballot."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    return _page(request, "frontend/live.html", meeting, _audience(user, meeting))


@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk of chair and secretariat. Raises Denied for anybody else."""
    user = signed_in(request)
    meeting = readable_meeting(user, pk)
    if not can_run_desk(user, meeting):
        raise Denied(_("The desk is open to the chair and the secretariat only."))
    return _page(request, "frontend/desk.html", meeting, "desk")


@require_safe
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """The projector."""
    return _page(request, "frontend/wall.html", readable_meeting(signed_in(request), pk), "projector")


def _audience(user: User, meeting: Meeting) -> Audience:
    member = membership_of(user, meeting.body)
    return "member" if member is not None and member.votes else "observer"


def _page(request: HttpRequest, template: str, meeting: Meeting, audience: Audience) -> HttpResponse:
    frame = json.loads(frame_of(meeting.pk, audience)[1])
    config = _config(request, meeting, audience, frame)
    context = {"meeting": meeting, "summary": summary(frame["state"]), "config": config}
    return render(request, template, context)


@dataclass(frozen=True)
class Summary:
    """The state in words, for a page whose script has not run."""

    number: int | None  # of the item being discussed
    title: str
    byline: str
    speaker: str
    present: int
    members: int
    question: str
    papers: tuple[tuple[str, str], ...]  # title and address
    lines: tuple[tuple[int, str], ...]  # the programme


def summary(state: LiveState) -> Summary:
    """What a person must know at once, in the language of the screen."""
    current, speaker, poll = state["current"], state["floor"]["speaker"], state["poll"]
    papers = current["papers"] if current else []
    return Summary(
        number=current["number"] if current else None,
        title=_title(current or state["meeting"]),
        byline=in_language(current["sponsor"], current["sponsor_en"]) if current else "",
        speaker=speaker["name"] if speaker else "",
        present=state["attendance"]["present"],
        members=state["attendance"]["members"],
        question=in_language(poll["question"], poll["question_en"]) if poll else "",
        papers=tuple((_title(row), reverse("paper", args=[row["version_id"]])) for row in papers),
        lines=tuple((row["number"], _title(row)) for row in state["programme"]),
    )


def _title(row: CurrentItem | MeetingView | PaperView | ProgrammeItem) -> str:
    return in_language(row["title"], row["title_en"])


def _config(request: HttpRequest, meeting: Meeting, audience: Audience, frame: Any) -> dict[str, Any]:
    """``LiveConfig`` of ``frontend/src/live/store.ts``. Addresses with an id carry 0 in its place."""
    user = signed_in(request)
    step_up = mine.me(
        user,
        meeting,
        {"fresh": stepup.is_fresh(request), "url": stepup.step_up_url(user, request.path)},
    )
    return {
        "meeting": meeting.pk,
        "audience": audience,
        "server_now": moment(clock.now()),
        "time_zone": settings.TIME_ZONE,
        "frame": frame,
        "me": None if audience == "projector" else step_up,
        "api": f"/api/v1/meetings/{meeting.pk}/",
        "socket": f"/ws/meetings/{meeting.pk}/",
        "paper": reverse("paper", args=[0]),
        "paper_file": reverse("paper-file", args=[0]),
        "pdf_assets": static("dist/pdfjs/"),
        "pdf_worker": static("dist/pdfjs/pdf.worker.min.mjs"),
        "wall": reverse("wall", args=[meeting.pk]),
        "programme": reverse("meeting", args=[meeting.pk]),
        "decision": reverse("decision-prepare", args=[0]),
        "roll_call": reverse("roll-call", args=[0]),
        **_questions(),
    }


def _questions() -> dict[str, dict[str, str]]:
    """The questions put when nobody words another: the same as those of ``meetings.actions.live``."""
    words: dict[str, dict[str, str]] = {"question": {}, "question_amended": {}, "question_options": {}}
    for language in ("vi", "en"):
        with override(language):
            words["question"][language] = _("Adopt: %(title)s")
            words["question_amended"][language] = _("Adopt as amended: %(title)s")
            words["question_options"][language] = _("Choose an option: %(title)s")
    return words
