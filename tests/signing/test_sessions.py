"""One gesture for many dossiers: each is signed or fails on its own, and nothing else is signed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.models import LedgerEntry
from signing import actions, completions, queries
from signing.enums import RequestState, SessionState
from signing.models import SigningRequest, SigningSession
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
        actor=signers.person, request_ids=[row.pk for row in asked], evidence={"method": ["demo"]}
    )
    assert {row.state for row in rows} == {RequestState.SIGNED}
    assert {row.level for row in rows} == {"B-T"}
    assert completed == [(row.subject, row.signed_sha256) for row in rows]
    assert LedgerEntry.objects.filter(act="signature.made").count() == 3
    [session] = SigningSession.objects.all()
    assert session.state == SessionState.AUTHORISED
    assert session.assertion == {"method": ["demo"]}
    for row in rows:
        [signature] = validate(blobs.path_of(row.signed_sha256)).signatures
        assert (signature.signer, signature.intact) == ("Trần Quốc Khải", True)
    assert not queries.waiting_for(signers.person).exists()


def test_a_broken_file_fails_alone_and_can_be_tried_again(
    signers: Signers, completed: list[tuple[str, str]], tmp_path: Path
) -> None:
    import pikepdf

    plain = tmp_path / "plain.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    good, bad = ask(signers, 1), ask(signers, 2, plain.read_bytes())
    rows = actions.authorise(actor=signers.person, request_ids=[good.pk, bad.pk])
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
    [after] = actions.authorise(actor=signers.person, request_ids=[row.pk])
    assert (after.state, after.reason) == (RequestState.FAILED, "Not now.")
    completions.register("test", lambda *, subject, sha256: None)
    [again] = actions.authorise(actor=signers.person, request_ids=[row.pk])
    assert again.state == RequestState.SIGNED


def test_what_was_returned_meanwhile_drops_out(signers: Signers, completed: list[tuple[str, str]]) -> None:
    one, two = ask(signers, 1), ask(signers, 2)
    session = actions.open_session(actor=signers.person, request_ids=[one.pk, two.pk])
    actions.return_unsigned(actor=signers.person, request_id=one.pk, reason="Sai căn cứ")
    rows = actions.authorise_session(actor=signers.person, session_id=session.pk, evidence={})
    assert [row.state for row in rows] == [RequestState.RETURNED, RequestState.SIGNED]
    assert completed[0] == ("test:1", "Sai căn cứ")
    assert completed[1][0] == "test:2"


def test_a_confirmation_works_once_and_for_ten_minutes(
    signers: Signers, completed: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(signers, 1)
    late = actions.open_session(actor=signers.person, request_ids=[row.pk])
    moment = clock.now() + timedelta(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        with pytest.raises(WrongState) as refusal:
            actions.authorise_session(actor=signers.person, session_id=late.pk, evidence={})
    assert refusal.value.code == "session_expired"
    session = actions.open_session(actor=signers.person, request_ids=[row.pk])
    actions.authorise_session(actor=signers.person, session_id=session.pk, evidence={})
    with pytest.raises(WrongState) as used:
        actions.authorise_session(actor=signers.person, session_id=session.pk, evidence={})
    assert used.value.code == "session_used"


def test_nobody_signs_looks_or_returns_for_another(
    signers: Signers, completed: list[tuple[str, str]]
) -> None:
    row = ask(signers, 1)
    stranger = User.objects.create_user("stranger@example.vn", full_name="Stranger")
    actions.issue_demo_certificate(actor=None, user=stranger)
    session = actions.open_session(actor=signers.person, request_ids=[row.pk])
    with pytest.raises(Denied):
        actions.authorise_session(actor=stranger, session_id=session.pk, evidence={})
    with pytest.raises(DomainError) as nothing:
        actions.authorise(actor=stranger, request_ids=[row.pk])
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
        actions.authorise(actor=signers.person, request_ids=[row.pk])
    assert refusal.value.code == "no_certificate"
