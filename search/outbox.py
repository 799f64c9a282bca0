"""Leasing outbox rows: which process may work on which row, and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F, Q

from ecabinet.common import clock
from search.models import IndexState, OutboxRow

LEASE = timedelta(minutes=5)
WAIT_FOR_ENGINE = timedelta(seconds=2)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Lease:
    """Rows this process may work on, and the version their documents will carry."""

    rows: Sequence[OutboxRow]
    version: int

    def by_object(self) -> Iterator[Sequence[OutboxRow]]:
        """The rows of one object together: they are one piece of work."""
        ordered = sorted(self.rows, key=_object)
        for _, rows in groupby(ordered, key=_object):
            yield list(rows)


def _object(row: OutboxRow) -> tuple[str, int]:
    return row.source, row.object_id


def lease(limit: int) -> Lease:
    """Take up to ``limit`` due rows, oldest first; a lease that ran out is due again."""
    with transaction.atomic():
        moment = clock.now()
        due = OutboxRow.objects.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=moment), not_before__lte=moment
        )
        rows = list(
            due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)[:limit]
        )
        if not rows:
            return Lease((), 0)
        OutboxRow.objects.filter(pk__in=_ids(rows)).update(leased_until=moment + LEASE)
        return Lease(rows, take_version())


def take_version() -> int:
    """The next version: greater than every one before, and than any a restored backup has forgotten.

    Take it before reading what it will label. Milliseconds of the clock, or one more than the last.
    """
    with transaction.atomic():
        IndexState.objects.get_or_create(pk=1)
        state = IndexState.objects.select_for_update().get(pk=1)
        state.version = max(state.version + 1, int(clock.now().timestamp() * 1000))
        state.save(update_fields=["version"])
        return state.version


def finish(rows: Collection[OutboxRow]) -> None:
    """The engine has these rows' documents."""
    OutboxRow.objects.filter(pk__in=_ids(rows)).delete()


def release(rows: Collection[OutboxRow], reason: str) -> None:
    """The engine was away: back into the queue, no attempt counted."""
    OutboxRow.objects.filter(pk__in=_ids(rows)).update(
        leased_until=None, not_before=clock.now() + WAIT_FOR_ENGINE, last_error=reason[:300]
    )


def postpone(rows: Collection[OutboxRow], reason: str) -> None:
    """The object cannot be indexed as it is: again later, each time a little later."""
    for row in rows:
        pause = min(FIRST_RETRY * 2 ** min(row.attempts, 10), LONGEST_RETRY)
        OutboxRow.objects.filter(pk=row.pk).update(
            attempts=F("attempts") + 1,
            leased_until=None,
            not_before=clock.now() + pause,
            last_error=reason[:300],
        )


def waiting() -> int:
    """How many changes the index is behind."""
    return OutboxRow.objects.count()


def _ids(rows: Collection[OutboxRow]) -> list[int]:
    return [row.pk for row in rows]
