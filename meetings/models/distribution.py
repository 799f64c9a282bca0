"""What went to whom and when, and what each member made of it before the meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.enums import Stance
from meetings.models.agenda import AgendaItem, Meeting
from meetings.models.bodies import Membership
from meetings.models.dossiers import DocumentVersion


class Distribution(models.Model):
    """A signed manifest: exactly which versions, to whom, when. Never changed; a change is a new one."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="distributions")
    number = models.PositiveIntegerField(_("Distribution"))
    manifest = models.BinaryField()  # canonical JSON, exactly the bytes that were signed
    manifest_sha256 = models.CharField(max_length=64)
    signature = models.BinaryField()  # detached CMS over the manifest, DER
    # Agenda item ids and sentences data: {"added": [...], "changed": [...], "removed": [...]} of version ids.
    changes = models.JSONField(default=dict)
    note = models.TextField(_("Note to members"), blank=True)
    distributed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    distributed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("meeting", "number"), name="distribution_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.meeting} #{self.number}"


class DistributionItem(models.Model):
    """One version in a distribution, under the agenda item it belonged to then."""

    distribution = models.ForeignKey(Distribution, on_delete=models.CASCADE, related_name="papers")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="distributed_in")
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("sort_order",)
        constraints = (
            models.UniqueConstraint(fields=("distribution", "version"), name="version_once_per_distribution"),
        )

    def __str__(self) -> str:
        return f"{self.version}"


class DistributionRecipient(models.Model):
    """One mandate a distribution was addressed to."""

    distribution = models.ForeignKey(Distribution, on_delete=models.CASCADE, related_name="recipients")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="received")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("distribution", "membership"), name="recipient_once_per_distribution"
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership}"


class ReadReceipt(models.Model):
    """That a person opened a version, and how far they came."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_receipts")
    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="receipts")
    opened_at = models.DateTimeField()
    last_page = models.PositiveIntegerField(default=1)
    pages_seen = models.PositiveIntegerField(default=1)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "version"), name="receipt_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.version}"


class PositionStatement(models.Model):
    """A member's position on an item before the meeting; the newest word counts until the item is called."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="positions")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="positions")
    stance = models.CharField(_("Position"), max_length=20, choices=Stance)
    comment = models.TextField(_("Comment"), blank=True)
    stated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("position statement")
        verbose_name_plural = _("position statements")
        constraints = (models.UniqueConstraint(fields=("item", "membership"), name="position_once"),)

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_stance_display()}"
