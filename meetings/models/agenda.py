"""A meeting and the items of its agenda."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from ecabinet.accounts.models import Agency, in_language
from meetings.enums import ItemKind, ItemState, MeetingKind, MeetingMode, MeetingState
from meetings.models.bodies import Body
from meetings.models.scope import AnyUser, mandates, prepared_bodies

# What stands for a matter on paper only, in both languages: its own name never enters the system (domain,
# section 6).
ON_PAPER = ("Nội dung phát hành bằng bản giấy", "Item distributed on paper")


# What stands for an item for members only, for whoever is none.
MEMBERS_ONLY = ("Nội dung chỉ dành cho thành viên", "Item for members only")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def closed_to(self, user: AnyUser) -> AgendaItemQuerySet:
        """Items for members only, where the person neither votes nor prepares nor reports on them."""
        inside = Q(meeting__body__in=mandates(user).voting().values("body"))
        prepares = Q(meeting__body__in=prepared_bodies(user))
        return self.filter(restricted=True).exclude(inside | prepares | Q(rapporteur=user.pk))


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: AnyUser) -> MeetingQuerySet:
        """What the person may read: all meetings of bodies they prepare, and of bodies they sit in
        those that were distributed once.
        """
        sits_in = Q(body__in=mandates(user).values("body")) & ~Q(state=MeetingState.PREPARING)
        return self.filter(Q(body__in=prepared_bodies(user)) | sits_in)

    def prepared_by(self, user: AnyUser) -> MeetingQuerySet:
        return self.filter(body__in=prepared_bodies(user))


class Meeting(ClusterableModel):
    """A sitting of a body.

    ``state`` has one door: ``meetings.actions`` (``distribute``, ``start``, ``adjourn``, ``cancel``).
    ``seq`` is the number of the last live event and is only ever raised, by ``meetings.actions.live``.
    """

    body = models.ForeignKey(Body, verbose_name=_("Body"), on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("Title"), max_length=250)
    title_en = models.CharField(_("Title in English"), max_length=250, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=MeetingKind, default=MeetingKind.REGULAR)
    mode = models.CharField(_("Held"), max_length=20, choices=MeetingMode, default=MeetingMode.IN_PERSON)
    starts_at = models.DateTimeField(_("Starts"))
    ends_at = models.DateTimeField(_("Ends"))
    place = models.CharField(_("Place"), max_length=200, blank=True)
    place_en = models.CharField(_("Place in English"), max_length=200, blank=True)
    state = models.CharField(
        _("State"), max_length=20, choices=MeetingState, default=MeetingState.PREPARING, editable=False
    )
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    adjourned_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-starts_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The meeting ends before it starts."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def place_label(self) -> str:
        return in_language(self.place, self.place_en)


class AgendaItem(Orderable):
    """One matter on the agenda. ``state`` has one door: ``meetings.actions.live``."""

    meeting = ParentalKey(Meeting, verbose_name=_("Meeting"), on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(_("Kind"), max_length=20, choices=ItemKind, default=ItemKind.DECISION)
    title = models.CharField(_("Title"), max_length=300)
    title_en = models.CharField(_("Title in English"), max_length=300, blank=True)
    sponsor = models.ForeignKey(
        Agency,
        verbose_name=_("Submitted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    rapporteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Rapporteur"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reported_items",
    )
    minutes = models.PositiveSmallIntegerField(_("Minutes allotted"), default=15)
    consent = models.BooleanField(_("Adopt without discussion"), default=False)
    restricted = models.BooleanField(
        _("For members only"),
        default=False,
        help_text=_("Observers, invitees and the wall see that an item is dealt with, not which."),
    )
    state = models.CharField(
        _("State"), max_length=20, choices=ItemState, default=ItemState.WAITING, editable=False
    )
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    conclusion = models.TextField(_("Conclusion"), blank=True, editable=False)
    reopened_at = models.DateTimeField(null=True, blank=True, editable=False)
    reopen_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting",), condition=Q(state="current"), name="one_current_item_per_meeting"
            ),
        )

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)
