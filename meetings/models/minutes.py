"""Minutes: frozen facts with the secretariat's words around them, circulated, approved, signed, kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import Record
from exchange.models import Registration
from meetings.enums import MinutesState
from meetings.models.agenda import AgendaItem, Meeting
from meetings.models.bodies import Membership
from meetings.models.scope import AnyUser, mandates, prepared_bodies


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, user: AnyUser) -> MinutesQuerySet:
        """All of bodies the person prepares; of bodies they sit in, what has been circulated once and
        tells of no item that is closed to them.
        """
        sits_in = Q(meeting__body__in=mandates(user).values("body"), current__isnull=False)
        closed = AgendaItem.objects.filter(restricted=True).exclude(
            meeting__body__in=mandates(user).voting().values("body")
        )
        told = sits_in & ~Q(meeting__in=closed.values("meeting"))
        return self.filter(Q(meeting__body__in=prepared_bodies(user)) | told)


class Minutes(models.Model):
    """The minutes of one meeting.

    ``state`` has one door: ``meetings.actions.minutes`` up to the approval, ``meetings.actions.minutes_way``
    after it. ``prose`` is the working text (``opening``, ``closing``, ``items`` by id), changed until then.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(_("State"), max_length=20, choices=MinutesState, default=MinutesState.DRAFTED)
    prose: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # The version that members have before them, and after the approval the approved one.
    current = models.OneToOneField(
        "MinutesVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    comments_until = models.DateField(_("Comments until"), null=True, blank=True)
    # An item of a later meeting: adopting it approves these minutes.
    approval_item = models.OneToOneField(
        AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="approves"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registration = models.OneToOneField(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="minutes"
    )
    notation = models.CharField(_("Number"), max_length=40, blank=True)
    issued_on = models.DateField(_("Date"), null=True, blank=True)
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    secretary_title = models.CharField(max_length=200, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    chair_title = models.CharField(max_length=200, blank=True)
    chair_title_en = models.CharField(max_length=200, blank=True)
    rendered_sha256 = models.CharField(max_length=64, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)  # with the signatures so far
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    secretary_signed_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    timestamp_pending = models.BooleanField(default=False)
    # What stopped the last step, in words; empty while all is well.
    trouble = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(db_index=True)
    record = models.OneToOneField(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="minutes"
    )
    verify_code = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField(editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("document", "minutes")
        verbose_name_plural = pgettext_lazy("document", "minutes")
        ordering = ("-meeting__starts_at",)

    def __str__(self) -> str:
        return self.notation or str(self.meeting)

    @property
    def newest_file(self) -> str:
        """SHA-256 of the file as it stands; empty before it is printed."""
        return self.sealed_sha256 or self.signed_sha256 or self.rendered_sha256


class MinutesVersion(models.Model):
    """What was sent to the members at once: facts and words, never changed. ``sha256`` is over both."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    prose: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    sha256 = models.CharField(max_length=64)
    circulated_at = models.DateTimeField()
    circulated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("minutes", "number")
        constraints = (models.UniqueConstraint(fields=("minutes", "number"), name="minutes_version_once"),)

    def __str__(self) -> str:
        return f"{self.minutes} · {self.number}"


class MinutesComment(models.Model):
    """What a member remarks on an item of a circulated version, or on the whole."""

    version = models.ForeignKey(MinutesVersion, on_delete=models.PROTECT, related_name="comments")
    item = models.ForeignKey(AgendaItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="minutes_comments")
    text = models.TextField(pgettext_lazy("minutes", "Comment"))
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return f"{self.membership}: {self.text[:40]}"
