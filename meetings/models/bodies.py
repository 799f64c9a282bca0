"""Bodies that meet, and their members."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from ecabinet.accounts.models import Agency, in_language
from meetings.enums import VOTING_ROLES, MembershipRole, WrittenSilence


class Body(ClusterableModel):
    """A cabinet, committee or council. Its rules are data, copied into each poll when it opens."""

    name = models.CharField(_("Name"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    slug = models.SlugField(_("Short name in addresses"), unique=True)
    agency = models.ForeignKey(
        Agency, verbose_name=_("Issues decisions as"), on_delete=models.PROTECT, related_name="bodies"
    )
    symbol = models.CharField(
        _("Symbol in numbers"), max_length=20, help_text=_("The part after the type, as CP in 36/NQ-CP.")
    )
    rule_preset = models.CharField(_("Voting rules"), max_length=40, default="vn-government")
    papers_lead_days = models.PositiveSmallIntegerField(_("Papers go out, days before"), default=3)
    minutes_per_speech = models.PositiveSmallIntegerField(_("Minutes per speech"), default=5)
    written_days = models.PositiveSmallIntegerField(
        _("Working days for a written ballot"),
        default=5,
        validators=(MinValueValidator(1), MaxValueValidator(60)),
    )
    written_silence = models.CharField(
        _("No answer to a written ballot counts as"),
        max_length=10,
        choices=WrittenSilence,
        blank=True,
        help_text=_("Left empty: as the voting rules say."),
    )
    chair_approves_minutes = models.BooleanField(
        _("The chair may approve minutes"),
        default=False,
        help_text=_("Otherwise they are approved as an item of a later meeting."),
    )
    positions_pull = models.BooleanField(
        _("An objection or a wish to speak takes an item off the consent list"),
        default=True,
        help_text=_("Otherwise it is only shown to the desk, and a member has to pull the item."),
    )
    recusal_hides_papers = models.BooleanField(
        _("Who takes no part in an item does not get its papers"), default=False
    )
    proxies = models.PositiveSmallIntegerField(
        _("Proxies per member"),
        default=0,
        help_text=_("For how many absent members one member may vote. 0: nobody votes for another."),
    )
    proxies_in_quorum = models.BooleanField(_("Represented members count for the quorum"), default=False)
    tally_while_open = models.BooleanField(
        _("Running counts while a vote is open"),
        default=False,
        help_text=_("Otherwise only the turnout is shown until the vote is closed."),
    )

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ("name",)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date) -> MembershipQuerySet:
        """Memberships that hold on that day, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def voting(self) -> MembershipQuerySet:
        return self.filter(role__in=VOTING_ROLES)


class Membership(models.Model):
    """One mandate: a person sits in a body between two dates."""

    body = ParentalKey(Body, verbose_name=_("Body"), on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Person"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    role = models.CharField(_("Role"), max_length=20, choices=MembershipRole, default=MembershipRole.MEMBER)
    office = models.CharField(
        _("Office"), max_length=160, blank=True, help_text=_("As read out at a roll call.")
    )
    office_en = models.CharField(_("Office in English"), max_length=160, blank=True)
    seniority = models.PositiveSmallIntegerField(_("Order of precedence"), default=100)
    weight = models.PositiveSmallIntegerField(_("Votes"), default=1)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Deputy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Is reminded when the member has not answered a written ballot."),
    )
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("seniority", "user__full_name")
        constraints = (
            models.UniqueConstraint(fields=("body", "user", "starts_on"), name="membership_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}"

    @property
    def office_label(self) -> str:
        return in_language(self.office, self.office_en)

    @property
    def votes(self) -> bool:
        return self.role in VOTING_ROLES
