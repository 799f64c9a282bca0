"""No reach beyond one's rights: every route of the URL map, for every role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver

from archive.actions import deposit
from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import Duty
from ecabinet.accounts.models import Agency, User
from ecabinet.common import blobs
from meetings.actions.distribution import distribute
from signing.actions import request_signature
from tests import cast as casting
from tests.accounts.matrix import ROLES, ROWS, Row
from tests.conftest import FOLDERS

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Wagtail's own views ask for its permission to enter; its tests prove that they do.
NOT_OURS = ("admin/",)


@dataclass(frozen=True)
class Scene:
    """The objects behind the paths, and a browser for each role."""

    ids: dict[str, int]
    browsers: dict[str, Client]


def routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield route
        elif not route.startswith(NOT_OURS):
            yield from routes(entry, route)


def test_every_route_is_in_the_table() -> None:
    known = {row.route for row in ROWS}
    there = {route for route in routes(get_resolver()) if not route.startswith(NOT_OURS)}
    assert there - known == set(), "new routes: add them to tests/accounts/matrix.py"
    assert known - there == set(), "routes that are gone"


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any, data_folder: Path) -> Iterator[Scene]:
    """One cabinet for the whole table; every request is undone, so no row sees the one before."""
    own = {name: data_folder / folder for name, folder in FOLDERS.items()}
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**own):
            built = assemble(data_folder)
        yield built
        transaction.set_rollback(True)


def assemble(folder: Path) -> Scene:
    cast = casting.assemble()
    meeting = casting.meeting(cast)
    item = casting.item(cast, meeting)
    versions = casting.complete(cast, item, folder)[1]
    distribute(actor=cast.clerk, meeting=meeting)
    sheet = blobs.put_file(casting.pdf(folder, "decision.pdf"))[0]
    record = deposit(
        actor=None,
        reference="36/NQ-CP",
        title="Về bảo đảm an ninh nguồn nước",
        title_en="On water security",
        kind="NQ",
        agency_name="Chính phủ",
        signer_name="Chair",
        issued_on=date(2026, 11, 26),
        main=sheet,
        verify_code="ABCDEF123456",
        acl=[f"body:{cast.body.pk}", "role:archivist"],
    )
    request = request_signature(
        actor=cast.clerk,
        signer=cast.chair,
        kind="matrix",
        subject="matrix:1",
        title="Nghị quyết",
        sha256=sheet,
    )
    seat = cast.body.memberships.get(user=cast.member)
    ids = {
        "meeting": meeting.pk,
        "item": item.pk,
        "version": versions[0].pk,
        "record": record.pk,
        "request": request.pk,
        "seat": seat.pk,
        "written": casting.written(cast).pk,
    }
    people = {
        "outsider": cast.outsider,
        "member": cast.member,
        "chair": cast.chair,
        "secretariat": cast.clerk,
        "archivist": archivist(cast.manager, cast.government),
    }
    return Scene(
        ids, {"anonymous": Client(), **{role: casting.fresh_client(user) for role, user in people.items()}}
    )


def archivist(manager: User, agency: Agency) -> User:
    keeper = casting.person("Keeper")
    archive = accounts.create_position(actor=manager, agency=agency, title="Lưu trữ", duty=Duty.ARCHIVIST)
    accounts.appoint(actor=manager, user=keeper, position=archive, starts_on=casting.LONG_AGO)
    return keeper


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_each_role_gets_what_it_may(row: Row, scene: Scene, django_db_blocker: Any) -> None:
    path, body = (text.format(**scene.ids) for text in (row.path, row.body))
    found = {}
    with django_db_blocker.unblock():
        for role, browser in scene.browsers.items():
            point = transaction.savepoint()
            answer = browser.generic(row.method.upper(), path, body, "application/json")
            found[role] = answer.status_code
            b"".join(getattr(answer, "streaming_content", ()))
            transaction.savepoint_rollback(point)
    assert found == dict(zip(ROLES, row.statuses, strict=True))


def test_strangers_are_sent_to_the_sign_in_page_and_back(db: None) -> None:
    answer = Client().get("/meetings/?page=2")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=%2Fmeetings%2F%3Fpage%3D2"


def test_a_form_sent_after_the_session_ended_is_answered_in_words(db: None) -> None:
    answer = Client().post("/items/1/position/", {"stance": "agree"}, HTTP_REFERER="/meetings/1/")
    assert answer.status_code == 401
    assert "/meetings/1/" in answer.content.decode()
