"""The fixed small cast: a chair, two members, a clerk, an outsider and a manager, made by actions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pikepdf
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import AgencyKind, Duty
from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from meetings.actions import agenda, bodies, dossiers
from meetings.actions import written as ballots
from meetings.enums import DocumentRole, ItemKind, MembershipRole
from meetings.models import AgendaItem, Body, DocumentVersion, Dossier, Meeting, WrittenBallot
from signing.actions import issue_demo_certificate

LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Cast:
    manager: User
    clerk: User
    chair: User
    member: User
    second: User
    outsider: User
    government: Agency
    ministry: Agency
    body: Body


def person(name: str) -> User:
    email = f"{name.lower().replace(' ', '.')}@example.vn"
    return accounts.create_person(actor=None, email=email, full_name=name)


def assemble() -> Cast:
    """The government with its office; three voting members; a ministry nobody in the cast works for."""
    manager = User.objects.create_superuser("manager@example.vn", full_name="Manager")
    government = accounts.create_agency(
        actor=manager, code="G", name="Chính phủ", name_en="Government", kind=AgencyKind.GOVERNMENT
    )
    office = accounts.create_agency(
        actor=manager, code="G22", name="Văn phòng", kind=AgencyKind.OFFICE, parent=government
    )
    ministry = accounts.create_agency(actor=manager, code="G08", name="Bộ Y tế", name_en="Ministry of Health")
    desk = accounts.create_position(actor=manager, agency=office, title="Chuyên viên", duty=Duty.SECRETARIAT)
    people = [person(name) for name in ("Clerk", "Chair", "Member", "Second", "Outsider")]
    accounts.appoint(actor=manager, user=people[0], position=desk, starts_on=LONG_AGO)
    body = bodies.create_body(
        actor=manager, name="Chính phủ", name_en="Cabinet", slug="cabinet", agency=government, symbol="CP"
    )
    roles = (MembershipRole.CHAIR, MembershipRole.MEMBER, MembershipRole.MEMBER)
    for place, (user, role) in enumerate(zip(people[1:4], roles, strict=True)):
        bodies.add_member(actor=manager, body=body, user=user, role=role, seniority=place, starts_on=LONG_AGO)
    issue_demo_certificate(actor=manager, agency=government)
    return Cast(manager, *people, government, ministry, body)


def meeting(cast: Cast, *, days: int = 10, title: str = "Phiên họp tháng 11") -> Meeting:
    """A meeting of two hours, ``days`` from now."""
    starts = clock.now() + timedelta(days=days)
    return agenda.create_meeting(
        actor=cast.clerk,
        body=cast.body,
        title=title,
        title_en="November meeting",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
    )


def item(
    cast: Cast, on: Meeting, title: str = "Dự thảo Nghị quyết", kind: ItemKind = ItemKind.DECISION
) -> AgendaItem:
    return agenda.add_item(
        actor=cast.clerk, meeting=on, title=title, kind=kind, sponsor=cast.ministry, minutes=30
    )


def written(cast: Cast, *, days: int = 5, dossier: Dossier | None = None) -> WrittenBallot:
    """A written ballot, sent out to the three members."""
    draft = WrittenBallot(
        body=cast.body,
        title="Quy hoạch cảng biển",
        title_en="Seaport plan",
        question="Thông qua dự thảo Nghị quyết?",
        question_en="Adopt the draft resolution?",
        days=days,
        dossier=dossier,
    )
    return ballots.open_written(
        actor=cast.clerk, written=ballots.save_written(actor=cast.clerk, written=draft)
    )


def pdf(folder: Path, name: str = "paper.pdf", *, pages: int = 2, words: str = "") -> Path:
    """A sound PDF with one line of text on each page."""
    path = folder / name
    with pikepdf.new() as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(1, pages + 1):
            page = document.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            text = f"BT /F1 12 Tf 72 770 Td ({name} {words} page {number}) Tj ET"
            page.Contents = document.make_stream(text.encode())
        document.save(path)
    return path


def complete(cast: Cast, on: AgendaItem, folder: Path) -> tuple[Dossier, list[DocumentVersion]]:
    """A dossier with statement, draft and opinions, each with one version."""
    dossier = dossiers.create_dossier(actor=cast.clerk, agency=cast.ministry, title=on.title, item=on)
    versions = []
    for role in (DocumentRole.STATEMENT, DocumentRole.DRAFT, DocumentRole.OPINIONS):
        document = dossiers.add_document(actor=cast.clerk, dossier=dossier, role=role, title=str(role.label))
        path = pdf(folder, f"{role.value}-{on.pk}.pdf")
        versions.append(dossiers.add_version(actor=cast.clerk, document=document, path=path))
    return dossier, versions


def client(user: User) -> Client:
    """A browser in which ``user`` has signed in."""
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def fresh_client(user: User) -> Client:
    """A browser signed in a moment ago, so that step-up is not what refuses."""
    browser = client(user)
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser
