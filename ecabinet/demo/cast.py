"""Agencies, people and the body of the demo."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.demo.content.people import AGENCIES, INVITEES, MEMBERS, STAFF, PersonRow, email
from meetings.actions import bodies
from meetings.enums import MembershipRole
from meetings.models import Body, Membership
from signing.actions import issue_demo_certificate

# Whose certificate is about to end, so that the warning can be seen.
ENDS_IN = {"tai-chinh": timedelta(days=25, hours=6)}


@dataclass
class Cast:
    """Who is who; people by the first part of their address, agencies by their code."""

    body: Body
    agencies: dict[str, Agency]
    people: dict[str, User] = field(default_factory=dict)
    members: list[Membership] = field(default_factory=list)

    @property
    def chair(self) -> User:
        return self.people[MEMBERS[0].login]

    @property
    def clerk(self) -> User:
        return self.people["thu-ky"]


def found() -> bool:
    return User.objects.exists()


def assemble() -> Cast:
    """Everybody in office since the first of January of last year."""
    since = date(clock.today().year - 1, 1, 1)
    agencies = _agencies()
    manager = _manager(agencies, since)
    body = bodies.create_body(
        actor=manager,
        name="Chính phủ",
        name_en="The Government",
        slug="chinh-phu",
        agency=agencies["G22"],
        symbol="CP",
    )
    cast = Cast(body, agencies, {"quan-tri": manager})
    for place, row in enumerate(MEMBERS, start=1):
        role = MembershipRole.CHAIR if place == 1 else MembershipRole.MEMBER
        cast.members.append(_seat(cast, row, role, place=place, since=since))
    for place, row in enumerate(INVITEES, start=len(MEMBERS) + 1):
        _seat(cast, row, MembershipRole.INVITEE, place=place, since=since)
    for row in (row for row in STAFF if row.login not in cast.people):
        cast.people[row.login] = _person(agencies, manager, row, since)
    issue_demo_certificate(actor=manager, agency=agencies["G22"])
    issue_demo_certificate(actor=manager, user=cast.clerk)  # who signs the minutes
    return cast


def _agencies() -> dict[str, Agency]:
    made: dict[str, Agency] = {}
    for row in AGENCIES:
        made[row.code] = accounts.create_agency(
            actor=None,
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            abbreviation=row.abbreviation,
            kind=row.kind,
            place="Hà Nội",
            parent=made.get(row.parent),
        )
    return made


def _manager(agencies: dict[str, Agency], since: date) -> User:
    row = next(row for row in STAFF if row.login == "quan-tri")
    return _person(agencies, None, row, since)


def _person(agencies: dict[str, Agency], actor: User | None, row: PersonRow, since: date) -> User:
    person = accounts.create_person(actor=actor, email=email(row.login), full_name=row.name)
    position = accounts.create_position(
        actor=actor, agency=agencies[row.agency], title=row.office, title_en=row.office_en, duty=row.duty
    )
    accounts.appoint(actor=actor, user=person, position=position, starts_on=since - timedelta(days=1))
    return person


def _seat(cast: Cast, row: PersonRow, role: MembershipRole, *, place: int, since: date) -> Membership:
    manager = cast.people["quan-tri"]
    person = _person(cast.agencies, manager, row, since)
    cast.people[row.login] = person
    if row.login in ENDS_IN:
        issue_demo_certificate(actor=manager, user=person, ends_in=ENDS_IN[row.login])
    else:
        issue_demo_certificate(actor=manager, user=person)
    return bodies.add_member(
        actor=manager,
        body=cast.body,
        user=person,
        role=role,
        office=row.office,
        office_en=row.office_en,
        seniority=place,
        starts_on=since,
    )
