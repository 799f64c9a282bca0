"""Dossiers, their papers, and the versions of each."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import WrongState
from ecabinet.common.intake import IntakeReport, inspect_pdf, page_digests, refuse_bad
from ecabinet.common.validation import must_be_valid
from ecabinet.ledger.actions import record
from meetings.actions.guards import must_edit, must_prepare, refuse_marked
from meetings.actions.quarantine import quarantine
from meetings.enums import DocumentRole, ItemKind
from meetings.models import AgendaItem, DistributionItem, Document, DocumentVersion, Dossier
from signing.actions.reports import request_report


@transaction.atomic
def create_dossier(
    *, actor: User, agency: Agency, title: str, title_en: str = "", item: AgendaItem | None = None
) -> Dossier:
    """What ``agency`` submits, for an agenda item or not yet for any."""
    return save_dossier(
        actor=actor, dossier=Dossier(agency=agency, title=title, title_en=title_en, item=item)
    )


@transaction.atomic
def save_dossier(*, actor: User, dossier: Dossier) -> Dossier:
    """Write a new or changed dossier together with the documents that hang on it unsaved."""
    if dossier.pk:
        must_edit(actor, Dossier.objects.get(pk=dossier.pk))
    refuse_marked(
        *(title for each in (dossier, *dossier.documents.all()) for title in (each.title, each.title_en))
    )
    if dossier.item is not None:
        must_prepare(actor, dossier.item.meeting.body)
        _refuse_classified_item(dossier.item)
    act = "dossier.changed" if dossier.pk else "dossier.created"
    must_be_valid(dossier)
    try:
        dossier.save()
    except ProtectedError as error:
        raise _paper_has_files(error) from error
    must_edit(actor, dossier)
    details = {"agency": dossier.agency_id, "item": dossier.item_id}
    record(actor=actor, act=act, subject=f"dossier:{dossier.pk}", details=details)
    return dossier


@transaction.atomic
def add_document(
    *, actor: User, dossier: Dossier, role: DocumentRole, title: str, title_en: str = ""
) -> Document:
    """A paper of the dossier, without any version yet; it goes to the end."""
    must_edit(actor, dossier)
    if dossier.item is not None:
        _refuse_classified_item(dossier.item)
    refuse_marked(title, title_en)
    last = dossier.documents.aggregate(last=Max("sort_order"))["last"]
    place = 0 if last is None else last + 1
    document = Document(dossier=dossier, role=role, title=title, title_en=title_en, sort_order=place)
    must_be_valid(document)
    document.save()
    details = {"dossier": dossier.pk, "role": str(role)}
    record(actor=actor, act="document.created", subject=f"document:{document.pk}", details=details)
    return document


@transaction.atomic
def remove_document(*, actor: User, document: Document) -> None:
    """Take out a paper nobody has received; what was distributed stays on record."""
    must_edit(actor, document.dossier)
    if DistributionItem.objects.filter(version__document=document).exists():
        raise WrongState(
            "document_distributed", _("Members already hold this paper. Upload a new version instead.")
        )
    pk, digests = document.pk, list(document.versions.values_list("sha256", flat=True))
    document.versions.all().delete()
    document.delete()
    record(actor=actor, act="document.removed", subject=f"document:{pk}", details={"versions": digests})


def add_version(*, actor: User, document: Document, path: Path, filename: str = "") -> DocumentVersion:
    """Take in the PDF at ``path`` as the document's next version; its bytes are kept unaltered.

    The file is examined first, outside any transaction. A bad one is refused (422, ``paper_…``), one that
    carries a classification marking is also quarantined. The same bytes as the newest version again give
    that version back, so that a repeated upload does no harm.
    """
    must_edit(actor, document.dossier)
    if document.dossier.item is not None:
        _refuse_classified_item(document.dossier.item)
    report = inspect_pdf(path, filename)
    if report.classification:
        quarantine(actor=actor, document=document, path=path, classification=report.classification)
    refuse_bad(report)
    sha256, _size = blobs.put_file(path)
    newest = document.versions.first()
    changed = _changed_pages(newest, path) if newest and newest.sha256 != sha256 else []
    return _write_version(actor, document, report, sha256, filename=filename or path.name, changed=changed)


@transaction.atomic
def _write_version(
    actor: User, document: Document, report: IntakeReport, sha256: str, *, filename: str, changed: list[int]
) -> DocumentVersion:
    locked = Document.objects.select_for_update().get(pk=document.pk)
    newest: DocumentVersion | None = locked.versions.first()
    if newest is not None and newest.sha256 == sha256:
        return newest
    version = DocumentVersion.objects.create(
        document=locked,
        number=newest.number + 1 if newest else 1,
        sha256=sha256,
        size=report.size,
        pages=report.pages,
        filename=filename[-200:],
        changed_pages=changed,
        has_signatures=report.signatures > 0,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    details = {"document": locked.pk, "number": version.number, "pages": version.pages}
    record(actor=actor, act="version.added", subject=f"version:{version.pk}", digest=sha256, details=details)
    if version.has_signatures:
        request_report(sha256=sha256)
    return version


def _changed_pages(newest: DocumentVersion, path: Path) -> list[int]:
    """Pages of the file at ``path``, from 1, that differ from the page of that number before."""
    before, after = page_digests(blobs.path_of(newest.sha256)), page_digests(path)
    pairs = zip_longest(after, before[: len(after)])
    return [number for number, (new, old) in enumerate(pairs, start=1) if new != old]


def _paper_has_files(error: ProtectedError) -> WrongState:
    """A paper that holds files is not dropped from the list in passing: its files must be seen first."""
    versions = [each for each in error.protected_objects if isinstance(each, DocumentVersion)]
    titles = sorted({f"“{version.document}”" for version in versions})
    return WrongState(
        "document_has_files",
        _("%(titles)s: already holds a file. Remove it on the page “Papers and versions”.")
        % {"titles": ", ".join(titles)},
    )


def _refuse_classified_item(item: AgendaItem) -> None:
    if item.kind == ItemKind.PAPER_ONLY:
        raise WrongState(
            "paper_only", _("This item is on paper only: no files and no dossier may be attached to it.")
        )
