"""What a change of position does to certificates: no new signatures, and a request for the new office."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ecabinet.accounts.models import Appointment, User
from ecabinet.common import clock
from signing.actions.certificate_requests import drop_request, open_request
from signing.actions.certificates import disable_certificate
from signing.enums import OPEN_CERTIFICATE_REQUESTS, CertificateRequestKind, StatusReason
from signing.models import Certificate, CertificateRequest
from signing.permissions import holds_office
from signing.queries.register import OFFICE_LEFT, owed_reissues, owed_requests, principal_position

logger = logging.getLogger(__name__)


@transaction.atomic
def follow_offices(*, actor: User | None, user: User) -> None:
    """After a change of appointments: certificates that name an office left are disabled, requests for it
    dropped, and a re-issue for the office now held opens by itself. Registered with ``accounts.changes``.
    """
    left = [each for each in _living(user) if not holds_office(user, each.position_id, clock.today())]
    for each in left:
        disable_certificate(actor=actor, certificate_id=each.pk, reason=StatusReason.CHANGE_OF_POSITION)
    _drop_stale(actor, user)
    owed = owed_reissues().filter(user=user).first() or owed_requests().filter(user=user).first()
    if owed is not None:
        _reopen(actor, user, owed.backend)


def follow_all() -> None:
    """Offices that ended, or were taken up, without anybody writing anything today; for the ticker."""
    in_office = Appointment.objects.in_force(clock.today()).filter(user=OuterRef("user"))
    rows = (_doubtful(), owed_reissues().filter(Exists(in_office)), owed_requests().filter(Exists(in_office)))
    ids = {pk for each in rows for pk in each.values_list("user", flat=True)}
    for user in User.objects.filter(pk__in=ids):
        follow_offices(actor=None, user=user)


def _living(user: User) -> QuerySet[Certificate]:
    rows = Certificate.objects.living().filter(user=user, position__isnull=False)
    return rows.select_for_update(of=("self",))


def _doubtful() -> QuerySet[Certificate]:
    """Living certificates whose office is not held without an end today."""
    held = Appointment.objects.in_force(clock.today()).filter(
        user=OuterRef("user"), position=OuterRef("position"), ends_on=None
    )
    return Certificate.objects.living().filter(~Exists(held), position__isnull=False)


def _drop_stale(actor: User | None, user: User) -> None:
    rows = CertificateRequest.objects.filter(user=user, state__in=OPEN_CERTIFICATE_REQUESTS)
    for row in rows:
        if not holds_office(user, row.position_id, clock.today()):
            drop_request(actor=actor, request_id=row.pk, reason=OFFICE_LEFT)


def _reopen(actor: User | None, user: User, backend: str) -> None:
    position = principal_position(user, clock.today())
    if position is None or not user.is_active:
        return
    if backend not in settings.SIGNING_CUSTODY:
        logger.warning("no re-issue for user %s: this site has no custody %s", user.pk, backend)
        return
    open_request(
        actor=actor,
        user=user,
        agency=position.agency,
        position=position,
        backend=backend,
        kind=CertificateRequestKind.REISSUE,
    )
