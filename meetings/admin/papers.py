"""The papers of a dossier: what is still missing, versions, and taking in new ones."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ecabinet.common.errors import DomainError
from meetings.actions import dossiers
from meetings.admin.board import person
from meetings.admin.forms import PaperForm, UploadForm
from meetings.enums import DocumentRole, ItemKind
from meetings.models import DistributionItem, Document, DocumentVersion, Dossier
from meetings.rules.agenda import REQUIRED_ROLES
from signing.queries.reports import reports_on


class PapersView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "meetings_admin/papers.html"
    header_icon = "folder-open-inverse"
    # Set when something was refused: at which document (None: at the form for a new one) and why.
    refused: tuple[Document | None, DomainError] | None = None
    form: PaperForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        mine = Dossier.objects.prepared_by(person(request)).select_related("agency", "item__meeting")
        self.dossier: Dossier = get_object_or_404(mine, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.dossier)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("dossiers:index"), "label": _("Dossiers")},
            {"url": "", "label": str(self.dossier)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sent = DistributionItem.objects.filter(version__document=OuterRef("pk"))
        documents = list(
            self.dossier.documents.annotate(sent=Exists(sent)).prefetch_related("versions__uploaded_by")
        )
        versions = [version for document in documents for version in document.versions.all()]
        return {
            **context,
            "dossier": self.dossier,
            "reports": reports_on([version.sha256 for version in versions if version.has_signatures]),
            "documents": documents,
            "wanted": _wanted(self.dossier, documents),
            "refused": self.refused,
            "form": self.form or PaperForm(),
            "on_paper": bool(self.dossier.item and self.dossier.item.kind == ItemKind.PAPER_ONLY),
            "max_bytes": settings.PAPER_MAX_BYTES,
            "max_mb": settings.PAPER_MAX_BYTES // 1_048_576,
        }


@dataclass(frozen=True)
class Wanted:
    """A paper the item's kind asks for. ``announced``: it is on the list; ``there``: it holds a file."""

    role: DocumentRole
    announced: bool
    there: bool
    required: bool


def _wanted(dossier: Dossier, documents: list[Document]) -> list[Wanted]:
    kind = dossier.item.kind if dossier.item else ItemKind.DECISION
    announced = {document.role for document in documents}
    there = {document.role for document in documents if document.versions.all()}
    required = REQUIRED_ROLES.get(kind, ())
    roles = [*required, *(("opinions",) if kind == ItemKind.DECISION else ())]
    return [Wanted(DocumentRole(role), role in announced, role in there, role in required) for role in roles]


def _document(request: HttpRequest, pk: int) -> Document:
    mine = Dossier.objects.prepared_by(person(request))
    documents = Document.objects.filter(dossier__in=mine).select_related("dossier__item__meeting__body")
    document: Document = get_object_or_404(documents, pk=pk)
    return document


def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one PDF; a refusal shows the dossier again with its reason beside the document."""
    document = _document(request, pk)
    if request.method != "POST":
        return redirect("meetings_papers", document.dossier_id)  # back from signing in again
    newest = document.versions.first()
    form = UploadForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise DomainError("file_missing", _("Choose a PDF file first."), 422)
        version = _take_in(request, document, form.cleaned_data["file"])
    except DomainError as refusal:
        return _refuse(request, document.dossier_id, (document, refusal))
    values = {"version": version, "pages": version.pages}
    if version == newest:
        messages.warning(
            request, _("This very file is already there: %(version)s. Nothing was added.") % values
        )
    else:
        messages.success(request, _("Taken in: %(version)s, %(pages)s pages.") % values)
    return redirect("meetings_papers", document.dossier_id)


def _take_in(request: HttpRequest, document: Document, file: UploadedFile[bytes]) -> DocumentVersion:
    with tempfile.NamedTemporaryFile(suffix=".upload") as target:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        return dossiers.add_version(
            actor=person(request), document=document, path=Path(target.name), filename=file.name or ""
        )


def _refuse(
    request: HttpRequest, dossier_id: int, refused: tuple[Document | None, DomainError], form: Any = None
) -> HttpResponse:
    view = PapersView()
    view.setup(request, pk=dossier_id)
    view.refused, view.form = refused, form
    return render(request, view.template_name, view.get_context_data(), status=refused[1].status)


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce one more paper; its file follows."""
    mine = Dossier.objects.prepared_by(person(request)).select_related("item__meeting__body")
    dossier: Dossier = get_object_or_404(mine, pk=pk)
    form = PaperForm(request.POST)
    if request.method != "POST":
        return redirect("meetings_papers", dossier.pk)
    try:
        _announce(request, dossier, form)
    except DomainError as refusal:
        return _refuse(request, dossier.pk, (None, refusal), form)
    return redirect("meetings_papers", dossier.pk)


def _announce(request: HttpRequest, dossier: Dossier, form: PaperForm) -> None:
    if not form.is_valid():
        raise DomainError("invalid", " ".join(map(str, chain.from_iterable(form.errors.values()))), 422)
    role = DocumentRole(form.cleaned_data["role"])
    title, title_en = form.cleaned_data["title"].strip(), ""
    if not title:
        title, title_en = _called(role, "vi"), _called(role, "en")
    dossiers.add_document(actor=person(request), dossier=dossier, role=role, title=title, title_en=title_en)


def _called(role: DocumentRole, language: str) -> str:
    with override(language):
        return str(role.label)


def remove(request: HttpRequest, pk: int) -> HttpResponse:
    document = _document(request, pk)
    if request.method != "POST":
        return redirect("meetings_papers", document.dossier_id)
    words = _("Removed: %(paper)s.") % {"paper": document}
    try:
        dossiers.remove_document(actor=person(request), document=document)
        messages.success(request, words)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings_papers", document.dossier_id)
