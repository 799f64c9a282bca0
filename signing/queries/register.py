"""Reading the register of certificates."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Agency, Appointment, Position, User
from ecabinet.accounts.queries import offices, with_those_above
from ecabinet.common import clock
from signing.enums import (
    CertificateRequestKind,
    CertificateRequestState,
    CertificateStatus,
    StatusReason,
)
from signing.models import Certificate, CertificateRequest, RegistrationOfficer
from signing.permissions import holds_office

OFFICE_LEFT = gettext_noop("The office asked for was left.")  # why the house drops a request
MOVED = {
    "status": CertificateStatus.DISABLED,
    "status_reason": StatusReason.CHANGE_OF_POSITION,
    "renewed_by": None,
}


def principal_position(user: User, on: date) -> Position | None:
    """The office a certificate would name: the first one held that day and not about to be left."""
    held = (row.position for row in offices(user, on))
    return next((position for position in held if holds_office(user, position.pk, on)), None)


def request_kind(user: User | None, agency: Agency) -> CertificateRequestKind:
    """Renewal beside a living certificate, re-issue after one ended by a change of position, else new."""
    rows = Certificate.objects.filter(user=user) if user else Certificate.objects.filter(agency=agency)
    if rows.living().exists():
        return CertificateRequestKind.RENEWAL
    moved = rows.filter(**MOVED).exists()
    return CertificateRequestKind.REISSUE if moved else CertificateRequestKind.NEW


def came_certified(certificate: Certificate) -> bool:
    """Whether an authority other than the site's has issued it, together with its key."""
    return CertificateRequest.objects.filter(certificate=certificate).exclude(chain="").exists()


def owed_reissues() -> QuerySet[Certificate]:
    """Certificates of people without a living one that ended by a change of position, and since when nobody
    has asked for another; the latest first.
    """
    asked = CertificateRequest.objects.filter(user=OuterRef("user"), requested_at__gte=OuterRef("status_at"))
    living = Certificate.objects.living().filter(user=OuterRef("user"))
    rows = Certificate.objects.filter(~Exists(asked), ~Exists(living), user__isnull=False, **MOVED)
    return rows.order_by(F("status_at").desc(), "-pk")


def owed_requests() -> QuerySet[CertificateRequest]:
    """Requests the house dropped because the office was left, with nothing asked for since; latest first."""
    asked = CertificateRequest.objects.filter(user=OuterRef("user"), requested_at__gte=OuterRef("settled_at"))
    living = Certificate.objects.living().filter(user=OuterRef("user"))
    dropped = Q(state=CertificateRequestState.WITHDRAWN, reason=OFFICE_LEFT, user__isnull=False)
    rows = CertificateRequest.objects.filter(dropped, ~Exists(asked), ~Exists(living))
    return rows.order_by(F("settled_at").desc(), "-pk")


def officers_for(certificate: Certificate) -> QuerySet[User]:
    """Whose work the certificate is today: the officers of its agency and of those above it."""
    place = certificate.agency_id or (certificate.position.agency_id if certificate.position else None)
    agencies = with_those_above(place) if place is not None else frozenset()
    rows = RegistrationOfficer.objects.in_force(clock.today()).filter(agency__in=agencies)
    return User.objects.filter(pk__in=rows.values("user"))


def holders_of(certificate: Certificate) -> QuerySet[User]:
    """The person; for a seal the leaders of the agency."""
    if certificate.agency_id is None:
        return User.objects.filter(certificates=certificate, is_active=True)
    leads = Appointment.objects.in_force(clock.today()).filter(
        position__agency=certificate.agency_id, position__duty=Duty.LEADER
    )
    return User.objects.filter(pk__in=leads.values("user"), is_active=True)
