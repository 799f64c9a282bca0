"""Reads about people: which offices they hold, and how their mandate is written."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from ecabinet.accounts.enums import AgencyKind
from ecabinet.accounts.models import Agency, Appointment, User, in_language


def offices(user: User, on: date) -> QuerySet[Appointment]:
    """Appointments in force that day, the principal one first, with position and agency loaded."""
    return (
        Appointment.objects.in_force(on)
        .filter(user=user)
        .select_related("position__agency")
        .order_by("position__rank", "starts_on", "pk")
    )


def office_text(appointment: Appointment) -> str:
    """“Bộ trưởng Bộ Y tế”, “Minister, Ministry of Health”: the title, and the agency unless it says it."""
    position = appointment.position
    title, agency = str(position), str(position.agency)
    if agency.casefold() in title.casefold():
        return title
    return in_language(
        f"{position.title} {position.agency.name}", f"{position.title_en or position.title}, {agency}"
    )


def mandate_text(user: User, on: date) -> str:
    """The office a person acts in that day, in the language of the screen; empty when there is none."""
    first = offices(user, on).first()
    return office_text(first) if first else ""


def government() -> Agency | None:
    """The agency whose name stands at the head of every page."""
    return Agency.objects.filter(kind=AgencyKind.GOVERNMENT).order_by("pk").first()
