"""Tasks that follow from a conclusion: an owner, a day, reports and requests for more time."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.enums import AgencyKind
from ecabinet.accounts.models import Agency, Appointment
from ecabinet.common.clock import today
from meetings.enums import AssignmentState, ExtensionState, MeetingState, ReportState
from meetings.models.agenda import AgendaItem
from meetings.models.scope import AnyUser, mandates, prepared_bodies


def owner_is_agency_of(user: AnyUser) -> Q:
    """Assignments of agencies the person works for today, in them or in an office of theirs."""
    if not user.is_active or user.pk is None:
        return Q(pk__in=())
    held = Appointment.objects.in_force(today()).filter(user_id=user.pk)
    parents = held.filter(position__agency__kind=AgencyKind.OFFICE).values("position__agency__parent")
    return Q(owner__in=held.values("position__agency")) | Q(owner__in=parents)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: AnyUser) -> AssignmentQuerySet:
        """Those of bodies the person prepares or sits in, and of the agency the person works for."""
        sits_in = Q(item__meeting__body__in=mandates(user).values("body"))
        prepares = Q(item__meeting__body__in=prepared_bodies(user))
        seen = sits_in & ~Q(item__meeting__state=MeetingState.PREPARING)
        return self.filter(prepares | seen | owner_is_agency_of(user))

    def owned_by(self, user: AnyUser) -> AssignmentQuerySet:
        return self.filter(owner_is_agency_of(user))

    def overdue(self, on: date) -> AssignmentQuerySet:
        """Not reported on though the day is over, the latest first."""
        return self.filter(state=AssignmentState.OPEN, due_on__lt=on).order_by("due_on", "pk")


class Assignment(models.Model):
    """One task given to an agency. ``state`` has one door: ``meetings.actions.assignments``."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="assignments")
    text = models.TextField(_("Task"))
    owner = models.ForeignKey(
        Agency, verbose_name=_("Responsible"), on_delete=models.PROTECT, related_name="assignments"
    )
    due_on = models.DateField(_("Due"))
    state = models.CharField(_("State"), max_length=20, choices=AssignmentState, default=AssignmentState.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(max_length=400, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def days_late(self) -> int:
        """How many days the task is overdue; 0 when it is not."""
        late = (today() - self.due_on).days
        return max(late, 0) if self.state == AssignmentState.OPEN else 0


class AssignmentReport(models.Model):
    """What the owner reports; accepted, or sent back with a note."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    text = models.TextField(_("Report"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.WAITING)
    note = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("assignment",), condition=Q(state="waiting"), name="assignment_one_open_report"
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]


class Extension(models.Model):
    """The owner asks for another day; granted or refused."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField(_("New day"))
    reason = models.CharField(_("Reason"), max_length=400)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=ExtensionState, default=ExtensionState.WAITING)
    note = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("assignment",), condition=Q(state="waiting"), name="assignment_one_open_extension"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assignment}: {self.until}"
