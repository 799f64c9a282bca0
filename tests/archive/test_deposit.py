"""A deposit is record, files, ledger entry and search note together, or nothing."""

from __future__ import annotations

import json

import pytest
from django.db import transaction

from archive import actions, queries, tasks
from archive.models import Record, RecordFile
from archive.rules import EventSpec, FileSpec, is_bag_path, safe_name
from ecabinet.accounts.tokens import tokens_of
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.models import LedgerEntry
from ecabinet.ledger.rules import notes, proofs
from search.models import OutboxRow
from tests.archive.conftest import Deposit, pdf


def test_everything_is_written_together(deposit: Deposit) -> None:
    paper = blobs.put_bytes(pdf("draft"))
    record = deposit(
        pdf("36", pages=3),
        files=[FileSpec("data/versions/1.pdf", "version", paper)],
        acl=["body:1", "body:1"],
    )
    entry = json.loads(bytes(record.ledger_entry.body))
    assert (entry["act"], entry["digest"], entry["subject"]) == (
        "record.deposited", record.sha256, f"record:{record.sha256}",
    )  # fmt: skip
    assert entry["details"]["reference"] == "36/NQ-CP"
    assert record.pages == 3
    assert record.acl == ["body:1", "role:archivist"]
    assert [(row.path, row.sha256) for row in record.files.all()] == [("data/versions/1.pdf", paper)]
    assert OutboxRow.objects.filter(source="records", object_id=record.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_proof_is_there_right_after_the_commit(deposit: Deposit) -> None:
    record = deposit()
    record.refresh_from_db()
    proof = proofs.parse_proof(record.proof)
    assert proof.entry == bytes(record.ledger_entry.body)
    assert proof.verify([notes.parse_vkey(ledger.vkey())]).size == 1


def test_the_ticker_fills_in_what_was_missed_and_changes_nothing_after(deposit: Deposit) -> None:
    record = deposit()
    assert record.proof == ""
    actions.seal_deposits()
    record.refresh_from_db()
    first = record.proof
    assert first
    deposit(pdf("other"), reference="37/NQ-CP")
    actions.seal_deposits()
    tasks.tick()
    record.refresh_from_db()
    assert record.proof == first


def test_the_same_file_is_deposited_once(deposit: Deposit) -> None:
    deposit(pdf("36"))
    with pytest.raises(DomainError) as refusal:
        deposit(pdf("36"), verify_code="OTHER")
    assert (refusal.value.code, refusal.value.status) == ("already_deposited", 409)
    assert Record.objects.count() == LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"files": [FileSpec("data/a.pdf", "version", "0" * 64)]}, "file_missing"),
        ({"retention_until": 2027}, "bad_retention"),
        ({"retention_until": 2097}, "bad_retention"),
        ({"content": b"no PDF"}, "not_a_pdf"),
    ],
)
def test_bad_input_leaves_nothing_behind(deposit: Deposit, facts: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        deposit(**facts)
    assert refusal.value.code == code
    assert not any(model.objects.exists() for model in (Record, LedgerEntry, RecordFile))


@pytest.mark.parametrize(
    "path", ["a.pdf", "data", "data/", "/data/a", "data/../a", "data/.a", "data/a b", "data/a/", "DATA/a"]
)
def test_places_outside_the_payload_are_refused(deposit: Deposit, path: str) -> None:
    assert not is_bag_path(path)
    with pytest.raises(DomainError) as refusal:
        deposit(files=[FileSpec(path, "version", blobs.put_bytes(b"x"))])
    assert refusal.value.code == "bad_path"


def test_two_files_cannot_share_a_place(deposit: Deposit) -> None:
    paper = blobs.put_bytes(b"x")
    with pytest.raises(DomainError):
        deposit(files=[FileSpec("data/a.txt", "version", paper), FileSpec("data/A.txt", "version", paper)])


def test_who_may_find_it(deposit: Deposit) -> None:
    open_one = deposit(pdf("a"))
    closed = deposit(pdf("b"), acl=["body:1", "user:3"], verify_code="B")
    assert queries.visible_ids([open_one.pk, closed.pk], tokens_of(None)) == {open_one.pk}
    assert queries.visible_ids([open_one.pk, closed.pk], {"body:1", "user:3"}) == {closed.pk}
    assert queries.visible_ids([open_one.pk, closed.pk], {"role:archivist"}) == {open_one.pk, closed.pk}
    assert queries.visible_ids([closed.pk], set()) == set()


def test_index_documents(deposit: Deposit) -> None:
    record = deposit(
        pdf("a", pages=2), events=[EventSpec("digital signature generation", "2026-11-26T15:02:11+07:00")]
    )
    pages = list(queries.index_documents(record.pk))
    assert [page.page for page in pages] == [1, 2]
    assert pages[0].acl_tokens == ("public", "role:archivist")
    assert pages[0].ref == "36/NQ-CP"
    assert list(queries.index_documents(record.pk + 1)) == []
    assert list(queries.all_ids()) == [record.pk]


def test_printed_codes_are_read_as_people_type_them(deposit: Deposit) -> None:
    record = deposit(verify_code="K7QM4F2D91XA")
    assert queries.by_code("k7qm 4f2d-91xa") == record
    assert queries.by_code("") is None
    assert queries.by_code("K7QM") is None


def test_names_for_files() -> None:
    assert safe_name("36/NQ-CP") == "36-NQ-CP"
    assert safe_name("12/QĐ-TTg") == "12-QD-TTg"
    assert safe_name("///") == "record"


@pytest.mark.django_db(transaction=True)
def test_a_caller_that_gives_up_deposits_nothing(deposit: Deposit) -> None:
    def give_up(_record: Record) -> None:
        raise DomainError("given_up", "not after all")

    with pytest.raises(DomainError), transaction.atomic():
        give_up(deposit())
    assert not Record.objects.exists()
