"""What is known of files: those our pipeline made, and what was found out about those from outside."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from signing.enums import ReportState, VersionKind


class SignedVersion(models.Model):
    """A file our pipeline made by adding to another one, whose bytes it begins with.

    Written once by ``signing.actions.versions``; a check of the file rests on it (``signing.validation``).
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()  # bytes
    made_from = models.CharField(max_length=64)
    made_from_size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("signed version")
        verbose_name_plural = _("signed versions")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(made_from_size__gt=0, size__gt=models.F("made_from_size")),
                name="signed_version_grew",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


class FileReport(models.Model):
    """What the full analysis of a file from outside found, once per content.

    ``state`` has one door: ``signing.actions.reports``. A report made under other trust anchors, by an
    older policy or long ago is made again.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()  # bytes
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.QUEUED)
    verdict = models.CharField(max_length=10, blank=True)  # signing.validation.Verdict
    report = models.JSONField(default=dict)  # ValidationReport.as_data()
    policy = models.CharField(max_length=60, blank=True)
    trust = models.CharField(max_length=64, blank=True)  # fingerprint of the trust anchors
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField()  # a job that was lost is taken up again then
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file report")
        verbose_name_plural = _("file reports")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.verdict or self.state} {self.sha256[:12]}"

    @property
    def waiting(self) -> bool:
        return self.state in (ReportState.QUEUED, ReportState.RUNNING)
