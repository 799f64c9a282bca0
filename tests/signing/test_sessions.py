"""One gesture for many dossiers: each is signed or fails on its own, and nothing else is signed."""

from __future__ import annotations

import io
import os
import socket
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.models import LedgerEntry
from signing import actions, completions, custody, queries
from signing.actions import entries, preparations
from signing.custody import CustodyError
from signing.custody.pkcs12 import Pkcs12Custody
from signing.enums import EntryState, RequestState, SessionState
from signing.models import Certificate, Preparation, SessionEntry, SigningRequest, SigningSession
from signing.validation import validate
from tests.signing.conftest import Signers, printed


def ask(signers: Signers, number: int, data: bytes | None = None) -> SigningRequest:
    return actions.request_signature(
        actor=None,
        signer=signers.person,
        kind="test",
        subject=f"test:{number}",
        title=f"Văn bản {number}",
        sha256=blobs.put_bytes(data or printed(f"{number}/NQ-CP")),
    )


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the higher room was told, in order."""
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(completions, "_completions", {})
    monkeypatch.setattr(completions, "_returns", {})
    completions.register(
        "test",
        lambda *, subject, sha256: seen.append((subject, sha256)),
        lambda *, subject, reason: seen.append((subject, reason)),
    )
    return seen


def test_all_are_signed_and_told_to_the_higher_room(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    asked = [ask(signers, number) for number in (1, 2, 3)]
    rows = actions.authorise(
        actor=signers.person, request_ids=[row.pk for row in asked], gesture=DemoGesture()
    )
    assert {row.state for row in rows} == {RequestState.SIGNED}
    assert {row.level for row in rows} == {"B-T"}
    assert completed == [(row.subject, row.signed_sha256) for row in rows]
    assert LedgerEntry.objects.filter(act="signature.made").count() == 3
    [session] = SigningSession.objects.all()
    assert session.state == SessionState.DONE
    assert session.assertion == {"method": "demo", "challenge": session.challenge}
    assert [entry.state for entry in session.entries.all()] == [EntryState.SIGNED] * 3
    for row in rows:
        [signature] = validate(blobs.path_of(row.signed_sha256)).signatures
        assert (signature.signer, signature.intact) == ("Trần Quốc Khải", True)
    assert not queries.waiting_for(signers.person).exists()


def test_a_broken_file_fails_alone_and_can_be_tried_again(
    signers: Signers, completed: list[tuple[str, str]], tmp_path: Path
) -> None:
    plain = tmp_path / "plain.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    good, bad = ask(signers, 1), ask(signers, 2, plain.read_bytes())
    rows = actions.authorise(actor=signers.person, request_ids=[good.pk, bad.pk], gesture=DemoGesture())
    assert [row.state for row in rows] == [RequestState.SIGNED, RequestState.FAILED]
    assert rows[1].reason
    assert [row.pk for row in queries.waiting_for(signers.person)] == [bad.pk]
    assert len(completed) == 1


def test_a_failed_completion_leaves_the_dossier_unsigned(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    def refuse(*, subject: str, sha256: str) -> None:
        raise WrongState("not_now", "Not now.")

    row = ask(signers, 1)
    completions.register("test", refuse)
    [after] = actions.authorise(actor=signers.person, request_ids=[row.pk], gesture=DemoGesture())
    assert (after.state, after.reason) == (RequestState.FAILED, "Not now.")
    completions.register("test", lambda *, subject, sha256: None)
    [again] = actions.authorise(actor=signers.person, request_ids=[row.pk], gesture=DemoGesture())
    assert again.state == RequestState.SIGNED


def opened(signers: Signers, *rows: SigningRequest) -> SigningSession:
    """A session over these rows that waits for its person."""
    session = actions.open_session(actor=signers.person, request_ids=[row.pk for row in rows])
    actions.prepare_session(session.pk)
    session.refresh_from_db()
    assert session.state == SessionState.OPEN
    return session


def confirmed(signers: Signers, session: SigningSession) -> SigningSession:
    return actions.confirm_session(actor=signers.person, session_id=session.pk, gesture=DemoGesture())


def finished(signers: Signers, session: SigningSession) -> list[SessionEntry]:
    confirmed(signers, session)
    actions.finish_session(session.pk)
    return list(session.entries.select_related("request"))


def test_what_was_returned_meanwhile_drops_out(signers: Signers, completed: list[tuple[str, str]]) -> None:
    one, two = ask(signers, 1), ask(signers, 2)
    session = opened(signers, one, two)
    actions.return_unsigned(actor=signers.person, request_id=one.pk, reason="Sai căn cứ")
    rows = finished(signers, session)
    assert [row.state for row in rows] == [EntryState.DROPPED, EntryState.SIGNED]
    assert [row.request.state for row in rows] == [RequestState.RETURNED, RequestState.SIGNED]
    assert completed[0] == ("test:1", "Sai căn cứ")
    assert completed[1][0] == "test:2"


def test_what_was_refused_is_signed_no_more(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = ask(signers, 1), ask(signers, 2)
    session = opened(signers, one, two)
    by: dict[str, Any] = {"actor": signers.person, "request_id": one.pk}
    with pytest.raises(DomainError) as refusal:
        actions.refuse_to_sign(**by, reason="Trái luật")
    assert refusal.value.code == "cannot_refuse"
    monkeypatch.setitem(completions._refusals, "test", lambda **told: completed.append(tuple(told.values())))
    with pytest.raises(DomainError) as refusal:
        actions.refuse_to_sign(**by, reason=" ")
    assert refusal.value.code == "refusal_reason_missing"
    with pytest.raises(Denied):
        actions.refuse_to_sign(**{**by, "actor": User.objects.create_user("x@example.vn")}, reason="x")
    actions.refuse_to_sign(**by, reason="Trái luật")
    with pytest.raises(WrongState):
        actions.return_unsigned(**by, reason="x")
    rows = finished(signers, session)
    assert [row.state for row in rows] == [EntryState.DROPPED, EntryState.SIGNED]
    assert [row.request.state for row in rows] == [RequestState.REFUSED, RequestState.SIGNED]
    assert completed[0] == ("test:1", "Trái luật")
    assert LedgerEntry.objects.filter(act="signature.refused").count() == 1


def test_returned_after_the_key_has_signed_it_stays_returned(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    one, two = ask(signers, 1), ask(signers, 2)
    session = confirmed(signers, opened(signers, one, two))
    actions.return_unsigned(actor=signers.person, request_id=one.pk, reason="Sai căn cứ")
    actions.finish_session(session.pk)
    states = [row.request.state for row in session.entries.select_related("request")]
    assert states == [RequestState.RETURNED, RequestState.SIGNED]


def test_a_confirmation_works_once_and_for_ten_minutes(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(signers, 1)
    late = opened(signers, row)
    moment = clock.now() + timedelta(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        with pytest.raises(WrongState) as refusal:
            confirmed(signers, late)
    assert refusal.value.code == "session_expired"
    session = confirmed(signers, opened(signers, row))
    with pytest.raises(WrongState) as used:
        confirmed(signers, session)
    assert used.value.code == "session_used"


def test_two_devices_sign_the_same_tray(signers: Signers, completed: list[tuple[str, str]]) -> None:
    rows = [ask(signers, number) for number in (1, 2)]
    first, second = opened(signers, *rows), opened(signers, *rows)
    assert {row.state for row in finished(signers, first)} == {EntryState.SIGNED}
    with pytest.raises(WrongState) as refusal:
        confirmed(signers, second)
    assert refusal.value.code == "nothing_left"
    assert len(completed) == 2
    assert LedgerEntry.objects.filter(act="signature.made").count() == 2


def test_two_devices_confirm_before_either_has_finished(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    rows = [ask(signers, number) for number in (1, 2)]
    first, second = opened(signers, *rows), opened(signers, *rows)
    confirmed(signers, first)
    confirmed(signers, second)
    actions.finish_session(second.pk)
    actions.finish_session(first.pk)
    assert {row.state for row in second.entries.all()} == {EntryState.SIGNED}
    assert {row.state for row in first.entries.all()} == {EntryState.DROPPED}
    assert len(completed) == 2


def test_a_process_that_died_is_taken_up_where_it_was(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ask(signers, number) for number in (1, 2, 3)]
    session = confirmed(signers, opened(signers, *rows))

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(entries, "_extend", die)  # after the first dossier
        with pytest.raises(KeyboardInterrupt):
            actions.finish_session(session.pk)
    assert [row.state for row in session.entries.all()] == ["signed", "waiting", "waiting"]
    assert list(queries.due_sessions()) == []  # the dead one still holds it
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert list(queries.due_sessions()) == [session]
    actions.finish_session(session.pk)
    assert {row.state for row in session.entries.all()} == {EntryState.SIGNED}
    assert len(completed) == 3
    actions.finish_session(session.pk)  # once more does nothing
    assert len(completed) == 3


def test_death_while_the_key_was_at_work_signs_nothing(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(signers, 1)
    session = opened(signers, row)

    class Dies(Pkcs12Custody):
        def raw_sign(self, *_arguments: object) -> list[bytes]:
            raise KeyboardInterrupt

    monkeypatch.setattr(custody, "backend", lambda _name: Dies())
    with pytest.raises(KeyboardInterrupt):
        confirmed(signers, session)
    session.refresh_from_db()
    assert session.state == SessionState.CONFIRMED
    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    actions.finish_session(session.pk)
    [entry] = session.entries.select_related("request")
    assert (entry.state, entry.request.state) == (EntryState.FAILED, RequestState.WAITING)
    assert not completed


def test_a_key_that_does_not_sign_leaves_the_list_open(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    row = ask(signers, 1)
    session = opened(signers, row)
    before = session.challenge
    key = Path(settings.KEYS_DIR) / "custody" / f"{signers.own.key_ref}.p12"
    away = key.rename(key.with_suffix(".away"))
    try:
        with pytest.raises(CustodyError):
            confirmed(signers, session)
        session.refresh_from_db()
        assert (session.state, session.assertion) == (SessionState.OPEN, {})
        assert session.challenge != before  # the gesture that was made for it serves no second time
    finally:
        away.rename(key)
    assert [each.state for each in finished(signers, session)] == [EntryState.SIGNED]


def test_the_wrong_key_for_the_certificate_puts_nothing_in(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    Certificate.objects.filter(pk=signers.own.pk).update(key_ref=signers.seal.key_ref)
    row = ask(signers, 1)
    with pytest.raises(CustodyError) as refusal:
        confirmed(signers, opened(signers, row))
    assert refusal.value.code == "key_mismatch"
    row.refresh_from_db()
    assert row.state == RequestState.WAITING


def test_a_certificate_that_ended_after_preparation_signs_nothing(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    row = ask(signers, 1)
    session = opened(signers, row)
    actions.disable_certificate(actor=None, certificate_id=signers.own.pk)
    with pytest.raises(WrongState) as refusal:
        confirmed(signers, session)
    assert refusal.value.code == "certificate_not_active"


def test_a_prepared_file_that_was_altered_fails_alone(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    good, bad = ask(signers, 1), ask(signers, 2)
    session = opened(signers, good, bad)
    preparation = Preparation.objects.get(request=bad)
    with preparations.path_of(preparation.file).open("r+b") as handle:
        handle.seek(200)
        handle.write(b"X")
    states = [row.state for row in finished(signers, session)]
    assert states == [EntryState.SIGNED, EntryState.FAILED]
    assert len(completed) == 1
    [again] = actions.authorise(actor=signers.person, request_ids=[bad.pk], gesture=DemoGesture())
    assert again.state == RequestState.SIGNED


def test_prepared_ahead_and_again_when_too_old(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(signers, 1)
    actions.prepare_waiting()
    first = Preparation.objects.get(request=row)
    session = actions.open_session(actor=signers.person, request_ids=[row.pk])
    assert session.state == SessionState.OPEN  # nothing left to prepare
    later = clock.now() + timedelta(seconds=settings.SIGNING_PREPARED_SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert list(queries.unprepared()) == [row]
    actions.prepare_waiting()
    second = Preparation.objects.get(request=row)
    assert second.file != first.file


def test_nobody_signs_looks_or_returns_for_another(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    row = ask(signers, 1)
    stranger = User.objects.create_user("stranger@example.vn", full_name="Stranger")
    actions.issue_demo_certificate(actor=None, user=stranger)
    session = opened(signers, row)
    with pytest.raises(DomainError) as hidden:
        actions.confirm_session(actor=stranger, session_id=session.pk, gesture=DemoGesture())
    assert hidden.value.code == "no_such_session"
    with pytest.raises(DomainError) as nothing:
        actions.open_session(actor=stranger, request_ids=[row.pk])
    assert nothing.value.code == "nothing_to_sign"
    with pytest.raises(Denied):
        actions.look(actor=stranger, request_id=row.pk)
    with pytest.raises(Denied):
        actions.return_unsigned(actor=stranger, request_id=row.pk, reason="x")
    row.refresh_from_db()
    assert row.state == RequestState.WAITING


def test_the_same_subject_waits_once(signers: Signers, completed: list[tuple[str, str]]) -> None:
    ask(signers, 1)
    with pytest.raises(WrongState) as refusal:
        ask(signers, 1)
    assert refusal.value.code == "already_requested"


def test_a_return_needs_a_reason(signers: Signers, completed: list[tuple[str, str]]) -> None:
    row = ask(signers, 1)
    with pytest.raises(DomainError) as refusal:
        actions.return_unsigned(actor=signers.person, request_id=row.pk, reason="  ")
    assert refusal.value.code == "reason_missing"
    actions.withdraw(actor=None, request_id=row.pk)
    with pytest.raises(WrongState):
        actions.return_unsigned(actor=signers.person, request_id=row.pk, reason="x")


def test_no_certificate_is_said_plainly(signers: Signers, completed: list[tuple[str, str]]) -> None:
    row = ask(signers, 1)
    actions.disable_certificate(actor=None, certificate_id=signers.own.pk)
    with pytest.raises(DomainError) as refusal:
        actions.open_session(actor=signers.person, request_ids=[row.pk])
    assert refusal.value.code == "no_certificate"


def test_a_document_that_changed_after_it_was_chosen_fails_alone(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    good, changed = ask(signers, 1), ask(signers, 2)
    session = opened(signers, good, changed)
    newer = blobs.put_bytes(printed("2a/NQ-CP"))
    SigningRequest.objects.filter(pk=changed.pk).update(sha256=newer)
    rows = finished(signers, session)
    assert [row.state for row in rows] == [EntryState.SIGNED, EntryState.FAILED]
    assert len(completed) == 1


def test_one_wait_for_an_authority_that_is_away_is_enough(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "authority", entries.Authority())
    with socket.socket() as closed:  # bound and not listening: every call is refused
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(settings, "TSA_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/")
        rows = finished(signers, opened(signers, *(ask(signers, number) for number in (1, 2, 3))))
    assert [row.state for row in rows] == [EntryState.SIGNED] * 3
    assert {row.request.level for row in rows} == {"B-B"}
    assert entries.authority.away_until > time.monotonic()


def test_a_very_large_file_is_signed_like_any_other(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    large = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed("3/NQ-CP"))) as document:
        for _page in range(2_000 - len(document.pages)):
            document.add_blank_page()
            scan = document.make_stream(os.urandom(23_000))
            document.pages[-1].obj.PieceInfo = pikepdf.Dictionary(Scan=pikepdf.Dictionary(Private=scan))
        document.save(large)
    small, huge = ask(signers, 1), ask(signers, 2, large.getvalue())
    rows = finished(signers, opened(signers, small, huge))
    assert [row.state for row in rows] == [EntryState.SIGNED] * 2
    signed = blobs.path_of(rows[1].request.signed_sha256)
    assert signed.stat().st_size > 46_000_000
    assert validate(signed).signatures[0].intact
