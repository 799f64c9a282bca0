"""Reading what waits for a signature and which certificate to use."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from signing.enums import SIGNABLE_STATES
from signing.models import Certificate, PendingTimestamp, SigningRequest
from signing.renewal import Alarm


def waiting_for(user: User) -> QuerySet[SigningRequest]:
    """Open requests of this person, the most urgent and then the oldest first."""
    return SigningRequest.objects.filter(signer=user, state__in=SIGNABLE_STATES).order_by("-urgency", "id")


def settled_by(user: User, ids: Sequence[int]) -> QuerySet[SigningRequest]:
    """These requests of this person in any state, in the tray's order."""
    return SigningRequest.objects.filter(signer=user, pk__in=ids).order_by("-urgency", "id")


def certificate_of(user: User) -> Certificate:
    """The person's newest usable certificate. Raises DomainError ``no_certificate``."""
    found = Certificate.objects.filter(user=user).usable(clock.now()).first()
    if found is None:
        message = _("You have no valid signing certificate. Ask your registration officer for one.")
        raise DomainError("no_certificate", message, 409)
    return found


def organisation_certificate(agency: Agency) -> Certificate:
    """The agency's newest usable seal certificate. Raises DomainError ``no_seal``."""
    found = Certificate.objects.filter(agency=agency).usable(clock.now()).first()
    if found is None:
        message = _("%(agency)s has no valid seal certificate. Ask the registration officer for one.")
        raise DomainError("no_seal", message % {"agency": agency}, 409)
    return found


def waiting_timestamp(subject: str) -> PendingTimestamp | None:
    """Why the newest sealed file of this subject has no last timestamp yet."""
    return PendingTimestamp.objects.waiting().filter(subject=subject).last()


def alarming_timestamps() -> int:
    """How many signed files wait too long for their timestamp, or have a certificate that ends soon."""
    return PendingTimestamp.objects.alarming(clock.now()).count()


def algorithm_alarms() -> tuple[Alarm, ...]:
    """Methods that lose trust, as the site's setting tells."""
    return tuple(Alarm.parse(each) for each in settings.ALGORITHM_ALARMS)
