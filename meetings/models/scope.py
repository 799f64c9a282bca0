"""Which bodies a person sits in or prepares, as subqueries: the one policy behind rows and permissions."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Appointment, User
from ecabinet.common.clock import today
from meetings.enums import MembershipRole
from meetings.models.bodies import Body, Membership, MembershipQuerySet

AnyUser = User | AnonymousUser


def mandates(user: AnyUser, on: date | None = None) -> MembershipQuerySet:
    """The person's memberships in force on that day (today when not told); none when they may not sign in."""
    if not user.is_active or user.pk is None:
        return Membership.objects.none()
    return Membership.objects.in_force(on or today()).filter(user_id=user.pk)


def prepared_bodies(user: AnyUser, on: date | None = None) -> QuerySet[Body]:
    """Bodies whose papers the person prepares: as their secretary, or holding a secretariat position
    in the agency the body issues decisions as, in its parent or in an office under it.
    """
    if not user.is_active or user.pk is None:
        nothing: QuerySet[Body] = Body.objects.none()
        return nothing
    day = on or today()
    duties = Appointment.objects.in_force(day).filter(user_id=user.pk, position__duty=Duty.SECRETARIAT)
    agencies = duties.values("position__agency")
    parents = duties.values("position__agency__parent")
    own = mandates(user, day).filter(role=MembershipRole.SECRETARY).values("body")
    bodies: QuerySet[Body] = Body.objects.filter(
        Q(pk__in=own) | Q(agency__in=agencies) | Q(agency__in=parents) | Q(agency__parent__in=agencies)
    )
    return bodies


def preparers(body: Body, on: date | None = None) -> set[int]:
    """Ids of those for whom the body is among ``prepared_bodies``, whether they may sign in or not."""
    day = on or today()
    duties = Appointment.objects.in_force(day).filter(position__duty=Duty.SECRETARIAT)
    near = Q(position__agency=body.agency_id) | Q(position__agency__parent=body.agency_id)
    if body.agency.parent_id is not None:
        near |= Q(position__agency=body.agency.parent_id)
    secretaries = Membership.objects.in_force(day).filter(body=body, role=MembershipRole.SECRETARY)
    return {
        *duties.filter(near).values_list("user", flat=True),
        *secretaries.values_list("user", flat=True),
    }
