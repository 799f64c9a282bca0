"""The queue of waiting timestamps, against a real time-stamping authority and OCSP responder over HTTP."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core import mail
from django.utils import translation

from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, WrongState
from signing import actions, completions, tasks
from signing.actions import SignedFile, alarms, timestamps
from signing.authority import DemoAuthority, demo_authority, identities
from signing.enums import Level, Trouble
from signing.models import PendingTimestamp
from signing.validation import Verdict, validate
from tests.signing import services
from tests.signing.conftest import Signers, printed
from tests.signing.services import Hang, Refusal, Responder, Service

DISCARD = "http://127.0.0.1:9/"  # nobody there


@pytest.fixture
def tsa(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(settings, "TSA_TIMEOUT", 1)
    with services.serving(services.stamping(demo_authority())) as service:
        monkeypatch.setattr(settings, "TSA_URL", service.url)
        yield service


def stranger(tmp_path: Path) -> DemoAuthority:
    return DemoAuthority(tmp_path / "stranger")


LIES: dict[str, tuple[Callable[[Path], services.Answer], Trouble]] = {
    "nonce": (lambda _: services.changing(demo_authority(), services.other_nonce), Trouble.TSA_WRONG),
    "no nonce": (lambda _: services.changing(demo_authority(), services.no_nonce), Trouble.TSA_WRONG),
    "imprint": (lambda _: services.changing(demo_authority(), services.other_imprint), Trouble.TSA_WRONG),
    "forged": (lambda _: services.forged(demo_authority()), Trouble.TSA_WRONG),
    "nonsense": (lambda _: services.saying(b"<html>Welcome to our proxy</html>"), Trouble.TSA_WRONG),
    "nothing": (lambda _: services.saying(b""), Trouble.TSA_WRONG),
    "endless": (lambda _: services.saying(bytes(2_000_000)), Trouble.TSA_WRONG),
    "stranger": (lambda path: services.stamping(stranger(path)), Trouble.TSA_UNTRUSTED),
    "late clock": (
        lambda _: services.at_another_time(demo_authority(), timedelta(minutes=6)),
        Trouble.TSA_CLOCK,
    ),
    "early clock": (
        lambda _: services.at_another_time(demo_authority(), timedelta(minutes=-6)),
        Trouble.TSA_CLOCK,
    ),
    "rejection": (lambda _: services.refusing, Trouble.TSA_REFUSES),
    "error": (lambda _: services.raising(Refusal("503")), Trouble.TSA_REFUSES),
    "redirect": (lambda _: services.raising(Refusal("302")), Trouble.TSA_REFUSES),
    "silence": (lambda _: services.raising(Hang()), Trouble.TSA_AWAY),
    "drops": (lambda _: services.raising(Hang(b"H")), Trouble.TSA_AWAY),
}


def seal(signers: Signers, signed: SignedFile) -> SignedFile:
    sealed = actions.seal_pdf(actor=signers.person, sha256=signed.sha256, certificate=signers.seal)
    actions.wait_for_timestamp(signed=sealed, kind="test", subject="test:1", reference="36/NQ-CP")
    return sealed


def in_an_hour() -> Any:
    return clock.starting_at(clock.now() + timedelta(hours=1))


@pytest.mark.parametrize("lie", LIES)
def test_a_bad_answer_is_refused_named_and_completed_later(
    signers: Signers, signed: SignedFile, tsa: Service, tmp_path: Path, lie: str
) -> None:
    make, trouble = LIES[lie]
    tsa.answer = make(tmp_path)
    sealed = seal(signers, signed)
    assert tsa.asked
    assert (sealed.level, sealed.timestamp_pending, sealed.trouble) == (Level.B, True, trouble)
    # No token of this authority is in the seal, nor behind it.
    seal_report = validate(blobs.path_of(sealed.sha256)).signatures[-1]
    assert (seal_report.signer, seal_report.time_proven) == ("Chính phủ", False)
    row = PendingTimestamp.objects.get()
    assert (row.sha256, row.trouble, row.attempts) == (sealed.sha256, trouble, 0)
    tsa.answer = services.stamping(demo_authority())
    row.next_try = clock.now()
    row.save()
    assert timestamps.work_off() == 1
    row.refresh_from_db()
    assert (row.trouble, row.last_error) == ("", "")
    report = validate(blobs.path_of(row.result_sha256))
    assert (report.verdict, report.level, report.bytes_after) == (Verdict.GENUINE, "B-LTA", 0)
    assert blobs.get(row.result_sha256).startswith(blobs.get(sealed.sha256))


def test_a_time_within_the_tolerance_is_taken(signers: Signers, signed: SignedFile, tsa: Service) -> None:
    tsa.answer = services.at_another_time(demo_authority(), timedelta(minutes=4))
    assert not actions.seal_pdf(actor=None, sha256=signed.sha256, certificate=signers.seal).timestamp_pending


def test_nobody_there_is_a_file_that_waits(
    signers: Signers, signed: SignedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TSA_URL", DISCARD)
    assert seal(signers, signed).trouble == Trouble.TSA_AWAY
    monkeypatch.setattr(settings, "TSA_URL", "")
    monkeypatch.setattr(settings, "DEMO", False)
    with in_an_hour():
        assert timestamps.work_off() == 0
    assert PendingTimestamp.objects.get().trouble == Trouble.NO_TSA


@pytest.fixture
def waiting(signers: Signers, signed: SignedFile, tsa: Service) -> PendingTimestamp:
    """One file that waits; the authority is healthy again."""
    good, tsa.answer = tsa.answer, services.raising(Refusal("503"))
    seal(signers, signed)
    tsa.answer = good
    return PendingTimestamp.objects.get()


def test_the_pauses_double_up_to_ten_minutes(waiting: PendingTimestamp, tsa: Service) -> None:
    tsa.answer = services.raising(Refusal("503"))
    pauses, moment = [], clock.now()
    for _attempt in range(9):
        waiting.refresh_from_db()
        moment = waiting.next_try
        with clock.starting_at(moment), clock.held():
            assert timestamps.work_off() == 0
        waiting.refresh_from_db()
        pauses.append((waiting.next_try - moment).total_seconds())
    assert [round(each) for each in pauses] == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert waiting.attempts == 9


def test_one_question_finds_out_for_all(signers: Signers, waiting: PendingTimestamp, tsa: Service) -> None:
    for number in range(2, 6):
        other = blobs.put_bytes(printed(f"{number}/NQ-CP"))
        signed = actions.sign_pdf(actor=signers.person, sha256=other, certificate=signers.own)
        row = {"kind": "test", "subject": f"test:{number}", "reference": ""}
        actions.wait_for_timestamp(signed=actions.pending(signed.sha256), **row)
    tsa.answer, tsa.asked = services.raising(Refusal("503")), 0
    with in_an_hour():
        assert timestamps.work_off() == 0
        assert tsa.asked == 1
        assert timestamps.work_off() == 0
        assert tsa.asked == 1
    tsa.answer = services.stamping(demo_authority())
    with clock.starting_at(clock.now() + timedelta(hours=2)):
        tsa.answer = services.at_another_time(demo_authority(), timedelta(hours=2))
        assert timestamps.work_off() == 5
    assert not PendingTimestamp.objects.waiting().exists()


def test_who_waits_is_told_once(waiting: PendingTimestamp, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    monkeypatch.setitem(completions._timestamped, "test", lambda **facts: told.append(facts))
    completed = actions.complete_timestamp(actor=None, sha256=waiting.sha256)
    timestamps._finish(waiting, completed)
    timestamps._finish(waiting, completed)
    expected = {"subject": "test:1", "before": waiting.sha256, "sha256": completed.sha256}
    assert told == [expected]


def test_a_refusal_of_who_is_told_leaves_the_row(
    waiting: PendingTimestamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_facts: str) -> None:
        raise WrongState("no", "not now")

    monkeypatch.setitem(completions._timestamped, "test", refuse)
    with clock.starting_at(waiting.next_try):
        assert timestamps.work_off() == 0
    waiting.refresh_from_db()
    assert (waiting.done_at, waiting.result_sha256, waiting.trouble) == (None, "", Trouble.BROKEN)


def test_two_processes_do_not_take_the_same_row(waiting: PendingTimestamp) -> None:
    with clock.starting_at(waiting.next_try):
        first, second = timestamps._due(5), timestamps._due(5)
        assert [row.pk for row in first] == [waiting.pk]
        assert list(second) == []


def test_a_lost_file_is_said_and_holds_up_nobody(waiting: PendingTimestamp) -> None:
    blobs.path_of(waiting.sha256).unlink()
    with clock.starting_at(waiting.next_try):
        assert timestamps.work_off() == 0
    waiting.refresh_from_db()
    assert waiting.trouble == Trouble.BROKEN
    assert "FileNotFoundError" in waiting.last_error


KILLED = """
import os, signal
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
settings.TSA_URL, settings.BLOB_DIR, settings.KEYS_DIR = {tsa!r}, {blobs!r}, {keys!r}
import django
django.setup()
from signing import completions
from signing.actions import timestamps
def die(**facts):
    os.kill(os.getpid(), signal.SIGKILL)
