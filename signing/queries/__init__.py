"""Reading what waits for a signature and which certificate to use."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from signing.enums import SIGNABLE_STATES
from signing.models import Certificate, SigningRequest
from signing.permissions import holds_office


def waiting_for(user: User) -> QuerySet[SigningRequest]:
    """Open requests of this person, the most urgent and then the oldest first."""
    return SigningRequest.objects.filter(signer=user, state__in=SIGNABLE_STATES).order_by("-urgency", "id")


def settled_by(user: User, ids: Sequence[int]) -> QuerySet[SigningRequest]:
    """These requests of this person in any state, in the tray's order."""
    return SigningRequest.objects.filter(signer=user, pk__in=ids).order_by("-urgency", "id")


def certificate_of(user: User) -> Certificate:
    """The person's newest usable certificate that names no office they have left.

    Raises DomainError ``no_certificate``.
    """
    usable = Certificate.objects.filter(user=user).usable(clock.now())
    found = next((each for each in usable if holds_office(user, each.position_id, clock.today())), None)
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
