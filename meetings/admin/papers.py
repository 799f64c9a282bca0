"""The papers of a dossier: what is still missing, versions, and taking in new ones."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ecabinet.common.errors import DomainError
from meetings.actions import dossiers
from meetings.admin.board import person
from meetings.admin.forms import UploadForm
from meetings.enums import DocumentRole, ItemKind
from meetings.models import Document, DocumentVersion, Dossier
from meetings.rules.agenda import REQUIRED_ROLES


class PapersView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "meetings_admin/papers.html"
    header_icon = "folder-open-inverse"
    # Set by ``upload`` when a file was refused.
    refused: tuple[Document, DomainError] | None = None

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
        documents = list(self.dossier.documents.prefetch_related("versions__uploaded_by"))
        return {
            **context,
            "dossier": self.dossier,
            "documents": documents,
            "wanted": _wanted(self.dossier, documents),
            "refused": self.refused,
        }


def _wanted(dossier: Dossier, documents: list[Document]) -> list[tuple[str, bool]]:
    """The papers the item's kind asks for, each with whether a version of it is there."""
    kind = dossier.item.kind if dossier.item else ItemKind.DECISION
    there = {document.role for document in documents if document.versions.all()}
    roles = [*REQUIRED_ROLES.get(kind, ()), "opinions"] if kind == ItemKind.DECISION else []
    return [(str(DocumentRole(role).label), role in there) for role in roles]


def _document(request: HttpRequest, pk: int) -> Document:
    mine = Dossier.objects.prepared_by(person(request))
    documents = Document.objects.filter(dossier__in=mine).select_related("dossier__item__meeting__body")
    document: Document = get_object_or_404(documents, pk=pk)
    return document


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one PDF; a refusal shows the dossier again with its reason beside the document."""
    document = _document(request, pk)
    form = UploadForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise DomainError("file_missing", _("Choose a PDF file first."), 422)
        version = _take_in(request, document, form.cleaned_data["file"])
    except DomainError as refusal:
        return _refuse(request, document, refusal)
    words = _("Taken in: %(version)s, %(pages)s pages.") % {"version": version, "pages": version.pages}
    messages.success(request, words)
    return redirect("meetings_papers", document.dossier_id)


def _take_in(request: HttpRequest, document: Document, file: UploadedFile[bytes]) -> DocumentVersion:
    with tempfile.NamedTemporaryFile(suffix=".upload") as target:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        return dossiers.add_version(
            actor=person(request), document=document, path=Path(target.name), filename=file.name or ""
        )


def _refuse(request: HttpRequest, document: Document, refusal: DomainError) -> HttpResponse:
    view = PapersView()
    view.setup(request, pk=document.dossier_id)
    view.refused = (document, refusal)
    return render(request, view.template_name, view.get_context_data(), status=refusal.status)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    document = _document(request, pk)
    try:
        dossiers.remove_document(actor=person(request), document=document)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings_papers", document.dossier_id)
