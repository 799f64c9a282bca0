"""Written ballots: members are asked between meetings, until a deadline."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import in_language
from meetings.enums import ReminderStage, WrittenState
from meetings.models.agenda import AgendaItem
from meetings.models.bodies import Body, Membership
from meetings.models.dossiers import DocumentVersion, Dossier
from meetings.models.scope import AnyUser, mandates, prepared_bodies
from voting.models import Poll

MAX_DAYS = 60


class WrittenBallotQuerySet(models.QuerySet["WrittenBallot"]):
    def visible_to(self, user: AnyUser) -> WrittenBallotQuerySet:
        """All of bodies the person prepares; of bodies they vote in those that were sent out."""
        votes_in = mandates(user).voting().values("body")
        return self.filter(
            Q(body__in=prepared_bodies(user)) | Q(body__in=votes_in) & ~Q(state=WrittenState.DRAFT)
        )

    def prepared_by(self, user: AnyUser) -> WrittenBallotQuerySet:
        return self.filter(body__in=prepared_bodies(user))


class WrittenBallot(models.Model):
    """A question to every voting member of a body, answered in writing.

    ``state`` has one door: ``meetings.actions.written``. The poll is made when the ballot is sent out:
    rule, electorate and papers are frozen then.
    """

    body = models.ForeignKey(
        Body, verbose_name=_("Body"), on_delete=models.PROTECT, related_name="written_ballots"
    )
    title = models.CharField(_("Title"), max_length=300)
    title_en = models.CharField(_("Title in English"), max_length=300, blank=True)
    question = models.CharField(_("Question"), max_length=400)
    question_en = models.CharField(_("Question in English"), max_length=400, blank=True)
    dossier = models.ForeignKey(
        Dossier,
        verbose_name=_("Dossier"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="written_ballots",
    )
    days = models.PositiveSmallIntegerField(
        _("Working days to answer"), validators=(MinValueValidator(1), MaxValueValidator(MAX_DAYS))
    )
    state = models.CharField(
        _("State"), max_length=10, choices=WrittenState, default=WrittenState.DRAFT, editable=False
    )
    poll = models.OneToOneField(
        Poll, null=True, editable=False, on_delete=models.PROTECT, related_name="written_ballot"
    )
    # The agenda item it was moved to.
    item = models.OneToOneField(
        AgendaItem, null=True, editable=False, on_delete=models.SET_NULL, related_name="written_ballot"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, editable=False)
    closes_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=400, blank=True, editable=False)  # of calling it off

    objects = WrittenBallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("written ballot")
        verbose_name_plural = _("written ballots")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=WrittenState.DRAFT, poll=None)
                | ~Q(state=WrittenState.DRAFT) & Q(poll__isnull=False, closes_at__isnull=False),
                name="written_sent_with_poll",
            ),
        )

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def question_label(self) -> str:
        return in_language(self.question, self.question_en)


class WrittenPaper(models.Model):
    """A version that went out with a written ballot."""

    written = models.ForeignKey(WrittenBallot, on_delete=models.CASCADE, related_name="papers")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="written_in")
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("sort_order",)
        constraints = (
            models.UniqueConstraint(fields=("written", "version"), name="version_once_per_written_ballot"),
        )

    def __str__(self) -> str:
        return f"{self.version}"


class WrittenAnswer(models.Model):
    """What a member says beside their ballot; the newest word counts, like the ballot it came with."""

    written = models.ForeignKey(WrittenBallot, on_delete=models.PROTECT, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="written_answers")
    opinions = models.JSONField(default=list)  # [{"clause": "Khoản 2 Điều 5", "text": "…"}]
    receipt = models.CharField(max_length=64)  # digest of the ballot it came with
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("written", "membership"), name="written_answer_once"),)

    def __str__(self) -> str:
        return f"{self.membership}"


class WrittenReminder(models.Model):
    """One message about missing answers to one person; ``sent_at`` is empty until it has left."""

    written = models.ForeignKey(WrittenBallot, on_delete=models.CASCADE, related_name="reminders")
    stage = models.CharField(max_length=12, choices=ReminderStage)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("written", "stage", "user"), name="written_reminder_once"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_stage_display()}"
