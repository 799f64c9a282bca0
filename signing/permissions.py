"""Who may sign what, and who may register certificates for which agencies."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ecabinet.accounts.enums import Duty, Role
from ecabinet.accounts.models import Agency, Appointment, User
from ecabinet.accounts.queries import with_those_below
from ecabinet.accounts.roles import roles_of
from ecabinet.common import clock
from signing import rules
from signing.models import Certificate, CertificateRequest, RegistrationOfficer, SigningRequest

SEAL_ASKERS = (Duty.LEADER, Duty.CLERK)


def can_sign_with(user: User, certificate: Certificate) -> bool:
    """A personal certificate signs for its holder only."""
    return user.is_active and certificate.user_id is not None and certificate.user_id == user.pk


def may_still_sign(certificate: Certificate, user: User, on: datetime) -> bool:
    """Whether the certificate makes new signatures of this person at that moment.

    Asks the database, not the object in hand, which may have been loaded before the certificate was
    suspended or its holder moved. A certificate that names an office signs as long as its holder
    holds it: a transfer stops new signatures at once (Decree 68/2024).
    """
    held = Certificate.objects.filter(pk=certificate.pk, user=user, user__is_active=True).usable(on)
    kept = held.first()
    return kept is not None and holds_office(user, kept.position_id, timezone.localdate(on))


def holds_office(user: User, position_id: int | None, on: date) -> bool:
    """Whether the person has not left that office; one that is not named cannot be left."""
    return position_id is None or not rules.has_left(terms_of(user), position_id, on)


def terms_of(user: User) -> list[rules.Term]:
    """Every appointment of the person, past and to come."""
    rows = Appointment.objects.filter(user=user)
    values = rows.values_list("position_id", "position__agency_id", "starts_on", "ends_on")
    return [rules.Term(*row) for row in values]


def can_settle(user: User, request: SigningRequest) -> bool:
    """Sign or return: only the person asked. Nobody signs for another."""
    return user.is_active and request.signer_id == user.pk


def can_look(user: User, request: SigningRequest) -> bool:
    """See the file itself: the person asked, and who asked."""
    return user.is_active and user.pk in (request.signer_id, request.requested_by_id)


def administrators() -> QuerySet[User]:
    """System administrators in office today."""
    return _holding((Duty.ADMINISTRATOR,))


def can_see_timestamps(user: User) -> bool:
    """Which documents wait for their last timestamp (numbers only): secretariat and administrators."""
    return _holding((Duty.ADMINISTRATOR, Duty.SECRETARIAT)).filter(pk=user.pk).exists()


def _holding(duties: tuple[Duty, ...]) -> QuerySet[User]:
    held = Appointment.objects.in_force(clock.today()).filter(position__duty__in=duties)
    return User.objects.filter(Q(is_superuser=True) | Q(pk__in=held.values("user")), is_active=True)


def officer_roles(user: User, on: date) -> list[Role]:
    """The role of who registers certificates for some agency; a source of ``accounts.roles``."""
    return [Role.REGISTRAR] if _delegations(user, on).exists() else []


def governed_agencies(user: User) -> frozenset[int]:
    """Ids of the agencies whose certificates are delegated to the person today, those below included."""
    if not user.is_active:
        return frozenset()
    own = list(_delegations(user, clock.today()).values_list("agency_id", flat=True))
    return with_those_below(own) if own else frozenset()


def _delegations(user: User, on: date) -> QuerySet[RegistrationOfficer]:
    return RegistrationOfficer.objects.filter(user=user).in_force(on)


def enters_register(user: User) -> bool:
    """Its pages: officers see their agencies there, administrators and auditors officers and figures."""
    return bool(roles_of(user) & {Role.REGISTRAR, Role.AUDITOR}) or is_administrator(user)


def sees_all_agencies(user: User) -> bool:
    """The figures and the officers of every agency: administrators and auditors."""
    return is_administrator(user) or Role.AUDITOR in roles_of(user)


def is_administrator(user: User) -> bool:
    """Who appoints registration officers."""
    return user.is_active and (user.is_superuser or Role.ADMINISTRATOR in roles_of(user))


def can_decide(user: User, request: CertificateRequest) -> bool:
    """Approve, refuse, issue: an officer of the agency or of one above it, never for themselves."""
    return request.user_id != user.pk and request.agency_id in governed_agencies(user)


def can_manage(user: User, certificate: Certificate) -> bool:
    """Suspend, resume, revoke: as for requests."""
    return certificate.user_id != user.pk and managed_certificates(user).filter(pk=certificate.pk).exists()


def managed_certificates(user: User) -> QuerySet[Certificate]:
    """Certificates of the agencies delegated to the person: seals, and those of people by the office named.

    One that names no office counts for the agencies its holder works for today.
    """
    governed = governed_agencies(user)
    works = Appointment.objects.in_force(clock.today()).filter(
        user=OuterRef("user"), position__agency__in=governed
    )
    own = Q(agency__in=governed) | Q(position__agency__in=governed)
    return Certificate.objects.filter(own | Q(position=None) & Exists(works))


def managed_requests(user: User) -> QuerySet[CertificateRequest]:
    """Requests of the agencies delegated to the person."""
    return CertificateRequest.objects.filter(agency__in=governed_agencies(user))


def can_request(user: User, holder: User | None, agency: Agency) -> bool:
    """For oneself; for others of the agency its officers; for its seal also its leaders and clerks."""
    if not user.is_active:
        return False
    if holder is not None and holder.pk == user.pk:
        return True
    return agency.pk in governed_agencies(user) or (holder is None and agency.pk in seal_agencies(user))


def seal_agencies(user: User) -> frozenset[int]:
    """Ids of the agencies for whose seal the person may ask as their leader or clerk."""
    held = Appointment.objects.in_force(clock.today()).filter(user=user, position__duty__in=SEAL_ASKERS)
    return frozenset(held.values_list("position__agency_id", flat=True))
