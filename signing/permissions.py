"""Who may sign what."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Appointment, User
from ecabinet.common.clock import today
from signing.enums import CertificateStatus
from signing.models import Certificate, SigningRequest


def can_sign_with(user: User, certificate: Certificate) -> bool:
    """A personal certificate signs for its holder only."""
    return user.is_active and certificate.user_id is not None and certificate.user_id == user.pk


def can_settle(user: User, request: SigningRequest) -> bool:
    """Sign or return: only the person asked. Nobody signs for another."""
    return user.is_active and request.signer_id == user.pk


def can_look(user: User, request: SigningRequest) -> bool:
    """See the file itself: the person asked, and who asked."""
    return user.is_active and user.pk in (request.signer_id, request.requested_by_id)


def may_still_sign(certificate: Certificate, user: User, on: datetime) -> bool:
    """New signatures at that moment: in force, unexpired, the holder's own."""
    in_force = certificate.status == CertificateStatus.ACTIVE
    return (
        in_force and certificate.not_before <= on < certificate.not_after and can_sign_with(user, certificate)
    )


def administrators() -> QuerySet[User]:
    """System administrators in office today."""
    return _holding((Duty.ADMINISTRATOR,))


def can_see_timestamps(user: User) -> bool:
    """Which documents wait for their last timestamp (numbers only): secretariat and administrators."""
    return _holding((Duty.ADMINISTRATOR, Duty.SECRETARIAT)).filter(pk=user.pk).exists()


def _holding(duties: tuple[Duty, ...]) -> QuerySet[User]:
    held = Appointment.objects.in_force(today()).filter(position__duty__in=duties)
    return User.objects.filter(Q(is_superuser=True) | Q(pk__in=held.values("user")), is_active=True)
