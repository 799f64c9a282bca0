"""Putting records away for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from typing import Any

import pypdfium2
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from archive.models import Record, RecordFile, RecordToken, RecordVersion
from archive.queries import SEARCH_SOURCE
from archive.rules import EventSpec, FileSpec, duplicates, is_bag_path, retention_fits
from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.canonical import digest_of
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger import queries as ledger
from ecabinet.ledger import tasks as ledger_tasks
from ecabinet.ledger.actions import record as write_entry
from ecabinet.ledger.models import Checkpoint, LedgerEntry
from search.actions import enqueue

# Archive staff answer for every record, whoever else may read it.
KEEPERS = "role:archivist"


@transaction.atomic
def deposit(
    *,
    actor: User | None,
    reference: str,
    title: str,
    title_en: str,
    kind: str,
    agency_name: str,
    signer_name: str,
    issued_on: date,
    main: str,
    files: Sequence[FileSpec] = (),
    verify_code: str,
    acl: Iterable[str],
    retention_until: int | None = None,
    agency_name_en: str = "",
    signer_office: str = "",
    signer_office_en: str = "",
    events: Sequence[EventSpec] = (),
) -> Record:
    """Put a signed file and what belongs to it away: record, ledger entry and search note, or nothing.

    ``main`` and the files' digests name stored blobs; ``acl`` holds access tokens; ``retention_until``
    is the last year it is kept, None for ever. The ledger seals the deposit right after the commit.
    Raises DomainError ``file_missing``, ``bad_path``, ``bad_retention``, WrongState ``already_deposited``.
    """
    _check(main, files, retention_until, issued_on)
    if Record.objects.filter(sha256=main).exists():
        raise WrongState("already_deposited", _("This file is in the archive already."))
    file_rows = [_file_row(spec) for spec in files]
    entry = _entry(actor, reference, agency_name, issued_on, main=main, files=file_rows)
    record = Record.objects.create(
        reference=reference,
        title=title,
        title_en=title_en,
        kind=kind,
        agency_name=agency_name,
        agency_name_en=agency_name_en,
        signer_name=signer_name,
        signer_office=signer_office,
        signer_office_en=signer_office_en,
        issued_on=issued_on,
        sha256=main,
        pages=_pages(main),
        verify_code=verify_code,
        retention_until=retention_until,
        ledger_entry=entry,
        events=[event.as_data() for event in events],
        deposited_at=clock.now(),
    )
    _attach(record, file_rows, {*acl, KEEPERS})
    enqueue(SEARCH_SOURCE, record.pk)
    transaction.on_commit(seal_deposits, robust=True)
    return record


def _entry(
    actor: User | None,
    reference: str,
    agency: str,
    issued_on: date,
    *,
    main: str,
    files: Sequence[RecordFile],
) -> LedgerEntry:
    details = {
        "reference": reference,
        "agency": agency,
        "issued_on": issued_on.isoformat(),
        "files": digest_of([[row.path, row.sha256, row.size] for row in files]),
    }
    return write_entry(
        actor=actor, act="record.deposited", subject=f"record:{main}", digest=main, details=details
    )


def _check(main: str, files: Sequence[FileSpec], until: int | None, issued_on: date) -> None:
    for sha256 in (main, *(spec.sha256 for spec in files)):
        if not blobs.path_of(sha256).is_file():
            message = _("A file of the record is not in the store. Nothing was archived; upload it again.")
            raise DomainError("file_missing", message, 422, sha256=sha256)
    paths = [spec.path for spec in files]
    wrong = [path for path in paths if not is_bag_path(path)] + duplicates(paths)
    if wrong:
        message = _("“%(path)s” cannot be the place of a file in a package.") % {"path": wrong[0]}
        raise DomainError("bad_path", message, 422)
    if not retention_fits(until, issued_on):
        message = _("A record is kept for ever or from 2 to 70 years. Choose another year.")
        raise DomainError("bad_retention", message, 422)


def _file_row(spec: FileSpec) -> RecordFile:
    return RecordFile(
        path=spec.path,
        role=spec.role,
        title=spec.title,
        media_type=spec.media_type,
        sha256=spec.sha256,
        size=blobs.path_of(spec.sha256).stat().st_size,
    )


def _pages(sha256: str) -> int:
    try:
        with closing(pypdfium2.PdfDocument(blobs.path_of(sha256))) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        message = _("The main file of a record must be a PDF that can be opened.")
        raise DomainError("not_a_pdf", message, 422) from error


def _attach(record: Record, files: Sequence[RecordFile], tokens: Iterable[str]) -> None:
    for row in files:
        row.record = record
    RecordFile.objects.bulk_create(files)
    RecordToken.objects.bulk_create(RecordToken(record=record, token=token) for token in sorted(tokens))


def seal_deposits() -> None:
    """Have the ledger place and sign what waits, then fill in the proofs."""
    ledger_tasks.tick()
    complete_proofs()


def complete_proofs(limit: int = 100) -> int:
    """Store the inclusion proof beside every record and renewal the ledger has sealed; returns how many."""
    checkpoint = ledger.latest_checkpoint()
    if checkpoint is None:
        return 0
    return _fill_in(Record.objects.waiting_for_proof(), checkpoint, limit) + _fill_in(
        RecordVersion.objects.waiting_for_proof(), checkpoint, limit
    )


def _fill_in(unproved: QuerySet[Any], checkpoint: Checkpoint, limit: int) -> int:
    if not unproved.exists():
        return 0
    with transaction.atomic():
        waiting = unproved.filter(ledger_entry__index__lt=checkpoint.size)
        rows = list(waiting.select_for_update(of=("self",)).select_related("ledger_entry")[:limit])
        for row in rows:
            row.proof = ledger.inclusion_proof(row.ledger_entry, checkpoint)
            row.save(update_fields=["proof"])
        return len(rows)
