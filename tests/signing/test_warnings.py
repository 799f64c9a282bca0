"""60, 30 and 7 days before the end, the holder and the officers are told, once a step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from ecabinet.accounts.enums import Duty
from ecabinet.common import clock
from signing import actions, rules
from signing.actions.certificate_warnings import warn_due
from signing.models import CertificateWarning
from signing.tasks import keep_register
from tests.signing.register_cast import Register, assemble, office, person

END = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.fixture
def register(db: None) -> Register:
    return assemble()


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (timedelta(days=60, seconds=1), None),
        (timedelta(days=60), 60),
        (timedelta(days=30, seconds=1), 60),
        (timedelta(days=30), 30),
        (timedelta(days=7), 7),
        (timedelta(seconds=1), 7),
        (timedelta(0), None),
        (timedelta(days=-1), None),
    ],
)
def test_the_step_reached_last(left: timedelta, step: int | None) -> None:
    assert rules.warning_step(END, END - left) == step


def told() -> list[tuple[str, str]]:
    found = [(message.to[0].split("@")[0], message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return sorted(found)


def test_each_step_is_told_once(register: Register) -> None:
    certificate = register.issued()
    people = ["first", "minister", "second"]
    for days, expected in ((61, []), (59, people), (45, []), (29, people), (6, people), (1, []), (-1, [])):
        with clock.starting_at(certificate.not_after - timedelta(days=days, hours=-1)):
            keep_register()
            keep_register()
        assert [name for name, _subject in told()] == expected, days


def test_words_and_address_are_the_readers(register: Register) -> None:
    certificate = register.issued()
    register.first.language = "en"
    register.first.save()
    with clock.starting_at(certificate.not_after - timedelta(days=20)):
        warn_due()
    bodies = {message.to[0]: (message.subject, message.body) for message in mail.outbox}
    subject, body = bodies[register.first.email]
    assert "20 days" in subject or "19 days" in subject
    assert f"/register/certificates/{certificate.pk}/" in body
    subject, body = bodies[register.minister.email]
    assert "ngày" in subject
    assert "/certificates/" in body
    assert "/register/" not in body


def test_one_found_late_is_told_of_the_nearest_step_only(register: Register) -> None:
    certificate = register.issued()
    with clock.starting_at(certificate.not_after - timedelta(days=3)):
        warn_due()
    assert set(CertificateWarning.objects.values_list("step", flat=True)) == {7}


def test_a_renewed_or_suspended_one_is_not_told_of(register: Register) -> None:
    certificate = register.issued()
    actions.report_loss(actor=register.minister, certificate_id=certificate.pk)
    with clock.starting_at(certificate.not_after - timedelta(days=20)):
        warn_due()
    assert told() == []


def test_a_seals_warning_goes_to_officers_and_leaders(register: Register) -> None:
    deputy = person("deputy", "Deputy", office(register.ministry, "Thứ trưởng", Duty.LEADER))
    seal = actions.issue_demo_certificate(actor=None, agency=register.department, ends_in=timedelta(days=20))
    warn_due()
    assert [name for name, _subject in told()] == ["below", "first", "second"]
    own = actions.issue_demo_certificate(actor=None, agency=register.ministry, ends_in=timedelta(days=20))
    warn_due()
    assert [name for name, _subject in told()] == [
        deputy.email.split("@")[0], "first", "minister", "second",
    ]  # fmt: skip
    assert seal.agency != own.agency


def test_a_mail_that_could_not_leave_is_sent_by_the_next_tick(register: Register, settings: object) -> None:
    certificate = register.issued()
    backend = settings.EMAIL_BACKEND  # type: ignore[attr-defined]  # pytest-django
    with clock.starting_at(certificate.not_after - timedelta(days=20)):
        settings.EMAIL_BACKEND = "tests.meetings.no_mail.Backend"  # type: ignore[attr-defined]
        with pytest.raises(OSError, match="away"):
            warn_due()
        settings.EMAIL_BACKEND = backend  # type: ignore[attr-defined]
        warn_due()
    assert [name for name, _subject in told()] == ["first", "minister", "second"]
