"""Acts are recorded, placed, signed and proved; tampering is found."""

from __future__ import annotations

import json
import random
import stat
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger import actions, audit, export, keys, queries, tasks
from ecabinet.ledger.models import Checkpoint, LedgerEntry, TreeNode
from ecabinet.ledger.rules import merkle, notes, proofs


def write(count: int, start: int = 0) -> list[LedgerEntry]:
    with transaction.atomic():
        return [
            actions.record(actor=None, act="test.done", subject=f"test:{number}", details={"n": number})
            for number in range(start, start + count)
        ]


def head_of(checkpoint: Checkpoint | None) -> notes.Head:
    assert checkpoint is not None
    return notes.open_checkpoint(checkpoint.note, [notes.parse_vkey(queries.vkey())])


def test_canonical_json() -> None:
    assert canonical_json({"b": [1, None, True], "a": "Đã ký"}) == '{"a":"Đã ký","b":[1,null,true]}'.encode()
    for bad in (1.5, {"a": object()}, {1: "a"}, b"x"):
        with pytest.raises(TypeError):
            canonical_json(bad)


@pytest.mark.django_db
def test_the_body_is_the_canonical_act() -> None:
    (entry,) = write(1)
    body = json.loads(bytes(entry.body))
    assert bytes(entry.body) == canonical_json(body)
    assert (body["act"], body["actor"], body["subject"], body["v"]) == ("test.done", None, "test:0", 1)
    assert body["at"].endswith("Z")
    assert body["details"] == {"n": 0}


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_a_mistake_in_the_program() -> None:
    with pytest.raises(RuntimeError):
        actions.record(actor=None, act="a.b", subject="c:1")


@pytest.mark.django_db
def test_too_long_a_body_is_refused() -> None:
    with pytest.raises(ValueError, match="65535"), transaction.atomic():
        actions.record(actor=None, act="a.b", subject="c:1", details={"long": "x" * 65_535})


@pytest.mark.django_db
def test_places_are_given_in_order_and_heads_prove_each_other() -> None:
    assert actions.sign_checkpoint() is None
    first = write(5)
    assert actions.sequence(batch=2) == 5
    old = head_of(actions.sign_checkpoint())
    write(8, start=5)
    assert actions.sequence() == 8
    assert actions.sequence() == 0
    new = head_of(actions.sign_checkpoint())
    assert [entry.index for entry in LedgerEntry.objects.order_by("id")] == list(range(13))
    assert merkle.verify_consistency(5, old.root, 13, new.root, queries.consistency_proof(5, 13))
    first[2].refresh_from_db()
    proof = proofs.parse_proof(queries.inclusion_proof(first[2]))
    assert proof.entry == bytes(first[2].body)
    assert proof.verify([notes.parse_vkey(queries.vkey())]) == new


@pytest.mark.django_db
def test_a_tick_twice_is_a_tick_once() -> None:
    write(3)
    tasks.tick()
    tasks.tick()
    assert (Checkpoint.objects.count(), queries.waiting(), queries.tree_size()) == (1, 0, 3)


@pytest.mark.django_db
def test_no_proof_before_a_signed_head() -> None:
    (entry,) = write(1)
    with pytest.raises(WrongState):
        queries.inclusion_proof(entry)


@pytest.mark.django_db
def test_the_key_is_private_made_once_and_never_made_anew() -> None:
    write(1)
    tasks.tick()
    path = keys.key_path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.signer() == keys.signer()
    path.unlink()
    with pytest.raises(DomainError) as refusal:
        keys.signer()
    assert refusal.value.code == "ledger_key_missing"


@pytest.mark.django_db
def test_a_rewritten_tree_is_not_signed() -> None:
    write(4)
    tasks.tick()
    TreeNode.objects.filter(level=2, index=0).update(hash=bytes(32))
    write(1, start=4)
    actions.sequence()
    with pytest.raises(DomainError) as refusal:
        actions.sign_checkpoint()
    assert refusal.value.code == "ledger_inconsistent"


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_and_sequencers_skip_nothing() -> None:
    threads, each = 4, 12
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for at in range(each):
                write(1, start=number * each + at)
                actions.sequence(batch=3)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    actions.sequence()
    assert not failures
    assert sorted(LedgerEntry.objects.values_list("index", flat=True)) == list(range(threads * each))
    assert audit.audit_database(head_of(actions.sign_checkpoint())).sound


