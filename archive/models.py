"""Sealed archival units."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.codes import grouped
from archive.enums import FileRole, RecordKind
from archive.rules import safe_name
from ecabinet.accounts.models import in_language
from ecabinet.accounts.tokens import PUBLIC
from ecabinet.ledger.models import LedgerEntry


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, tokens: Collection[str]) -> RecordQuerySet:
        """Records that a holder of these access tokens may find and read."""
        held = Record.objects.filter(tokens__token__in=tokens)
        return self.filter(pk__in=held.values("pk"))

    def opened_to(self, tokens: Collection[str]) -> RecordQuerySet:
        """Records whose whole package the holder may open. What is public is the signed outcome, never
        the papers, ballots and log that led to it.
        """
        return self.visible_to([token for token in tokens if token != PUBLIC])

    def waiting_for_proof(self) -> RecordQuerySet:
        return self.filter(proof="", ledger_entry__index__isnull=False)


class Record(models.Model):
    """A sealed unit: one main signed file and everything that explains it.

    Never changed once deposited; only ``proof`` is filled in when the ledger has sealed the deposit.
    """

    reference = models.CharField(_("Number"), max_length=60)  # as printed: 36/NQ-CP
    title = models.CharField(_("Title"), max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    kind = models.CharField(_("Kind"), max_length=40)  # a RecordKind, or what the depositing room names
    agency_name = models.CharField(_("Agency"), max_length=200)
    agency_name_en = models.CharField(max_length=200, blank=True)
    signer_name = models.CharField(_("Signer"), max_length=160, blank=True)
    signer_office = models.CharField(max_length=200, blank=True)
    signer_office_en = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(_("Date"))
    sha256 = models.CharField(max_length=64, unique=True)
    pages = models.PositiveIntegerField(default=1)
    verify_code = models.CharField(max_length=32, unique=True)
    retention_until = models.PositiveSmallIntegerField(null=True, blank=True)  # a year; null keeps for ever
    ledger_entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="record")
    proof = models.TextField(blank=True)  # tlog-proof@v1, once the entry has a place in a signed tree
    events = models.JSONField(default=list, blank=True)  # what happened to it before, for PREMIS
    deposited_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ("-issued_on", "-id")

    def __str__(self) -> str:
        return self.reference

    @property
    def acl(self) -> list[str]:
        """The tokens of who may find it, sorted."""
        return sorted(token.token for token in self.tokens.all())

    @property
    def is_public(self) -> bool:
        return any(token.token == PUBLIC for token in self.tokens.all())

    @property
    def printed_code(self) -> str:
        return grouped(self.verify_code) if self.verify_code.isalnum() else self.verify_code

    @property
    def display_title(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def display_agency(self) -> str:
        return in_language(self.agency_name, self.agency_name_en)

    @property
    def display_office(self) -> str:
        return in_language(self.signer_office, self.signer_office_en)

    @property
    def display_kind(self) -> str:
        return str(RecordKind(self.kind).label) if self.kind in RecordKind.values else self.kind

    @property
    def newest(self) -> RecordVersion | None:
        """Its last renewal; None while the original proves itself."""
        return self.versions.filter(superseded=False, number__gt=0).first()

    @property
    def file_name(self) -> str:
        """A name for the main file that every file system takes: ``36-NQ-CP.pdf``."""
        return f"{safe_name(self.reference)}.pdf"


class RecordToken(models.Model):
    """One token of who may find the record (see ``ecabinet.accounts.tokens``)."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("token", "record"), name="record_token_once"),)

    def __str__(self) -> str:
        return self.token


class RecordFile(models.Model):
    """One file of a record's package beside the main one."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=240)  # inside the bag, e.g. data/versions/1.pdf
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("path",)
        constraints = (models.UniqueConstraint(fields=("record", "path"), name="record_path_once"),)

    def __str__(self) -> str:
        return self.path

    @property
    def display_title(self) -> str:
        """Its own title, otherwise what it is."""
        return self.title or self.display_role

    @property
    def display_role(self) -> str:
        return str(FileRole(self.role).label) if self.role in FileRole.values else self.role


class VersionQuerySet(models.QuerySet["RecordVersion"]):
    def waiting_for_proof(self) -> VersionQuerySet:
        return self.filter(proof="", ledger_entry__index__isnull=False)

    def newest(self) -> VersionQuerySet:
        """The last version of every record: the one that proves it today."""
        return self.filter(superseded=False)

    def due(self, moment: datetime, methods: Collection[str] = ()) -> VersionQuerySet:
        """Newest versions whose timestamp must be renewed; ``methods`` have lost trust."""
        listed = [Q(methods__contains=f" {method} ") for method in methods]
        fallen = reduce(or_, listed, Q(due_at__lte=moment))
        return self.newest().filter(fallen, due_at__isnull=False)


class RecordVersion(models.Model):
    """The main file of a record as it is proved: number 0 is the sealed original, the others are it with
    renewed archive timestamps behind, each beginning with the one before.

    ``superseded`` has one door: ``archive.actions.renewals``.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    # Of its last timestamp; empty for a file that has none and is never renewed.
    stamped_at = models.DateTimeField(null=True)
    certificate_ends = models.DateTimeField(null=True)
    methods = models.CharField(max_length=400, blank=True)  # " ecdsa sha256 ": blanks on both sides
    due_at = models.DateTimeField(null=True, db_index=True)
    cause = models.CharField(max_length=20, blank=True)  # why it is due then, a signing.renewal.Cause
    superseded = models.BooleanField(default=False)
    ledger_entry = models.OneToOneField(LedgerEntry, null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.TextField(blank=True)  # of a renewal; the original's stands in the record
    # Of the attempts to renew it.
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)  # a signing.enums.Trouble
    last_error = models.CharField(max_length=400, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("record_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("record", "number"), name="record_version_number_once"),
            models.UniqueConstraint(
                fields=("record",), condition=Q(superseded=False), name="record_version_newest_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0, ledger_entry__isnull=True)
                | Q(number__gt=0, ledger_entry__isnull=False),
                name="record_version_renewal_in_ledger",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record} v{self.number}"
