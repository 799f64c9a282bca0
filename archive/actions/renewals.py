"""Archive timestamps renewed by rule (``signing.renewal``): a record gets another version.

What was deposited stays as it is. A renewal is a new stored file that begins with the newest version,
byte for byte; it becomes the newest by compare-and-swap, with its own entry in the ledger. A process
killed at any point leaves at most a stored file nobody names, and the version is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from archive.models import Record, RecordVersion, VersionQuerySet
from archive.queries import fallen_methods
from ecabinet.common import blobs, clock
from ecabinet.ledger.actions import record as write_entry
from signing import renewal
from signing.actions.renewals import Renewed, renew_file
from signing.enums import TSA_TROUBLES, Trouble
from signing.pades.longterm import FAILURES, last_stamp
from signing.queries import algorithm_alarms
from signing.renewal import Stamp

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=10)
# The pause after a failed attempt, doubling up to the ceiling: there is a year's time.
RETRY_AFTER, RETRY_CEILING, MOST_DOUBLINGS = timedelta(minutes=10), timedelta(days=1), 8


def examine(limit: int = BATCH) -> int:
    """Note when the originals deposited lately must be renewed; returns how many were looked at."""
    rows = Record.objects.filter(versions=None).order_by("pk")[:limit]
    for row in rows:
        try:
            stamp = last_stamp(blobs.path_of(row.sha256))
        except FAILURES as error:  # the deposit took any PDF; one that cannot be read has no timestamp
            logger.warning("record %s has no timestamp that can be read: %s", row.pk, error)
            stamp = None
        _note_original(row, stamp)
    return len(rows)


def _note_original(row: Record, stamp: Stamp | None) -> None:
    size = blobs.path_of(row.sha256).stat().st_size
    facts = {"number": 0, "sha256": row.sha256, "size": size, "made_at": row.deposited_at, **_facts(stamp)}
    try:
        with transaction.atomic():
            RecordVersion.objects.create(record=row, **facts)
    except IntegrityError:
        logger.info("another process has looked at record %s", row.pk)


def _facts(stamp: Stamp | None) -> dict[str, Any]:
    if stamp is None:
        return {}
    moment, cause = renewal.due(stamp, algorithm_alarms())
    return {
        "stamped_at": stamp.made_at,
        "certificate_ends": stamp.certificate_ends,
        "methods": f" {' '.join(sorted(stamp.methods))} ",
        "due_at": moment,
        "cause": cause.value,
    }


def renew_due(limit: int = BATCH) -> int:
    """Renew what is due, the most urgent first; returns how many were renewed.

    When the time-stamping authority itself fails, the rest of the batch is left for another time.
    """
    made = 0
    for row in _due(limit):
        trouble = _attempt(row)
        made += trouble is None
        if trouble in TSA_TROUBLES:
            break
    return made


def is_due(moment: datetime) -> bool:
    """Whether a version is to be renewed and its next attempt has come."""
    return _ready(moment).exists()


def _ready(moment: datetime) -> VersionQuerySet:
    open_now = Q(next_try=None) | Q(next_try__lte=moment)
    return RecordVersion.objects.due(moment, fallen_methods(moment)).filter(open_now)


def _due(limit: int) -> Iterator[RecordVersion]:
    """Versions to be renewed, each taken by one process only."""
    now = clock.now()
    for row in _ready(now).select_related("record").order_by("attempts", "due_at", "pk")[:limit]:
        taken = RecordVersion.objects.newest().filter(pk=row.pk, next_try=row.next_try)
        if taken.update(next_try=now + LEASE, attempts=F("attempts") + 1):
            row.attempts += 1
            yield row


def _attempt(row: RecordVersion) -> Trouble | None:
    """None when the version has a successor now."""
    try:
        renewed = renew_file(row.sha256)
    except OSError as error:
        renewed = Renewed(trouble=Trouble.BROKEN, detail=f"{type(error).__name__}: {error}"[:400])
    if renewed.trouble is None:
        _succeed(row, renewed)
        return None
    pause = min(RETRY_AFTER * 2 ** min(row.attempts - 1, MOST_DOUBLINGS), RETRY_CEILING)
    RecordVersion.objects.newest().filter(pk=row.pk).update(
        next_try=clock.now() + pause, trouble=renewed.trouble, last_error=renewed.detail
    )
    return renewed.trouble


@transaction.atomic
def _succeed(row: RecordVersion, renewed: Renewed) -> None:
    """The renewed file becomes the newest version, unless another process was faster."""
    mine = RecordVersion.objects.newest().filter(pk=row.pk)
    if not mine.update(superseded=True, trouble="", last_error="", next_try=None):
        return
    number, original = row.number + 1, row.record.sha256
    entry = write_entry(
        actor=None,
        act="record.renewed",
        subject=f"record:{original}",
        digest=renewed.sha256,
        details={
            "reference": row.record.reference,
            "original": original,
            "before": row.sha256,
            "number": number,
            "size": renewed.size,
        },
    )
    RecordVersion.objects.create(
        record=row.record,
        number=number,
        sha256=renewed.sha256,
        size=renewed.size,
        made_at=clock.now(),
        ledger_entry=entry,
        **_facts(renewed.stamp),
    )
