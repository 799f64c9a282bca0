"""A file from outside is analysed once, within limits, and again when what is trusted changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from ecabinet.common import blobs, clock
from signing.actions import SignedFile
from signing.actions.reports import LEASE, MOST_ATTEMPTS, analyse, request_report, take_up_lost
from signing.authority.demo import DemoAuthority
from signing.enums import ReportState
from signing.models import FileReport
from signing.queries.reports import REPORT_LIFE, holds, report_in
from signing.validation import ValidationReport, Verdict, validate
from signing.validation.limited import MEGABYTE, Limits, examine

HOUR = timedelta(hours=1)
Ask = Callable[[], FileReport]


@pytest.fixture
def ask(sealed: SignedFile, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Ask:
    def request() -> FileReport:
        with django_capture_on_commit_callbacks(execute=True):
            return request_report(sha256=sealed.sha256)

    return request


def jobs() -> int:
    return DBTaskResult.objects.filter(task_path="signing.tasks.analyse_file").count()


def test_it_is_analysed_once(ask: Ask, sealed_path: Path) -> None:
    assert (ask().state, ask().state, jobs()) == (ReportState.QUEUED, ReportState.QUEUED, 1)
    report = analyse(report_id=ask().pk)
    assert report is not None
    assert (report.state, report.verdict) == (ReportState.DONE, Verdict.GENUINE)
    assert report_in(report) == validate(sealed_path)
    assert (ask().state, jobs()) == (ReportState.DONE, 1)
    assert analyse(report_id=report.pk) is None


def test_other_trust_asks_again(ask: Ask, settings: Any, tmp_path: Path) -> None:
    analyse(report_id=ask().pk)
    settings.TRUST_DIR = tmp_path / "trust"
    settings.TRUST_DIR.mkdir()
    assert ask().state == ReportState.DONE
    stranger = DemoAuthority(tmp_path / "stranger").root_asn1
    (settings.TRUST_DIR / "root.pem").write_bytes(pem.armor("CERTIFICATE", stranger.dump()))
    assert (ask().state, jobs()) == (ReportState.QUEUED, 2)


def test_an_old_report_and_one_by_other_rules_ask_again(ask: Ask) -> None:
    analyse(report_id=ask().pk)
    with clock.starting_at(clock.now() + REPORT_LIFE - HOUR):
        assert holds(ask())
    with clock.starting_at(clock.now() + REPORT_LIFE + HOUR):
        assert ask().state == ReportState.QUEUED
    analyse(report_id=ask().pk)
    FileReport.objects.update(policy="before")
    assert ask().state == ReportState.QUEUED


def test_a_lost_job_is_taken_up_by_one_ticker(ask: Ask) -> None:
    row = ask()
    take_up_lost()
    assert jobs() == 1
    with clock.starting_at(clock.now() + timedelta(minutes=1)):
        take_up_lost()
        take_up_lost()
        assert jobs() == 2
    FileReport.objects.update(state=ReportState.RUNNING, retry_at=clock.now() + LEASE)
    assert analyse(report_id=row.pk) is None
    with clock.starting_at(clock.now() + LEASE + HOUR):
        take_up_lost()
        assert (jobs(), analyse(report_id=row.pk) is not None) == (3, True)
    row.refresh_from_db()
    assert row.state == ReportState.DONE


def test_in_the_end_it_is_given_up_and_tried_later(ask: Ask) -> None:
    row = ask()
    FileReport.objects.update(attempts=MOST_ATTEMPTS)
    given_up = analyse(report_id=row.pk)
    assert given_up is not None
    assert (given_up.state, report_in(given_up), ask().state) == (ReportState.FAILED, None, "failed")
    with clock.starting_at(clock.now() + 2 * HOUR):
        assert ask().state == ReportState.QUEUED


def test_a_file_that_is_gone_stays_waiting_and_is_said(ask: Ask, sealed: SignedFile) -> None:
    row = ask()
    path = blobs.path_of(sealed.sha256)
    path.rename(path.with_suffix(".away"))
    try:
        with pytest.raises(FileNotFoundError):
            analyse(report_id=row.pk)
    finally:
        path.with_suffix(".away").rename(path)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (ReportState.RUNNING, 1)


@pytest.mark.parametrize("limits", [Limits(48 * MEGABYTE, 10), Limits(512 * MEGABYTE, 0)])
def test_beyond_the_limits_nothing_is_concluded(sealed_path: Path, limits: Limits) -> None:
    """Memory: too little even to begin. Time: none at all."""
    report = examine(sealed_path, limits=limits)
    assert (report.verdict, [each.code for each in report.reasons]) == (Verdict.UNKNOWN, ["limits"])
    assert report.size == sealed_path.stat().st_size


def test_the_limited_process_says_what_this_one_says(sealed_path: Path, tmp_path: Path) -> None:
    assert examine(sealed_path) == validate(sealed_path)
    assert examine(sealed_path, trust=[]) == validate(sealed_path, trust=[])
    later = clock.now() + timedelta(days=365 * 20)
    with clock.starting_at(later):
        assert examine(sealed_path).verdict == Verdict.UNKNOWN
    path = tmp_path / "cut.pdf"
    path.write_bytes(sealed_path.read_bytes()[:-200])
    assert examine(path) == validate(path)


def test_a_report_survives_its_data(sealed_path: Path) -> None:
    report = validate(sealed_path)
    assert ValidationReport.from_data(report.as_data()) == report
