"""Files from outside are analysed once, in the background and within limits, and the report is kept.

The only writers of ``FileReport.state``: queued → running → done or failed; a report that no longer holds
goes back to queued.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction

from ecabinet.common import blobs, clock
from signing import trust
from signing.enums import ReportState
from signing.models import FileReport
from signing.queries import reports as queries
from signing.validation import ValidationReport
from signing.validation.limited import IN_BACKGROUND, examine
from signing.validation.report import POLICY

logger = logging.getLogger("ecabinet.signing")

# A queued job that was lost is taken up again after the first, one whose process died after the second.
RETRY_AFTER, LEASE = timedelta(seconds=10), timedelta(seconds=IN_BACKGROUND.seconds * 2 + 60)
MOST_ATTEMPTS = 5


@transaction.atomic
def request_report(*, sha256: str) -> FileReport:
    """The report on the stored file of this content; asked for when there is none that holds. Idempotent.

    The house itself asks, on intake and where a report is shown; who may see it is asked before. Nothing
    legally relevant is decided, so the ledger has no entry. Raises OSError when the file is not stored.
    """
    found = FileReport.objects.select_for_update().filter(sha256=sha256).first()
    if found is not None and (found.waiting or queries.holds(found)):
        return found
    now = clock.now()
    wanted = {
        "size": blobs.path_of(sha256).stat().st_size,
        "state": ReportState.QUEUED,
        "attempts": 0,
        "requested_at": now,
        "retry_at": now + RETRY_AFTER,
        "finished_at": None,
    }
    report, _new = FileReport.objects.update_or_create(sha256=sha256, defaults=wanted)
    transaction.on_commit(partial(_enqueue, report.pk))
    return report


def analyse(*, report_id: int) -> FileReport | None:
    """Examine the file of a waiting report; None when it is not waiting or another process is at it."""
    report = _taken(report_id)
    if report is None or report.state == ReportState.FAILED:
        return report
    roots = trust.anchors()
    path = blobs.path_of(report.sha256)
    found = examine(path, limits=IN_BACKGROUND, trust=roots, known=queries.stored_version)
    return _settle(report_id, found, trust.fingerprint(roots))


@transaction.atomic
def _taken(report_id: int) -> FileReport | None:
    report = FileReport.objects.select_for_update().filter(pk=report_id).first()
    now = clock.now()
    if report is None or not report.waiting:
        return None
    if report.state == ReportState.RUNNING and report.retry_at > now:
        return None
    report.state, report.retry_at = ReportState.RUNNING, now + LEASE
    report.attempts += 1
    if report.attempts > MOST_ATTEMPTS:
        logger.error("report %s was given up after %s attempts", report.pk, MOST_ATTEMPTS)
        report.state, report.finished_at = ReportState.FAILED, now
    report.save(update_fields=["state", "retry_at", "attempts", "finished_at"])
    return report


@transaction.atomic
def _settle(report_id: int, found: ValidationReport, fingerprint: str) -> FileReport:
    report = FileReport.objects.select_for_update().get(pk=report_id)
    report.state, report.finished_at = ReportState.DONE, clock.now()
    report.verdict, report.report = found.verdict.value, found.as_data()
    report.policy, report.trust = POLICY, fingerprint
    report.save(update_fields=["state", "finished_at", "verdict", "report", "policy", "trust"])
    return report


def take_up_lost() -> None:
    """Enqueue again what nobody is at: each by one ticker only."""
    now = clock.now()
    for report in queries.lost_reports(now):
        still = FileReport.objects.filter(pk=report.pk, state=report.state, retry_at=report.retry_at)
        if still.update(state=ReportState.QUEUED, retry_at=now + RETRY_AFTER * 2**report.attempts):
            _enqueue(report.pk)


def _enqueue(report_id: int) -> None:
    from signing.tasks import analyse_file

    analyse_file.enqueue(report_id)
