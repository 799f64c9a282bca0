"""Reading what waits for a signature and which certificate to use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from signing import trust
from signing.enums import SIGNABLE_STATES, ReportState
from signing.models import Certificate, FileReport, SignedVersion, SigningRequest
from signing.validation.report import POLICY, ValidationReport
from signing.validation.stored import StoredVersion

# Certificates expire while a report lies: it is made again after this. What failed is tried again sooner.
REPORT_LIFE, FAILURE_LIFE = timedelta(days=30), timedelta(hours=1)


def waiting_for(user: User) -> QuerySet[SigningRequest]:
    """Open requests of this person, the most urgent and then the oldest first."""
    return SigningRequest.objects.filter(signer=user, state__in=SIGNABLE_STATES).order_by("-urgency", "id")


def settled_by(user: User, ids: Sequence[int]) -> QuerySet[SigningRequest]:
    """These requests of this person in any state, in the tray's order."""
    return SigningRequest.objects.filter(signer=user, pk__in=ids).order_by("-urgency", "id")


def certificate_of(user: User) -> Certificate:
    """The person's newest usable certificate. Raises DomainError ``no_certificate``."""
    found = Certificate.objects.filter(user=user).usable(clock.now()).first()
    if found is None:
        message = _("You have no valid signing certificate. Ask your registration officer for one.")
        raise DomainError("no_certificate", message, 409)
    return found


def organisation_certificate(agency: Agency) -> Certificate:
    """The agency's newest usable seal certificate. Raises DomainError ``no_seal``."""
    found = Certificate.objects.filter(agency=agency).usable(clock.now()).first()
    if found is None:
        message = _("%(agency)s has no valid seal certificate. Ask the registration officer for one.")
        raise DomainError("no_seal", message % {"agency": agency}, 409)
    return found


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
