"""The reader: papers of meetings, and records of the archive on the same desk."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from archive.models import Record
from ecabinet.accounts.models import User
from ecabinet.accounts.tokens import tokens_of
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError
from frontend.files import serve_blob
from frontend.queries.papers import Shelf, shelf
from frontend.views.meetings import signed_in
from meetings.actions.reading import record_progress
from meetings.models import DocumentVersion
from signing.actions.reports import request_report
from signing.enums import ReportState
from signing.queries.reports import report_in, stored_version
from signing.validation import ValidationReport, validate


@dataclass(frozen=True)
class Link:
    """Where a button of the reader's frame goes; ``note`` is the small line under its word."""

    url: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Desk:
    """What the frame of the reader and ``<ec-reader>`` need to show one file."""

    file_url: str
    size: int  # bytes
    pages: int
    title: str
    kicker: str  # the small line over the title
    back: Link
    key: str  # what this device remembers the place under
    signatures_url: str
    next: Link | None = None
    receipt_url: str = ""
    start_page: int = 1
    changed_pages: tuple[int, ...] = ()
    query: str = ""
    signed: bool = False  # the file carries signatures

    @property
    def changed(self) -> str:
        return ",".join(map(str, self.changed_pages))


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A distributed paper; ``?page=`` opens there, ``?q=`` finds at once."""
    user = signed_in(request)
    place = shelf(readable_version(user, pk), user)
    desk = _paper_desk(place, request.GET.get("q", ""))
    return render(request, "frontend/reader_paper.html", {"desk": desk, "shelf": place})


@require_safe
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = readable_version(signed_in(request), pk)
    return serve_blob(request, version.sha256, version.filename)


@require_POST
def paper_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading came: JSON ``{"last_page", "pages_seen"}``, both from 1; 204."""
    user = signed_in(request)
    page, seen = _progress(request)
    record_progress(actor=user, version=readable_version(user, pk), page=page, pages_seen=seen)
    return HttpResponse(status=204)


@require_safe
def paper_signatures(request: HttpRequest, pk: int) -> HttpResponse:
    """The signatures of a paper in plain words, as a part of the reader or a page of its own."""
    version = readable_version(signed_in(request), pk)
    back = reverse("paper", args=[version.pk])
    return _signatures(request, version.sha256, str(version), back, signed=version.has_signatures)


@require_safe
def read_record(request: HttpRequest, pk: int) -> HttpResponse:
    """A record of the archive on the same desk."""
    record = readable_record(signed_in(request), pk)
    desk = _record_desk(record, request.GET.get("q", ""))
    return render(request, "frontend/reader_shell.html", {"desk": desk})


@require_safe
def record_signatures(request: HttpRequest, pk: int) -> HttpResponse:
    record = readable_record(signed_in(request), pk)
    back = reverse("record-read", args=[record.pk])
    return _signatures(request, record.sha256, str(record), back, signed=True, record=record)


def readable_version(user: User, pk: int) -> DocumentVersion:
    """The version, or 404 when it does not exist or was not distributed to this person."""
    versions = DocumentVersion.objects.visible_to(user).select_related(
        "document__dossier__item", "document__dossier__agency"
    )
    version: DocumentVersion = get_object_or_404(versions, pk=pk)
    return version


def readable_record(user: User, pk: int) -> Record:
    record: Record = get_object_or_404(Record.objects.visible_to(tokens_of(user)), pk=pk)
    return record


def _paper_desk(place: Shelf, query: str) -> Desk:
    version = place.version
    title = str(version) if version.number > 1 else str(version.document)
    return Desk(
        file_url=reverse("paper-file", args=[version.pk]),
        size=version.size,
        pages=version.pages,
        title=title,
        kicker=_kicker(place),
        back=_back(place),
        key=f"paper:{version.pk}",
        signatures_url=reverse("paper-signatures", args=[version.pk]),
        next=_next(place),
        receipt_url=reverse("paper-progress", args=[version.pk]),
        start_page=place.start_page,
        changed_pages=tuple(version.changed_pages),
        query=query,
        signed=version.has_signatures,
    )


def _kicker(place: Shelf) -> str:
    """“Nội dung 2 · Bộ Khoa học và Công nghệ”."""
    parts = [_("Item %(number)d") % {"number": place.entry.number}] if place.entry else []
    return " · ".join([*parts, str(place.version.document.dossier.agency)])


def _back(place: Shelf) -> Link:
    if place.meeting is None:
        return Link(reverse("today"), _("Today"))
    anchor = f"#item-{place.entry.item.pk}" if place.entry else ""
    return Link(reverse("meeting", args=[place.meeting.pk]) + anchor, _("Programme"))


def _next(place: Shelf) -> Link | None:
    if place.next is None:
        return None
    pages = ngettext("%(n)d page", "%(n)d pages", place.next.pages) % {"n": place.next.pages}
    note = _("%(title)s, %(pages)s") % {"title": place.next.title, "pages": pages}
    return Link(reverse("paper", args=[place.next.version.pk]), _("Next paper"), note)


def _record_desk(record: Record, query: str) -> Desk:
    return Desk(
        file_url=reverse("record-file", args=[record.pk]),
        size=blobs.path_of(record.sha256).stat().st_size,
        pages=record.pages,
        title=str(record),
        kicker=record.display_agency,
        back=Link(reverse("record", args=[record.pk]), _("Record")),
        key=f"record:{record.pk}",
        signatures_url=reverse("record-signatures", args=[record.pk]),
        query=query,
        signed=True,
    )


def _signatures(
    request: HttpRequest, sha256: str, title: str, back: str, *, signed: bool, record: Record | None = None
) -> HttpResponse:
    """``record``: what a signature says in Vietnamese alone, the archive may know in English.

    ``?format=json`` answers with the technical report.
    """
    report, state = _report(sha256) if signed else (None, "")
    if request.GET.get("format") == "json":
        return JsonResponse({"state": state, "report": report.as_data() if report else None})
    part = bool(request.headers.get("HX-Request"))
    template = "frontend/reader_signatures.html" if part else "frontend/reader_signatures_page.html"
    context = {"report": report, "state": state, "title": title, "back": back, "record": record}
    return render(request, template, context)


def _report(sha256: str) -> tuple[ValidationReport | None, str]:
    """What is known of the file's signatures, and the state of its examination.

    What our own pipeline made is checked at once; a file from outside was analysed in the background.
    """
    if stored_version(sha256):
        return validate(blobs.path_of(sha256), known=stored_version), ReportState.DONE.value
    row = request_report(sha256=sha256)
    return report_in(row), row.state


def _progress(request: HttpRequest) -> tuple[int, int]:
    try:
        body = json.loads(request.body)
        return int(body["last_page"]), int(body.get("pages_seen", 0))
    except (ValueError, TypeError, KeyError, AttributeError):
        message = _("The place of reading was not understood. Load the paper again.")
        raise DomainError("bad_progress", message) from None
