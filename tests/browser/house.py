"""A small government without any meeting: clerk, chair, five members, archivist; a role card for each."""

from __future__ import annotations

from datetime import date

import django

LONG_AGO = date(2020, 1, 1)
MEMBERS = ("y-te", "tai-chinh", "tu-phap", "nong-nghiep", "khoa-hoc")


def main() -> None:
    django.setup()
    from ecabinet.accounts import actions as accounts
    from ecabinet.accounts.enums import AgencyKind, Duty
    from ecabinet.accounts.models import User
    from ecabinet.demo.cards import DOMAIN
    from meetings.actions import bodies
    from meetings.enums import MembershipRole
    from signing.actions import issue_demo_certificate

    manager = User.objects.create_superuser(f"quan-tri@{DOMAIN}", full_name="Lý Quang Vinh")

    def person(login: str, name: str) -> User:
        return accounts.create_person(actor=manager, email=f"{login}@{DOMAIN}", full_name=name)

    government = accounts.create_agency(
        actor=manager,
        code="G22",
        name="Chính phủ",
        name_en="The Government",
        kind=AgencyKind.GOVERNMENT,
        place="Hà Nội",
    )
    office = accounts.create_agency(
        actor=manager, code="G22.01", name="Văn phòng", kind=AgencyKind.OFFICE, parent=government
    )
    accounts.create_agency(actor=manager, code="G13", name="Bộ Y tế", name_en="Ministry of Health")
    staff = (("thu-ky", "Nguyễn Lan Hương", Duty.SECRETARIAT), ("luu-tru", "Bùi Kim Oanh", Duty.ARCHIVIST))
    for login, name, duty in staff:
        seat = accounts.create_position(actor=manager, agency=office, title=str(duty.label), duty=duty)
        accounts.appoint(actor=manager, user=person(login, name), position=seat, starts_on=LONG_AGO)
    body = bodies.create_body(
        actor=manager, name="Chính phủ", name_en="Cabinet", slug="cabinet", agency=government, symbol="CP"
    )
    chair = person("thu-tuong", "Trần Quốc Khải")
    seats = [(chair, MembershipRole.CHAIR, "Thủ tướng Chính phủ")]
    seats += [(person(login, f"Thành viên {login}"), MembershipRole.MEMBER, "Bộ trưởng") for login in MEMBERS]
    for place, (user, role, title) in enumerate(seats):
        bodies.add_member(
            actor=manager, body=body, user=user, role=role, office=title, seniority=place, starts_on=LONG_AGO
        )
    issue_demo_certificate(actor=manager, agency=government)
    issue_demo_certificate(actor=manager, user=chair)


if __name__ == "__main__":
    main()
