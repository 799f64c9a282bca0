"""How far certificates have come: who holds one, what ends, what was signed of what was received."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import AgencyKind, Duty
from ecabinet.accounts.gestures import DemoGesture
from ecabinet.common import blobs, clock
from signing import actions
from signing.queries.coverage import Share, coverage
from tests.cast import client
from tests.signing.conftest import printed
from tests.signing.register_cast import Register, assemble, office, person


@pytest.fixture
def register(db: None) -> Register:
    return assemble()


def of(register: Register, code: str) -> object:
    return next(row for row in coverage().rows if row.agency.code == code)


def ask(register: Register, number: int) -> int:
    return actions.request_signature(
        actor=None,
        signer=register.minister,
        kind="test",
        subject=f"test:{number}",
        title="Quyết định",
        sha256=blobs.put_bytes(printed(f"{number}/QĐ-BYT")),
    ).pk


def test_the_figures_of_one_ministry(register: Register) -> None:
    person("deputy", "Deputy", office(register.ministry, "Thứ trưởng", Duty.LEADER))
    empty = of(register, "G13")
    assert (empty.holds, empty.leaders, empty.ending, empty.signed) == (False, Share(0, 2), 0, Share(0, 0))  # type: ignore[attr-defined]
    register.issued()
    actions.issue_demo_certificate(actor=None, agency=register.ministry, ends_in=timedelta(days=20))
    first, second, third = (ask(register, number) for number in (1, 2, 3))
    actions.authorise(actor=register.minister, request_ids=[first], gesture=DemoGesture())
    actions.withdraw(actor=None, request_id=second)
    assert third
    full = of(register, "G13")
    assert (full.holds, full.seal) == (True, True)  # type: ignore[attr-defined]
    assert (full.leaders, full.ending, full.signed) == (Share(1, 2), 1, Share(1, 2))  # type: ignore[attr-defined]
    found = coverage()
    [ministries] = found.kinds
    assert (ministries.kind, ministries.agencies, ministries.leaders) == (
        AgencyKind.MINISTRY, Share(1, 3), Share(1, 2),
    )  # fmt: skip
    assert (found.ending, found.signed, found.leaders.percent) == (1, Share(1, 2), 50)


def test_a_certificate_of_an_office_left_does_not_count(register: Register) -> None:
    register.issued()
    seat = office(register.other, "Bộ trưởng Bộ Tài chính", Duty.LEADER)
    accounts.end_appointment(
        actor=None, appointment=register.term, last_day=clock.today() - timedelta(days=1)
    )
    accounts.appoint(actor=None, user=register.minister, position=seat, starts_on=clock.today())
    assert of(register, "G13").leaders == Share(0, 0)  # type: ignore[attr-defined]
    assert of(register, "G06").leaders == Share(0, 1)  # type: ignore[attr-defined]


def test_the_same_number_of_questions_for_more_agencies(register: Register) -> None:
    register.issued()
    with CaptureQueriesContext(
        connection,
    ) as few:
        coverage()
    for number in range(5):
        agency = accounts.create_agency(actor=None, code=f"H{number}", name=f"Tỉnh {number}")
        person(f"lead{number}", f"Lead {number}", office(agency, "Chủ tịch", Duty.LEADER))
    with CaptureQueriesContext(connection) as many:
        coverage()
    assert len(few) == len(many)


def test_the_page_and_the_table(register: Register) -> None:
    register.issued()
    shown = client(register.admin).get("/register/coverage/").content.decode()
    assert "Bộ Tài chính" in shown
    own = client(register.first).get("/register/coverage/").content.decode()
    assert "Cục Y tế dự phòng" in own
    assert "Bộ Tài chính" not in own
    answer = client(register.first).get("/register/coverage.csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert [row[0] for row in rows[1:]] == ["G13", "G13.01"]
    assert rows[1][4:6] == ["1", "1"]


def test_a_name_is_no_formula(register: Register) -> None:
    register.ministry.name = "=HYPERLINK(1)"
    register.ministry.save()
    assert "'=HYPERLINK(1)" in client(register.first).get("/register/coverage.csv").content.decode()