def tamper(draw: random.Random, size: int) -> str:
    """One random edit, deletion or reordering, made as someone with the database in hand would."""
    kind = draw.choice(("edit", "delete", "swap", "insert"))
    one, two = draw.sample(range(size), 2)
    entries = LedgerEntry.objects
    if kind == "edit":
        body = bytearray(entries.get(index=one).body)
        body[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
        entries.filter(index=one).update(body=bytes(body))
    elif kind == "delete":
        entries.filter(index=one).delete()
        if draw.random() < 0.5:
            _close_gap(one, size)
    elif kind == "swap":
        _exchange(one, two)
    else:
        entries.filter(index=one).update(body=entries.get(index=two).body)
    if draw.random() < 0.5:
        _rebuild_tree()
    return kind


def _close_gap(gap: int, size: int) -> None:
    for index in range(gap + 1, size):
        LedgerEntry.objects.filter(index=index).update(index=index - 1)


def _exchange(one: int, two: int) -> None:
    first, second = LedgerEntry.objects.get(index=one), LedgerEntry.objects.get(index=two)
    LedgerEntry.objects.filter(pk=first.pk).update(index=None)
    LedgerEntry.objects.filter(pk=second.pk).update(index=one)
    LedgerEntry.objects.filter(pk=first.pk).update(index=two)


def _rebuild_tree() -> None:
    TreeNode.objects.all().delete()
    bodies = [bytes(entry.body) for entry in LedgerEntry.objects.exclude(index=None).order_by("index")]
    added = merkle.nodes_added_by(map(merkle.leaf_hash, bodies), 0, {})
    TreeNode.objects.bulk_create(
        TreeNode(level=level, index=index, hash=hash_) for (level, index), hash_ in added.items()
    )


@pytest.mark.django_db
def test_every_tampering_is_found_with_a_head_from_outside(tmp_path: Path) -> None:
    size = 20
    write(size)
    tasks.tick()
    head = head_of(queries.latest_checkpoint())
    assert audit.audit_database(head).sound
    draw = random.Random(20190501)  # noqa: S311  the same tamperings at every run
    kinds = set()
    for _attempt in range(120):
        mark = transaction.savepoint()
        kinds.add(kind := tamper(draw, size))
        assert not audit.audit_database(head).sound, kind
        transaction.savepoint_rollback(mark)
    assert len(kinds) == 4
    assert audit.audit_database(head).sound


@pytest.mark.django_db
def test_the_first_wrong_entry_is_named() -> None:
    write(9)
    tasks.tick()
    LedgerEntry.objects.filter(index=6).update(body=b"{}")
    result = audit.audit_database(head_of(queries.latest_checkpoint()))
    assert (result.code, result.first_wrong) == ("changed", 6)


@pytest.mark.django_db
def test_the_exported_folder_is_judged_without_the_database(tmp_path: Path) -> None:
    write(300)
    tasks.tick()
    old = head_of(export.write_tiles(tmp_path))
    write(220, start=300)
    tasks.tick()
    new = head_of(export.write_tiles(tmp_path))
    assert (tmp_path / "tile/0/000").stat().st_size == 8192
    assert (tmp_path / "tile/1/000.p/2").stat().st_size == 64
    assert audit.audit_folder(tmp_path, old).sound
    assert audit.audit_folder(tmp_path, new).sound
    call_command("ledger", "check", "--folder", str(tmp_path), stdout=StringIO())
    bundle = tmp_path / "tile/entries/000"
    data = bytearray(bundle.read_bytes())
    data[100] ^= 1
    bundle.write_bytes(bytes(data))
    assert audit.audit_folder(tmp_path, old).code == "changed"
    bundle.write_bytes(bytes(data[:-5]))
    assert not audit.audit_folder(tmp_path, new).sound
    with pytest.raises(CommandError):
        call_command("ledger", "check", "--folder", str(tmp_path), stdout=StringIO())


@pytest.mark.django_db
def test_the_command_checks_and_prints_the_key(tmp_path: Path) -> None:
    write(2)
    out = StringIO()
    call_command("ledger", "export", str(tmp_path), stdout=out)
    call_command("ledger", "check", "--checkpoint", str(tmp_path / "checkpoint"), stdout=out)
    call_command("ledger", "vkey", stdout=out)
    assert queries.vkey() in out.getvalue()
    LedgerEntry.objects.filter(index=1).delete()
    with pytest.raises(CommandError):
        call_command("ledger", "check", "--checkpoint", str(tmp_path / "checkpoint"), stdout=out)


def test_the_origin_is_the_address_without_its_scheme(settings: Any, db: None) -> None:
    settings.BASE_URL = "https://vpcp.gov.vn"
    assert queries.vkey().startswith("vpcp.gov.vn/ledger+")
