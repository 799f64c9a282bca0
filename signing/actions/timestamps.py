"""The queue of signed files that wait for their last timestamp.

Who signs or seals writes the row in the same transaction in which its own state says "sealed"; a job
works the rows off. An attempt computes outside any lock, stores the completed file by its content and
then says so by compare-and-swap: a process killed at any point leaves a row that is simply tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from signing import completions, tasks
from signing.actions.files import SignedFile, complete_timestamp
from signing.enums import TSA_TROUBLES, Trouble
from signing.models import PendingTimestamp
from signing.pades.longterm import first_end
from signing.permissions import can_see_timestamps

logger = logging.getLogger(__name__)

# The pause after a failed attempt, doubling up to the ceiling.
RETRY_AFTER, RETRY_CEILING = timedelta(seconds=10), timedelta(minutes=10)
MOST_DOUBLINGS = 10  # 10 s doubled six times passes the ceiling
# Who has taken a row has this long before another process takes it.
LEASE = timedelta(minutes=2)
BATCH = 20


def wait_for_timestamp(*, signed: SignedFile, kind: str, subject: str, reference: str) -> bool:
    """Put a file below B-LTA into the queue; False when it has its last timestamp already.

    Call it in the transaction that says "signed": then no file is forgotten. A second call for the same
    file changes nothing. When the timestamp is there, the completion registered for ``kind`` is told.
    """
    if not signed.timestamp_pending:
        return False
    now = clock.now()
    facts = {
        "kind": kind,
        "subject": subject,
        "reference": reference,
        "since": now,
        "next_try": now + RETRY_AFTER,
        "trouble": signed.trouble or "",
        "last_error": signed.detail,
        "certificates_end": first_end(blobs.path_of(signed.sha256)),
    }
    PendingTimestamp.objects.get_or_create(sha256=signed.sha256, defaults=facts)
    return True


@transaction.atomic
def try_now(*, actor: User, pending_id: int) -> PendingTimestamp:
    """Have a waiting file tried again at once, by the job. Raises Denied, WrongState ``timestamp_there``."""
    if not can_see_timestamps(actor):
        raise Denied(_("Only the secretariat and system administrators see the waiting timestamps."))
    row = PendingTimestamp.objects.select_for_update().get(pk=pending_id)
    if row.done_at is not None:
        raise WrongState("timestamp_there", _("This document has its timestamp already."))
    row.next_try = clock.now()
    row.save(update_fields=["next_try"])
    transaction.on_commit(tasks.complete_timestamps.enqueue)
    return row


def work_off(limit: int = BATCH) -> int:
    """Try the files that are due, those with the fewest attempts first; returns how many are complete now.

    When the time-stamping authority itself fails, nothing else is tried: the others wait as long.
    """
    done = 0
    for row in _due(limit):
        trouble = _attempt(row)
        done += trouble is None
        if trouble in TSA_TROUBLES:
            _wait_with(row)
            break
    return done


def _due(limit: int) -> Iterator[PendingTimestamp]:
    """Rows whose time has come, each taken by one process only."""
    now = clock.now()
    found = PendingTimestamp.objects.waiting().filter(next_try__lte=now).order_by("attempts", "since", "pk")
    for row in found[:limit]:
        taken = PendingTimestamp.objects.waiting().filter(pk=row.pk, next_try=row.next_try)
        if taken.update(next_try=now + LEASE, attempts=F("attempts") + 1):
            row.attempts += 1
            yield row


def _attempt(row: PendingTimestamp) -> Trouble | None:
    """None when the file is complete now."""
    try:
        completed = complete_timestamp(actor=None, sha256=row.sha256)
        if not completed.timestamp_pending:
            _finish(row, completed)
            return None
        trouble, detail = completed.trouble or Trouble.BROKEN, completed.detail
    except (OSError, DomainError) as error:
        trouble, detail = Trouble.BROKEN, f"{type(error).__name__}: {error}"
    _postpone(row, trouble, detail)
    return trouble


@transaction.atomic
def _finish(row: PendingTimestamp, completed: SignedFile) -> None:
    """Say that the file is complete, once, and tell who waits for it."""
    fields = {"done_at": clock.now(), "result_sha256": completed.sha256, "trouble": "", "last_error": ""}
    if PendingTimestamp.objects.waiting().filter(pk=row.pk).update(**fields):
        completions.timestamped(row.kind, subject=row.subject, before=row.sha256, sha256=completed.sha256)


def _postpone(row: PendingTimestamp, trouble: Trouble, detail: str) -> None:
    row.next_try = clock.now() + pause_after(row.attempts)
    logger.warning("%s (%s) still waits for its timestamp: %s", row.subject, row.sha256, detail)
    PendingTimestamp.objects.waiting().filter(pk=row.pk).update(
        next_try=row.next_try, trouble=trouble, last_error=detail[:400]
    )


def _wait_with(row: PendingTimestamp) -> None:
    """What is due, or would be before ``row``, is tried when ``row`` is: one question finds out for all."""
    earlier = PendingTimestamp.objects.waiting().filter(next_try__lt=row.next_try).exclude(pk=row.pk)
    earlier.update(next_try=row.next_try)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after that many attempts."""
    doubled: timedelta = RETRY_AFTER * 2 ** min(max(attempts - 1, 0), MOST_DOUBLINGS)
    return min(doubled, RETRY_CEILING)


def to_alarm(moment: datetime, every: timedelta) -> list[PendingTimestamp]:
    """The alarming rows that administrators were not told of for ``every``."""
    untold = Q(alarmed_at=None) | Q(alarmed_at__lte=moment - every)
    return list(PendingTimestamp.objects.alarming(moment).filter(untold))
