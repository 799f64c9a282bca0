"""Reads about people: which offices they hold, and how their mandate is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from ecabinet.accounts.enums import AgencyKind
from ecabinet.accounts.models import Agency, Appointment, Position, User, in_language


def offices(user: User, on: date) -> QuerySet[Appointment]:
    """Appointments in force that day, the principal one first, with position and agency loaded."""
    return (
        Appointment.objects.in_force(on)
        .filter(user=user)
        .select_related("position__agency")
        .order_by("position__rank", "starts_on", "pk")
    )


def office_text(appointment: Appointment) -> str:
    """“Bộ trưởng Bộ Y tế”, “Director, Government Office”: the title, and the agency where it is not in it."""
    return position_text(appointment.position)


def position_text(position: Position) -> str:
    """The same for an office, whoever holds it."""
    agency = position.agency
    cabinet = agency.kind == AgencyKind.GOVERNMENT
    if agency.name.casefold() in position.title.casefold():
        return in_language(position.title, position.title_en)
    in_vietnamese = f"{position.title}{' ' if cabinet else ', '}{agency.name}"
    in_english = position.title_en if cabinet else f"{position.title_en}, {agency.name_en or agency.name}"
    return in_language(in_vietnamese, in_english if position.title_en else "")


def mandate_text(user: User, on: date) -> str:
    """The office a person acts in that day, in the language of the screen; empty when there is none."""
    first = offices(user, on).first()
    return office_text(first) if first else ""


def government() -> Agency | None:
    """The agency whose name stands at the head of every page."""
    return Agency.objects.filter(kind=AgencyKind.GOVERNMENT).order_by("pk").first()


def with_those_below(agencies: Iterable[int]) -> frozenset[int]:
    """These agencies and every one under them, by id; one query."""
    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    found, more = set(), set(agencies)
    while more:
        found |= more
        more = {child for child, parent in parents.items() if parent in more} - found
    return frozenset(found)


def with_those_above(agency: int) -> frozenset[int]:
    """The agency and every one it stands under, by id; one query."""
    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    above: int | None = agency
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return frozenset(found)
