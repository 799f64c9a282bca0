"""What ``/healthz`` and the doctor say, and that a dead worker's jobs are taken up again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ecabinet.common import clock
from ecabinet.operations import machine, outside
from ecabinet.operations.actions import LOST_AFTER, beat, leave, requeue_abandoned_jobs
from ecabinet.operations.doctor import advice, examine
from ecabinet.operations.health import STALE_AFTER, checked
from ecabinet.operations.models import Heartbeat, worker_part
from signing.models import PendingTimestamp

pytestmark = pytest.mark.django_db


def test_healthz_is_content_when_all_parts_beat(client: Client) -> None:
    beat(worker_part("one"))
    beat(worker_part("two", "signer"))
    beat("ticker")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["not_ready"]) == (200, [])


def test_healthz_names_the_part_that_went_silent(client: Client) -> None:
    beat("ticker")
    beat(worker_part("two", "signer"))
    with clock.starting_at(clock.now() - STALE_AFTER - timedelta(seconds=1)):
        beat(worker_part("one"))
    answer = client.get("/healthz", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["not_ready"]) == (503, ["worker"])
    assert "(+07:00); restart “ecabinet serve”" in answer.json()["parts"]["worker"]


def test_a_timestamp_that_does_not_come_is_a_warning_and_stops_nobody(client: Client) -> None:
    beat(worker_part("one"))
    beat(worker_part("two", "signer"))
    beat("ticker")
    since = clock.now() - timedelta(hours=25)
    PendingTimestamp.objects.create(sha256="a" * 64, subject="test:1", since=since, next_try=since)
    answer = client.get("/healthz", headers={"Accept-Language": "en"})
    assert (answer.status_code, list(answer.json()["warnings"])) == (200, ["waiting timestamps"])
    assert "1 signed document still has no timestamp" in answer.json()["warnings"]["waiting timestamps"]
    assert "waiting timestamps" in [finding.part for finding in examine() if not finding.ready]


def test_healthz_tells_strangers_no_inner_details() -> None:
    def broken() -> str:
        raise RuntimeError("password of 10.0.0.1 refused")

    finding = checked("redis", broken)
    assert "10.0.0.1" not in finding.words
    with translation.override("en"):
        assert advice(finding) == (
            "Redis: Start Redis or mend ECABINET_REDIS_URL; a site with one server process may leave it "
            "empty. (RuntimeError: password of 10.0.0.1 refused)"
        )


def running_job(worker_id: str) -> DBTaskResult[Any, Any]:
    return DBTaskResult.objects.create(
        task_path="meetings.tasks.any",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        status=TaskResultStatus.RUNNING,
        started_at=clock.now(),
        run_after=clock.now(),
        worker_ids=[worker_id],
    )


def test_jobs_of_a_silent_or_gone_worker_are_taken_up_again_and_no_others() -> None:
    with clock.starting_at(clock.now() - LOST_AFTER - timedelta(seconds=1)):
        beat(worker_part("killed"))
    beat(worker_part("left"))
    leave(worker_part("left"))
    beat(worker_part("living"))
    jobs = {name: running_job(name) for name in ("killed", "left", "living")}
    assert requeue_abandoned_jobs() == 2
    states = {name: DBTaskResult.objects.get(pk=job.pk).status for name, job in jobs.items()}
    assert states == {"killed": "READY", "left": "READY", "living": "RUNNING"}
    assert requeue_abandoned_jobs() == 0


def test_signs_of_life_of_long_gone_workers_are_forgotten() -> None:
    with clock.starting_at(clock.now() - timedelta(days=2)):
        beat(worker_part("old"))
    requeue_abandoned_jobs()
    assert not Heartbeat.objects.exists()


def test_the_doctor_finds_a_key_that_others_can_read() -> None:
    key = Path(settings.KEYS_DIR) / "custody" / "some.txt"
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_text("secret")
    key.chmod(0o640)
    try:
        assert str(key) in machine.signing_keys()
        key.chmod(0o600)
        assert machine.signing_keys() == ""
    finally:
        key.unlink()


def test_the_doctor_finds_signing_keys_that_do_not_open() -> None:
    key = Path(settings.KEYS_DIR) / "custody" / "0a.p12"
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_bytes(b"not a key file")
    key.chmod(0o600)
    try:
        with translation.override("en"):
            assert "cannot be opened" in machine.signing_keys()
    finally:
        key.unlink()


def test_the_doctor_finds_a_clock_that_stands_before_the_ledger() -> None:
    from django.db import transaction

    from ecabinet.ledger.actions import record

    assert machine.clock_is_right() == ""
    with clock.starting_at(clock.now() + timedelta(hours=1)), transaction.atomic():
        record(actor=None, act="test.act", subject="test:1")
    with translation.override("en"):
        assert "before the newest act" in machine.clock_is_right()


def test_the_doctor_asks_for_authorities_mail_and_time_stamps_of_a_real_site(
    settings: Any, tmp_path: Path
) -> None:
    settings.DEMO, settings.EMAIL_HOST, settings.TSA_URL, settings.TRUST_DIR = False, "", "", tmp_path
    with translation.override("en"):
        assert "ECABINET_MAIL_URL" in outside.mail()
        assert "ECABINET_TSA_URL" in outside.time_stamps()
        assert str(tmp_path) in outside.trust()


def test_the_doctor_looks_at_the_authority_that_issues_certificates(settings: Any) -> None:
    assert outside.issuing() == ""
    settings.DEMO = False
    settings.SIGNING_AUTHORITY = "signing.authority.demo_adapter.DemoAdapter"
    assert "ECABINET_SIGNING_AUTHORITY" in outside.issuing()
    settings.SIGNING_AUTHORITY = "signing.authority.manual.Nobody"
    finding = checked("authority", outside.issuing)
    with translation.override("en"):
        assert "docs/certificates.md" in advice(finding)
