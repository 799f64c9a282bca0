"""To whom an agency's certificates are delegated."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from signing.models import RegistrationOfficer
from signing.permissions import is_administrator


@transaction.atomic
def appoint_officer(
    *, actor: User, user: User, agency: Agency, since: date | None = None, until: date | None = None
) -> RegistrationOfficer:
    """An administrator delegates an agency, and those under it, to a person; nobody to themselves.

    ``since`` is today unless told. Raises Denied, DomainError ``bad_dates`` or ``not_active``, WrongState
    ``already_officer``.
    """
    if not is_administrator(actor) or actor.pk == user.pk:
        raise Denied(_("Registration officers are appointed by another person, a system administrator."))
    if not user.is_active:
        raise DomainError("not_active", _("This person may not sign in; choose somebody who may."))
    first = since or clock.today()
    if until is not None and until < first:
        raise DomainError("bad_dates", _("The last day is before the first."))
    try:
        with transaction.atomic():
            officer = RegistrationOfficer.objects.create(
                user=user, agency=agency, since=first, until=until, appointed_by=actor
            )
    except IntegrityError:
        message = _("This person is a registration officer of that agency already.")
        raise WrongState("already_officer", message) from None
    _record(actor, "registration_officer.appointed", officer)
    return officer


@transaction.atomic
def end_officer(*, actor: User, officer_id: int) -> RegistrationOfficer:
    """The delegation ends now: yesterday was its last day; one that began today never was."""
    if not is_administrator(actor):
        raise Denied(_("Registration officers are appointed by another person, a system administrator."))
    officer = RegistrationOfficer.objects.select_for_update(of=("self",)).filter(pk=officer_id).first()
    if officer is None:
        raise DomainError("no_such_officer", _("There is no such registration officer."), 404)
    yesterday = clock.today() - timedelta(days=1)
    if officer.until is not None and officer.until <= yesterday:
        raise WrongState("officer_ended", _("This delegation has ended already."))
    officer.until = yesterday
    officer.since = min(officer.since, yesterday)
    officer.save(update_fields=["since", "until"])
    _record(actor, "registration_officer.ended", officer)
    return officer


def _record(actor: User, act: str, officer: RegistrationOfficer) -> None:
    details = {"user": officer.user_id, "agency": officer.agency_id, "since": officer.since.isoformat()}
    record(actor=actor, act=act, subject=f"registration-officer:{officer.pk}", details=details)
