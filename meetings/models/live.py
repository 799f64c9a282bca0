"""What happens while a meeting sits. The log is the truth the minutes are drafted from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.enums import FloorKind, FloorState, PollKind, Presence, RecusalReason
from meetings.models.agenda import AgendaItem, Meeting
from meetings.models.bodies import Membership
from meetings.models.dossiers import DocumentVersion
from voting.models import Poll


class LiveEvent(models.Model):
    """One thing that happened, in the order in which it counts. Written by ``meetings.actions.live`` only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The client's idempotency key: the same command sent twice is one event.
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("meeting", "seq")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "seq"), name="live_seq_once"),
            models.UniqueConstraint(
                fields=("meeting", "actor", "key"), condition=~Q(key=""), name="live_key_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.seq} {self.kind}"


class Attendance(models.Model):
    """Where a mandate is: one row per meeting and membership."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendances")
    presence = models.CharField(_("Presence"), max_length=20, choices=Presence, default=Presence.EXPECTED)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    substitute = models.CharField(_("Substitute"), max_length=160, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = (models.UniqueConstraint(fields=("meeting", "membership"), name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_presence_display()}"


class FloorRequest(models.Model):
    """A wish to speak on an item, from asking to having spoken."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="floor_requests")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="floor_requests")
    kind = models.CharField(max_length=20, choices=FloorKind, default=FloorKind.REQUEST)
    # Who speaks in the absent member's stead, as named in the attendance; never with a vote.
    substitute = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=20, choices=FloorState, default=FloorState.WAITING)
    requested_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Points of order first, then by time.
        ordering = ("kind", "requested_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "membership", "kind"),
                condition=Q(state__in=("waiting", "speaking")),
                name="one_open_floor_request",
            ),
            models.UniqueConstraint(
                fields=("item",), condition=Q(state="speaking"), name="one_speaker_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership}"


class ItemPoll(models.Model):
    """Ties a poll, which knows no meeting, to the agenda item it was put on."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="item_polls")
    poll = models.OneToOneField(Poll, on_delete=models.PROTECT, related_name="item_poll")
    kind = models.CharField(max_length=10, choices=PollKind, default=PollKind.MOTION)
    number = models.PositiveSmallIntegerField(default=1)  # among those of its kind on the item
    # What exactly is voted on, as frozen at opening: the draft's SHA-256, an amendment's words, the
    # amendments adopted before; ``poll.text_sha256`` is over it (``meetings.rules.polls``).
    basis = models.JSONField(default=dict)
    # The vote this one repeats, and why; once this one is closed the earlier no longer counts.
    revote_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="revotes"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.poll}"


class ConsentPull(models.Model):
    """A member wants an item of the consent list dealt with like any other."""

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="pull")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="pulls")
    pulled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.membership}: {self.item}"


class ConsentAdoption(models.Model):
    """An item adopted in the block without discussion: what a closed poll is to an item that was voted on."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="adoption")
    # The SHA-256 of the draft's version as distributed last; empty where there is none.
    text_sha256 = models.CharField(max_length=64, blank=True)
    adopted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item}"


class Recusal(models.Model):
    """A mandate takes no part in an item. The row is there while it lasts; the log keeps what was."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="recusals")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(_("Reason"), max_length=20, choices=RecusalReason)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = (models.UniqueConstraint(fields=("item", "membership"), name="recusal_once"),)

    def __str__(self) -> str:
        return f"{self.membership}: {self.item}"


class RollCall(models.Model):
    """A roll call held on paper: entered by one person, counted once another has confirmed the same sheet."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="roll_calls")
    sheet = models.JSONField()  # all that decides the vote, see meetings.actions.live.rollcall
    digest = models.CharField(max_length=64)  # SHA-256 of the sheet as canonical JSON
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    poll = models.OneToOneField(
        Poll, null=True, blank=True, on_delete=models.PROTECT, related_name="roll_call"
    )

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(poll__isnull=True), name="one_roll_call_to_confirm"
            ),
            models.CheckConstraint(
                condition=Q(poll__isnull=True)
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("entered_by"))),
                name="roll_call_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}"


class PresentedPage(models.Model):
    """What the presenter shows now: one row per meeting, written over as pages are turned."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="presented")
    version = models.ForeignKey(DocumentVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.PositiveIntegerField(default=1)
    presented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    turned_at = models.DateTimeField()
    # Only grows: how screens know which of two states is the newer.
    turns = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.version}: {self.page}"
