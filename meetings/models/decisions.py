"""The outcome: numbered, rendered once, signed, sealed, archived."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.models import Record
from ecabinet.accounts.models import in_language
from exchange.models import Registration
from meetings.enums import UNSIGNED, DecisionState, DecisionType
from meetings.models.agenda import AgendaItem
from meetings.models.live import ConsentAdoption
from voting.models import Poll


class Decision(models.Model):
    """A signed outcome. ``state`` has one door: ``meetings.actions.decisions``."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    poll = models.OneToOneField(Poll, null=True, on_delete=models.PROTECT, related_name="decision")
    # Where the item was adopted in the block without discussion, in place of a poll.
    adoption = models.OneToOneField(
        ConsentAdoption, null=True, on_delete=models.PROTECT, related_name="decision"
    )
    type = models.CharField(_("Type"), max_length=4, choices=DecisionType, default=DecisionType.RESOLUTION)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="decision")
    notation = models.CharField(_("Number"), max_length=40)  # as printed: 36/NQ-CP
    abstract = models.CharField(_("Abstract"), max_length=400)
    abstract_en = models.CharField(_("Abstract in English"), max_length=400, blank=True)
    content = models.TextField(_("Content"))
    recipients = models.TextField(_("Recipients"), blank=True)
    state = models.CharField(_("State"), max_length=20, choices=DecisionState, default=DecisionState.NUMBERED)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signed_decisions"
    )
    signer_title = models.CharField(_("Signer's title"), max_length=200)
    signer_title_en = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(_("Date"))
    rendered_sha256 = models.CharField(max_length=64, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    # Set while the timestamp authority cannot be reached; the ticker completes it.
    timestamp_pending = models.BooleanField(_("Timestamp pending"), default=False)
    # What stopped the last step, in words; empty while all is well.
    trouble = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(db_index=True)
    public = models.BooleanField(_("Everyone may find and read it"), default=False)
    record = models.OneToOneField(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="decision"
    )
    # Public address of the verify page, printed as a code on the page.
    verify_code = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-issued_on", "-id")

    def __str__(self) -> str:
        return self.notation

    @property
    def abstract_label(self) -> str:
        return in_language(self.abstract, self.abstract_en)

    @property
    def is_unsigned(self) -> bool:
        """The signer returned or refused it."""
        return self.state in UNSIGNED


class DecisionAppendix(models.Model):
    """A separate file that belongs to a decision: its digest stands in the page that is signed.

    Written by ``meetings.actions.decisions`` only, with the decision and when it is revised.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appendices")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    pages = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("appendix")
        verbose_name_plural = _("appendices")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("decision", "number"), name="decision_appendix_number_once"),
            models.UniqueConstraint(fields=("decision", "sha256"), name="decision_appendix_file_once"),
        )

    def __str__(self) -> str:
        return self.title
