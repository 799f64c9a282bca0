"""Taking numbers from the registers."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.actions import record
from exchange.models import Register, Registration
from exchange.rules import is_series, notation


def take_number(*, actor: User | None, agency: Agency, series: str, subject: str, on: date) -> Registration:
    """The next number of the agency's series in the year of ``on``, in the caller's transaction.

    Numbers run from 1 without gaps: the register row stays locked until the caller commits, and a
    caller that rolls back gives the number back. Raises DomainError ``bad_series``,
    RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that uses it")
    if not is_series(series):
        message = _("“%(series)s” is not a series. Write it like NQ-CP: letters parted by hyphens.")
        raise DomainError("bad_series", message % {"series": series})
    register = _locked_register(agency, series, on.year)
    register.last_number += 1
    register.save(update_fields=["last_number"])
    registration = Registration.objects.create(
        register=register, number=register.last_number, subject=subject, registered_at=clock.now()
    )
    record(
        actor=actor,
        act="number.taken",
        subject=f"registration:{registration.pk}",
        details={
            "agency": agency.code,
            "year": on.year,
            "notation": notation(registration.number, series, on.year),
        },
    )
    return registration


def _locked_register(agency: Agency, series: str, year: int) -> Register:
    Register.objects.get_or_create(agency=agency, series=series, year=year)
    return Register.objects.select_for_update().get(agency=agency, series=series, year=year)
