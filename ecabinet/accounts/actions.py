"""People, agencies, positions and who holds them. The permission to do so is the caller's to check:
these rows are written by set-up commands and by the administration, which both know who asks.
"""

from __future__ import annotations

from datetime import date

from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts import changes
from ecabinet.accounts.enums import AgencyKind, Duty
from ecabinet.accounts.models import Agency, Appointment, Position, User
from ecabinet.common.errors import Denied, DomainError
from ecabinet.ledger.actions import record


@transaction.atomic
def create_agency(
    *,
    actor: User | None,
    code: str,
    name: str,
    name_en: str = "",
    kind: AgencyKind = AgencyKind.MINISTRY,
    abbreviation: str = "",
    legacy_code: str = "",
    place: str = "",
    parent: Agency | None = None,
) -> Agency:
    """A new agency. Raises DomainError ``bad_agency`` with the sentences of what is wrong."""
    agency = Agency(
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        abbreviation=abbreviation,
        legacy_code=legacy_code,
        place=place,
        parent=parent,
    )
    _validate(agency, "bad_agency")
    agency.save()
    record(actor=actor, act="agency.created", subject=f"agency:{agency.pk}", details={"code": code})
    return agency


@transaction.atomic
def create_person(
    *, actor: User | None, email: str, full_name: str, password: str | None = None, language: str = "vi"
) -> User:
    """A new account, without any right until an appointment or membership gives one.

    Without a password the person signs in by passkey or asks for a link. Raises DomainError ``bad_person``.
    """
    person = User(email=email.strip().lower(), full_name=full_name.strip(), language=language)
    person.set_password(password)
    _validate(person, "bad_person")
    person.save()
    record(actor=actor, act="person.created", subject=f"user:{person.pk}")
    return person


@transaction.atomic
def create_position(
    *,
    actor: User | None,
    agency: Agency,
    title: str,
    title_en: str = "",
    duty: Duty = Duty.NONE,
    rank: int = 100,
) -> Position:
    """A new office in an agency; ``rank`` orders it, the smaller number first."""
    position = Position(agency=agency, title=title, title_en=title_en, duty=duty, rank=rank)
    _validate(position, "bad_position")
    position.save()
    record(actor=actor, act="position.created", subject=f"position:{position.pk}")
    return position


@transaction.atomic
def appoint(*, actor: User | None, user: User, position: Position, starts_on: date) -> Appointment:
    """The person holds the position from that day on. Raises DomainError ``bad_appointment``."""
    appointment = Appointment(user=user, position=position, starts_on=starts_on)
    _validate(appointment, "bad_appointment")
    appointment.save()
    _record_appointment(actor, "appointment.made", appointment)
    changes.tell(actor=actor, user=user)
    return appointment


@transaction.atomic
def end_appointment(*, actor: User | None, appointment: Appointment, last_day: date) -> Appointment:
    """The person holds the position until ``last_day``, that day included; rights end with it."""
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if last_day < held.starts_on:
        raise DomainError("bad_appointment", _("The last day is before the first."))
    held.ends_on = last_day
    held.save(update_fields=["ends_on"])
    _record_appointment(actor, "appointment.ended", held)
    changes.tell(actor=actor, user=held.user)
    return held


def _record_appointment(actor: User | None, act: str, appointment: Appointment) -> None:
    details = {
        "user": appointment.user_id,
        "position": appointment.position_id,
        "from": appointment.starts_on.isoformat(),
        "until": appointment.ends_on.isoformat() if appointment.ends_on else "",
    }
    record(actor=actor, act=act, subject=f"appointment:{appointment.pk}", details=details)


def _validate(row: Agency | User | Position | Appointment, code: str) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise DomainError(code, " ".join(error.messages)) from None


def choose_look(*, actor: User, theme: str, text_size: str, high_contrast: bool, language: str) -> None:
    """Keep how this person wants their screens; of no legal relevance, so it is not in the ledger."""
    actor.theme, actor.text_size = theme, text_size
    actor.high_contrast, actor.language = high_contrast, language
    actor.save(update_fields=["theme", "text_size", "high_contrast", "language"])


def end_session(*, actor: User, session: UserSession) -> None:
    """Sign one of the person's devices out; its open pages learn it within seconds. Not in the ledger."""
    if session.user_id != actor.pk:
        raise Denied(_("Only your own devices can be signed out here."))
    session.end()


@transaction.atomic
def save_agency(*, actor: User, agency: Agency) -> Agency:
    """Write a new or changed agency. Raises DomainError ``bad_agency``."""
    act = "agency.changed" if agency.pk else "agency.created"
    _validate(agency, "bad_agency")
    agency.save()
    record(actor=actor, act=act, subject=f"agency:{agency.pk}", details={"code": agency.code})
    return agency


@transaction.atomic
def save_person(*, actor: User, person: User) -> User:
    """Write a new or changed account. A new one has no password: the person asks for a link or has a passkey.

    Raises DomainError ``bad_person``.
    """
    is_new = not User.objects.filter(pk=person.pk).exists()
    act = "person.created" if is_new else "person.changed"
    person.email = person.email.strip().lower()
    if is_new:
        person.set_unusable_password()
    _validate(person, "bad_person")
    person.save()
    record(actor=actor, act=act, subject=f"user:{person.pk}", details={"may_sign_in": person.is_active})
    return person


@transaction.atomic
def save_position(*, actor: User, position: Position) -> Position:
    """Write a new or changed office. Raises DomainError ``bad_position``."""
    act = "position.changed" if position.pk else "position.created"
    _validate(position, "bad_position")
    position.save()
    details = {"agency": position.agency_id, "duty": str(position.duty)}
    record(actor=actor, act=act, subject=f"position:{position.pk}", details=details)
    return position


@transaction.atomic
def save_appointment(*, actor: User, appointment: Appointment) -> Appointment:
    """Write a new or changed appointment; what was signed under it stays as it was."""
    act = "appointment.changed" if appointment.pk else "appointment.made"
    _validate(appointment, "bad_appointment")
    before = list(User.objects.filter(appointments=appointment.pk).exclude(pk=appointment.user_id))
    appointment.save()
    _record_appointment(actor, act, appointment)
    for user in (*before, appointment.user):
        changes.tell(actor=actor, user=user)
    return appointment
