"""Sealed archival units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecabinet.ledger.models import LedgerEntry


class Record(models.Model):
    """A sealed unit: one main signed file and everything that explains it. Never changed once deposited."""

    reference = models.CharField(_("Number"), max_length=60)  # as printed: 36/NQ-CP
    title = models.CharField(_("Title"), max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    kind = models.CharField(_("Kind"), max_length=40)
    agency_name = models.CharField(_("Agency"), max_length=200)
    signer_name = models.CharField(_("Signer"), max_length=160, blank=True)
    issued_on = models.DateField(_("Date"))
    sha256 = models.CharField(max_length=64, unique=True)
    pages = models.PositiveIntegerField(default=1)
    verify_code = models.CharField(max_length=32, unique=True)
    retention_until = models.PositiveSmallIntegerField(null=True, blank=True)  # a year; null keeps for ever
    ledger_entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="record")
    proof = models.TextField(blank=True)  # tlog-proof@v1, once the entry has a place in a signed tree
    acl = models.JSONField(default=list)  # tokens of who may find it
    deposited_at = models.DateTimeField()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ("-issued_on", "-id")

    def __str__(self) -> str:
        return self.reference


class RecordFile(models.Model):
    """One file of a record's package beside the main one."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=240)  # inside the bag, e.g. data/versions/1.pdf
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("path",)
        constraints = (models.UniqueConstraint(fields=("record", "path"), name="record_path_once"),)

    def __str__(self) -> str:
        return self.path