completions.register_timestamped("test", die)
timestamps.work_off()
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_at_the_last_moment_leaves_a_row_that_is_tried_again(
    waiting: PendingTimestamp, tsa: Service
) -> None:
    """Killed when everything is done but the commit: the completed file is stored, the row untouched."""
    from django.db import connection

    waiting.next_try = clock.now()
    waiting.save()
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "mode=memory" in name or name == ":memory:":
        pytest.skip("needs a database another process can open")
    script = KILLED.format(
        database=name, tsa=tsa.url, blobs=str(settings.BLOB_DIR), keys=str(settings.KEYS_DIR)
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    waiting.refresh_from_db()
    assert (waiting.done_at, waiting.attempts) == (None, 1)
    with in_an_hour():
        tsa.answer = services.at_another_time(demo_authority(), timedelta(hours=1))
        assert timestamps.work_off() == 1
    waiting.refresh_from_db()
    assert validate(blobs.path_of(waiting.result_sha256)).level == "B-LTA"


def test_the_tick_asks_nobody_itself(waiting: PendingTimestamp, tsa: Service) -> None:
    from django_tasks_db.models import DBTaskResult

    tsa.asked = 0
    tasks.tick()
    assert not DBTaskResult.objects.exists()
    with in_an_hour():
        tasks.tick()
    assert DBTaskResult.objects.get().task_path == "signing.tasks.complete_timestamps"
    assert tsa.asked == 0


def test_try_now_is_for_secretariat_and_administrators(signers: Signers, waiting: PendingTimestamp) -> None:
    with pytest.raises(Denied):
        actions.try_now(actor=signers.person, pending_id=waiting.pk)
    manager = type(signers.person).objects.create_superuser("m@example.vn", full_name="Manager")
    row = actions.try_now(actor=manager, pending_id=waiting.pk)
    assert row.next_try <= clock.now()
    assert timestamps.work_off() == 1
    with pytest.raises(WrongState):
        actions.try_now(actor=manager, pending_id=waiting.pk)


def test_an_alarm_after_a_day_or_before_a_certificate_ends(
    signers: Signers, waiting: PendingTimestamp
) -> None:
    manager = type(signers.person).objects.create_superuser("m@example.vn", full_name="Manager")
    tasks.alarm()
    assert not mail.outbox
    with clock.starting_at(waiting.since + timedelta(hours=25)):
        tasks.alarm()
        tasks.alarm()
    assert [message.to for message in mail.outbox] == [[manager.email]]
    assert "36/NQ-CP" in mail.outbox[0].body
    assert waiting.certificates_end is not None
    PendingTimestamp.objects.update(alarmed_at=None)
    PendingTimestamp.objects.update(since=waiting.certificates_end - timedelta(days=29))
    with clock.starting_at(waiting.certificates_end - timedelta(days=29)), translation.override("en"):
        assert alarms.raise_alarm() == 1
    assert len(mail.outbox) == 2


# --- revocation answers, from a real responder ---------------------------------------------------


@pytest.fixture
def real(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: None, request: pytest.FixtureRequest
) -> Iterator[tuple[Signers, SignedFile, Service, Responder]]:
    """A site without the demo's help: authority, TSA and OCSP responder are other machines."""
    monkeypatch.setattr(settings, "KEYS_DIR", tmp_path / "keys")
    monkeypatch.setattr(settings, "TRUST_DIR", tmp_path / "trust")
    monkeypatch.setattr(settings, "TSA_TIMEOUT", 2)
    with services.serving(services.busy) as revocation:
        monkeypatch.setattr(identities, "OCSP_ADDRESS", revocation.url)
        authority = demo_authority()
        with services.serving(services.stamping(authority)) as tsa:
            monkeypatch.setattr(settings, "TSA_URL", tsa.url)
            signers: Signers = request.getfixturevalue("signers")
            issued = [_issued(each.chain) for each in (signers.own, signers.seal)]
            responder = Responder(authority, [*issued, authority.tsa_certificate])
            revocation.answer = responder.honest
            settings.TRUST_DIR.mkdir()
            root = authority.root.certificate.public_bytes(Encoding.PEM)
            (settings.TRUST_DIR / "root.pem").write_bytes(root)
            monkeypatch.setattr(settings, "DEMO", False)
            sha256 = blobs.put_bytes(printed())
            signed = actions.sign_pdf(actor=signers.person, sha256=sha256, certificate=signers.own)
            yield signers, signed, revocation, responder


def _issued(chain: str) -> x509.Certificate:
    return x509.load_pem_x509_certificates(chain.encode())[0]


Real = tuple[Signers, SignedFile, Service, Responder]


def test_without_the_demo_it_is_completed_over_http(real: Real) -> None:
    signers, signed, revocation, _responder = real
    sealed = actions.seal_pdf(actor=None, sha256=signed.sha256, certificate=signers.seal)
    assert (sealed.level, sealed.detail) == (Level.LTA, "")
    assert revocation.asked >= 3
    assert validate(blobs.path_of(sealed.sha256)).verdict == Verdict.GENUINE


BAD_ANSWERS: dict[str, Callable[[Responder], services.Answer]] = {
    "unknown": lambda responder: responder.unknown,
    "stale": lambda responder: responder.stale,
    "foreign": lambda responder: responder.foreign,
    "forged": lambda responder: responder.forged,
    "busy": lambda _: services.busy,
    "nonsense": lambda _: services.saying(b"hello"),
    "down": lambda _: services.raising(Refusal("500")),
}


@pytest.mark.parametrize("bad", BAD_ANSWERS)
def test_no_usable_answer_on_revocation_waits_and_is_completed(real: Real, bad: str) -> None:
    signers, signed, revocation, responder = real
    revocation.answer = BAD_ANSWERS[bad](responder)
    sealed = seal(signers, signed)
    assert (sealed.timestamp_pending, sealed.trouble) == (True, Trouble.NO_ANSWER), sealed.detail
    revocation.answer = responder.honest
    PendingTimestamp.objects.update(next_try=clock.now())
    assert timestamps.work_off() == 1
    report = validate(blobs.path_of(PendingTimestamp.objects.get().result_sha256))
    assert (report.verdict, report.level) == (Verdict.GENUINE, "B-LTA")


def test_revoked_before_any_timestamp_is_said_and_never_completed(real: Real) -> None:
    signers, signed, _revocation, responder = real
    responder.authority.revoke(int(signers.own.serial, 16), clock.now() - timedelta(days=1))
    sealed = seal(signers, signed)
    assert (sealed.timestamp_pending, sealed.trouble) == (True, Trouble.REVOKED), sealed.detail


def test_revoked_after_the_own_timestamp_is_completed_and_genuine(real: Real) -> None:
    """The person signed, a minute later lost the card, a minute after that the agency sealed."""
    signers, _signed, _revocation, responder = real
    minute = timedelta(minutes=1)
    with services.serving(services.at_another_time(responder.authority, -2 * minute)) as early:
        here, settings.TSA_URL = settings.TSA_URL, early.url
        sha256 = blobs.put_bytes(printed())
        signed = actions.sign_pdf(actor=signers.person, sha256=sha256, certificate=signers.own)
        settings.TSA_URL = here
    assert signed.level == Level.T
    responder.authority.revoke(int(signers.own.serial, 16), clock.now() - minute)
    sealed = actions.seal_pdf(actor=None, sha256=signed.sha256, certificate=signers.seal)
    assert (sealed.level, sealed.detail) == (Level.LTA, "")
    report = validate(blobs.path_of(sealed.sha256))
    assert report.verdict == Verdict.GENUINE, report.reasons
