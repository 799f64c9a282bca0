"""Roles: never stored, always derived from appointments and from what other rooms know.

A room above this one adds its own source once, in its ``AppConfig.ready``::

    roles.register_source(memberships_as_roles)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from ecabinet.accounts.enums import Duty, Role
from ecabinet.accounts.models import Appointment
from ecabinet.common.clock import today

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ecabinet.accounts.models import User

Source = Callable[["User", date], Iterable[Role]]

_sources: list[Source] = []

DUTY_ROLES: dict[str, Role] = {
    Duty.LEADER: Role.LEADER,
    Duty.SECRETARIAT: Role.SECRETARIAT,
    Duty.CLERK: Role.CLERK,
    Duty.ARCHIVIST: Role.ARCHIVIST,
    Duty.AUDITOR: Role.AUDITOR,
    Duty.REGISTRAR: Role.REGISTRAR,
    Duty.ADMINISTRATOR: Role.ADMINISTRATOR,
}


def register_source(source: Source) -> None:
    """Add a function (user, day) → roles; adding the same one twice counts once."""
    if source not in _sources:
        _sources.append(source)


def roles_of(user: User | AnonymousUser, on: date | None = None) -> frozenset[Role]:
    """Every role the person holds on that day (today unless told); none for a stranger or a closed account.

    Asks the database each time: a role that ended this morning is gone now.
    """
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    day = on or today()
    found = set(_from_appointments(user, day))
    for source in _sources:
        found.update(source(user, day))
    return frozenset(found)


def _from_appointments(user: User, day: date) -> Iterable[Role]:
    duties = Appointment.objects.in_force(day).filter(user=user).values_list("position__duty", flat=True)
    return (DUTY_ROLES[duty] for duty in duties if duty in DUTY_ROLES)


def role_tokens(user: User) -> Iterable[str]:
    """``role:archivist`` and the like: what a role alone lets a person find."""
    return (f"role:{role.value}" for role in roles_of(user))
