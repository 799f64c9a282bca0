"""Reading what is known of files: own versions, and reports on those from outside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from ecabinet.common import clock
from signing import trust
from signing.enums import ReportState
from signing.models import FileReport, SignedVersion
from signing.validation.report import POLICY, ValidationReport
from signing.validation.stored import StoredVersion

# Certificates expire while a report lies: it is made again after this. What failed is tried again sooner.
REPORT_LIFE, FAILURE_LIFE = timedelta(days=30), timedelta(hours=1)


def stored_version(sha256: str) -> StoredVersion | None:
    """The file of this content, if our pipeline made it; for ``validate(…, known=stored_version)``."""
    fields = ("sha256", "size", "made_from", "made_from_size")
    found = SignedVersion.objects.filter(sha256=sha256).values(*fields).first()
    return StoredVersion(**found) if found else None


def holds(report: FileReport) -> bool:
    """Whether the report was made by today's rules, under today's trust anchors, and lately."""
    if report.finished_at is None:
        return False
    age = clock.now() - report.finished_at
    if report.state == ReportState.FAILED:
        return age < FAILURE_LIFE
    current = report.policy == POLICY and report.trust == trust.fingerprint(trust.anchors())
    return report.state == ReportState.DONE and current and age < REPORT_LIFE


def report_in(report: FileReport) -> ValidationReport | None:
    """What was found; None while nothing was."""
    return ValidationReport.from_data(report.report) if report.state == ReportState.DONE else None


def reports_on(digests: Collection[str]) -> dict[str, FileReport]:
    """The reports there are on the files of these contents, by digest."""
    return {each.sha256: each for each in FileReport.objects.filter(sha256__in=digests)}


def lost_reports(now: datetime) -> QuerySet[FileReport]:
    """Waiting reports whose job should have ended by ``now``."""
    waiting = (ReportState.QUEUED, ReportState.RUNNING)
    return FileReport.objects.filter(state__in=waiting, retry_at__lte=now)
