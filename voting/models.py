"""Polls, their frozen electorate, and ballots. Nothing here knows a meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecabinet.ledger.models import LedgerEntry
from voting.enums import Entitlement, PollMode, PollState


class Poll(models.Model):
    """A question put. Rule, electorate and the text's hash are frozen when the row is made.

    ``state`` has one door: ``voting.actions`` (``open_poll``, ``close_poll``, ``cancel_poll``).
    """

    question = models.CharField(_("Question"), max_length=400)
    question_en = models.CharField(max_length=400, blank=True)
    # What is voted on, e.g. the SHA-256 of the draft's version; empty for a procedural question.
    text_sha256 = models.CharField(max_length=64, blank=True)
    mode = models.CharField(max_length=10, choices=PollMode, default=PollMode.LIVE)
    state = models.CharField(_("State"), max_length=10, choices=PollState, default=PollState.OPEN)
    rule = models.JSONField()  # voting.rules.Rule as data
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.JSONField(null=True, blank=True)  # voting.rules.Verdict as data

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ("-opened_at",)

    def __str__(self) -> str:
        return self.question


class Elector(models.Model):
    """One mandate in a poll's electorate, as it stood at opening."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="electors")
    mandate = models.CharField(max_length=60)  # the caller's key, e.g. "membership:12"
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    weight = models.PositiveSmallIntegerField(default=1)
    is_chair = models.BooleanField(default=False)
    entitlement = models.CharField(max_length=10, choices=Entitlement, default=Entitlement.PRESENT)
    # Who casts for this mandate by proxy, frozen like the rest; empty: the member's own hand.
    proxy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proxy_name = models.CharField(max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=("poll", "mandate"), name="elector_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def caster_id(self) -> int:
        """The one person whose hand casts for this mandate."""
        return self.proxy_id or self.user_id


class Ballot(models.Model):
    """One answer of one mandate; the highest revision counts."""

    elector = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="ballots")
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="ballots")
    revision = models.PositiveIntegerField()
    choice = models.CharField(max_length=20)
    comment = models.TextField(blank=True)
    key = models.CharField(max_length=64)  # the client's idempotency key
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()
    # Where it stands in the ledger; empty for ballots cast before it was noted here.
    ledger_entry = models.OneToOneField(
        LedgerEntry, null=True, on_delete=models.PROTECT, related_name="ballot"
    )

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = (
            models.UniqueConstraint(fields=("elector", "revision"), name="ballot_revision_once"),
            models.UniqueConstraint(fields=("poll", "elector", "key"), name="ballot_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.elector} r{self.revision}"
