"""Reads of the archive."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import translation

from archive.appendices import listed_in
from archive.codes import as_typed
from archive.compare import printed_codes
from archive.enums import FileRole, RecordKind
from archive.evidence import revision_digests
from archive.models import Record, RecordFile, RecordVersion
from ecabinet.common import blobs, clock
from ecabinet.common.pdftext import page_texts
from search.rules.documents import IndexDocument
from signing.queries import algorithm_alarms
from signing.renewal import YEAR, fallen

SEARCH_SOURCE = "records"


def fallen_methods(moment: datetime) -> list[str]:
    """Methods the site's setting has written off, so that what they prove must be renewed now."""
    listed = algorithm_alarms()
    return sorted(fallen([alarm.method for alarm in listed], listed, moment))


def visible_ids(ids: Collection[int], tokens: Collection[str]) -> set[int]:
    """Which of the records a holder of the tokens may see, by the database's word."""
    return set(Record.objects.visible_to(tokens).filter(pk__in=ids).values_list("pk", flat=True))


def all_ids() -> Iterator[int]:
    return Record.objects.order_by("pk").values_list("pk", flat=True).iterator()


def index_documents(record_id: int) -> Iterator[IndexDocument]:
    """The record's pages as the search room wants them; none when the record does not exist."""
    record = Record.objects.prefetch_related("tokens").filter(pk=record_id).first()
    if record is None:
        return
    for page, text in enumerate(page_texts(blobs.path_of(record.sha256)), 1):
        yield IndexDocument(
            record=record.pk,
            page=page,
            text=text,
            acl_tokens=tuple(record.acl),
            ref=record.reference,
            title=record.title,
            title_en=record.title_en,
            kind=record.kind,
            kind_name=_kind_in_words(record.kind),
            agency=record.agency_name,
            signer=record.signer_name,
            date=record.issued_on,
        )


def _kind_in_words(kind: str) -> str:
    """The kind's name in every language of the site: people may search by any."""
    if kind not in RecordKind.values:
        return ""
    names = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.append(str(RecordKind(kind).label))
    return " ".join(names)


def by_sha256(sha256: str) -> Record | None:
    """The record whose main file, or its renewal, is exactly this one."""
    exact = Record.objects.filter(sha256=sha256).first()
    return exact or Record.objects.filter(versions__sha256=sha256).first()


def appendix_of(sha256: str) -> tuple[Record, str] | None:
    """(the record, the title) where this file is an appendix that the record's signed file itself names."""
    for row in RecordFile.objects.filter(sha256=sha256, role=FileRole.APPENDIX).select_related("record"):
        for each in listed_in(blobs.path_of(row.record.sha256)):
            if each.sha256 == sha256:
                return row.record, each.title
    return None


def proof_of(record: Record, sha256: str) -> str:
    """The ledger's proof of this version of the record; empty when there is none (yet)."""
    if sha256 == record.sha256:
        return record.proof
    version = record.versions.filter(sha256=sha256).first()
    return version.proof if version else ""


def renewals_of(record: Record) -> tuple[str, ...]:
    """Digests of the versions with renewed archive timestamps, oldest first."""
    rows = record.versions.filter(number__gt=0).order_by("number")
    return tuple(rows.values_list("sha256", flat=True))


@dataclass(frozen=True)
class Renewals:
    """Archive timestamps: due now, made in the last year, and due ones whose last attempt failed."""

    due: int
    made: int
    failed: int


def renewals() -> Renewals:
    now = clock.now()
    due = RecordVersion.objects.due(now, fallen_methods(now))
    made = RecordVersion.objects.filter(number__gt=0, made_at__gt=now - YEAR)
    return Renewals(due.count(), made.count(), due.exclude(trouble="").count())


def by_code(code: str) -> Record | None:
    """The record behind a printed code; spaces, hyphens and small letters that people type do not matter."""
    exact = Record.objects.filter(verify_code=code).first()
    return exact or Record.objects.filter(verify_code=as_typed(code)).first()


def original_of(path: Path, sha256: str) -> Record | None:
    """The record a file is, was made from by adding to it, or carries the printed code of."""
    record = by_sha256(sha256)
    if record is None:
        record = Record.objects.filter(sha256__in=list(revision_digests(path))).first()
    return record or next(filter(None, map(by_code, printed_codes(path))), None)
