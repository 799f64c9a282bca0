"""A ministry with its minister, clerk and two registration officers, an agency under it and one beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Agency, Appointment, Position, User
from signing import actions
from signing.models import Certificate, CertificateRequest

LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Register:
    ministry: Agency
    department: Agency  # under the ministry
    other: Agency
    minister: User
    seat: Position
    term: Appointment
    clerk: User
    first: User  # officers of the ministry
    second: User
    below: User  # officer of the department
    beside: User  # officer of the other agency
    admin: User

    def asked(self, **changed: object) -> CertificateRequest:
        """The minister asks for a certificate with a key of the house."""
        wish: dict[str, object] = {"actor": self.minister, "user": self.minister, "backend": "pkcs12"}
        return actions.request_certificate(**{**wish, **changed})  # type: ignore[arg-type]

    def issued(self) -> Certificate:
        request = self.asked()
        actions.approve_request(actor=self.first, request_id=request.pk)
        return actions.issue_certificate(actor=self.second, request_id=request.pk)


def person(login: str, name: str, position: Position | None = None) -> User:
    user = accounts.create_person(actor=None, email=f"{login}@example.vn", full_name=name)
    if position is not None:
        accounts.appoint(actor=None, user=user, position=position, starts_on=LONG_AGO)
    return user


def office(agency: Agency, title: str, duty: Duty = Duty.NONE) -> Position:
    return accounts.create_position(actor=None, agency=agency, title=title, title_en=title, duty=duty)


def assemble() -> Register:
    ministry = accounts.create_agency(actor=None, code="G13", name="Bộ Y tế", name_en="Ministry of Health")
    department = accounts.create_agency(actor=None, code="G13.01", name="Cục Y tế dự phòng", parent=ministry)
    other = accounts.create_agency(actor=None, code="G06", name="Bộ Tài chính", name_en="Finance")
    admin = User.objects.create_superuser("admin@example.vn", full_name="Admin")
    seat = office(ministry, "Bộ trưởng Bộ Y tế", Duty.LEADER)
    minister = person("minister", "Đặng Quỳnh Chi", seat)
    officers = [person(name, name.title()) for name in ("first", "second", "below", "beside")]
    for officer, agency in zip(officers, (ministry, ministry, department, other), strict=True):
        actions.appoint_officer(actor=admin, user=officer, agency=agency, since=LONG_AGO)
    return Register(
        ministry,
        department,
        other,
        minister,
        seat,
        Appointment.objects.get(user=minister),
        person("clerk", "Clerk", office(ministry, "Văn thư", Duty.CLERK)),
        *officers,
        admin,
    )
