"""The public verify page and the record page: what strangers may ask and see."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive import actions
from archive.models import Record
from archive.rules import FileSpec
from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import Duty
from ecabinet.common import blobs
from ecabinet.common.places import place
from ecabinet.ledger import queries as ledger
from signing.models import FileReport
from signing.validation import limited
from tests.archive.conftest import Deposit, deposit, pdf
from tests.cast import client, person

__all__ = ["deposit"]  # a fixture used by name


@pytest.fixture(autouse=True)
def _fresh_counters(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.LANGUAGE_CODE = "en"
    cache.clear()


@pytest.fixture
def record(deposit: Deposit) -> Record:
    files = [FileSpec("data/events.json", "events", blobs.put_bytes(b"[]"), "application/json")]
    found = deposit(pdf("36", pages=2), verify_code="K7QM4F2D9XAB", files=files)
    actions.seal_deposits()
    found.refresh_from_db()
    return found


def ask(browser: Client, content: bytes, address: str = "/verify/") -> tuple[int, str]:
    file = SimpleUploadedFile("decision.pdf", content, "application/pdf")
    answer = browser.post(address, {"file": file}, headers={"accept-language": "en"})
    return answer.status_code, answer.content.decode()


def test_a_stranger_finds_the_question_and_the_key(client: Client, db: None) -> None:
    answer = client.get("/verify/", headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert (
        ledger.vkey().replace("+", "&#x2B;") in answer.content.decode()
        or ledger.vkey() in answer.content.decode()
    )


def test_the_original_is_genuine_and_linked(client: Client, record: Record) -> None:
    status, text = ask(client, blobs.get(record.sha256))
    assert (status, 'data-verdict="genuine"' in text) == (200, True)
    assert f"/records/{record.pk}/" in text
    assert "It stands in the ledger." in text


def test_an_original_with_something_added_is_recognised(client: Client, record: Record) -> None:
    status, text = ask(client, blobs.get(record.sha256) + b"\nmore")
    assert (status, 'data-verdict="changed"' in text) == (200, True)
    assert "5 bytes were added behind the unchanged original." in text
    assert "NQ-CP" in text


def test_another_file_under_a_scanned_code_is_changed(client: Client, record: Record) -> None:
    status, text = ask(client, pdf("forged", pages=3), "/verify/K7QM4F2D9XAB/")
    assert (status, 'data-verdict="changed"' in text) == (200, True)
    assert "Page 3 is another one." in text
    assert 'data-verdict="unknown"' in ask(client, pdf("forged"))[1]


def test_another_genuine_document_under_a_code_is_named(
    client: Client, record: Record, deposit: Deposit
) -> None:
    other = deposit(pdf("37"), reference="37/NQ-CP", verify_code="OTHERCODE234")
    text = ask(client, blobs.get(other.sha256), "/verify/K7QM4F2D9XAB/")[1]
    assert 'data-verdict="genuine"' in text
    assert "The code you scanned is that of 36/NQ-CP, another document." in text


def test_a_typed_code_leads_to_the_record(client: Client, record: Record) -> None:
    answer = client.get("/verify/?code=k7qm+4f2d-9xab", follow=True, headers={"accept-language": "en"})
    assert answer.redirect_chain == [("/verify/K7QM4F2D9XAB/", 302)]
    assert record.title in answer.content.decode() or record.title_en in answer.content.decode()
    unknown = client.get("/verify/NOTHING23456/", headers={"accept-language": "en"})
    assert unknown.status_code == 404
    assert "NOTHING23456" in unknown.content.decode()


def test_what_is_not_public_is_not_shown(client: Client, deposit: Deposit) -> None:
    closed = deposit(pdf("secret"), acl=["body:1"], verify_code="CLOSED234567")
    page = client.get("/verify/CLOSED234567/", headers={"accept-language": "en"}).content.decode()
    assert closed.title not in page
    assert closed.title_en not in page
    assert f"/records/{closed.pk}/" not in page
    text = ask(client, blobs.get(closed.sha256))[1]
    assert 'data-verdict="genuine"' in text
    assert f"/records/{closed.pk}/" not in text


OUTCOME, INSIDE = ("", "file", "proof", "page.png"), ("package", "files/data/events.json")


@pytest.mark.parametrize("part", [*OUTCOME, *INSIDE])
def test_who_reaches_a_record(client: Client, record: Record, deposit: Deposit, part: str) -> None:
    """Of a public record strangers get the signed outcome, only its body and its keepers what led to it."""
    inside, outsider = part in INSIDE, client_of("Outsider")
    assert client.get(f"/records/{record.pk}/{part}").status_code == (302 if inside else 200)
    assert outsider.get(f"/records/{record.pk}/{part}").status_code == (404 if inside else 200)
    assert archivist().get(f"/records/{record.pk}/{part}").status_code == 200
    closed = deposit(pdf("closed"), acl=["body:1"], verify_code="CLOSED234567")
    assert client.get(f"/records/{closed.pk}/{part}").status_code == 302
    assert outsider.get(f"/records/{closed.pk}/{part}").status_code == 404
    assert client.post(f"/records/{record.pk}/{part}").status_code == 405


def test_the_page_of_a_record_offers_only_what_can_be_opened(client: Client, record: Record) -> None:
    for visitor, shown in ((client, False), (client_of("Outsider"), False), (archivist(), True)):
        page = visitor.get(f"/records/{record.pk}/").content.decode()
        assert (f"/records/{record.pk}/package" in page) is shown
        assert (f"/records/{record.pk}/files/" in page) is shown


def client_of(name: str) -> Client:
    return client(person(name))


def archivist() -> Client:
    keeper = person("Keeper")
    agency = accounts.create_agency(actor=None, code="G01", name="Lưu trữ")
    seat = accounts.create_position(actor=None, agency=agency, title="Lưu trữ viên", duty=Duty.ARCHIVIST)
    accounts.appoint(actor=None, user=keeper, position=seat, starts_on=date(2020, 1, 1))
    return client(keeper)


def test_parts_of_a_file_can_be_asked_for(client: Client, record: Record) -> None:
    answer = client.get(f"/records/{record.pk}/file", headers={"range": "bytes=0-4"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"%PDF-")  # type: ignore[attr-defined]  # of the streaming response


@pytest.mark.parametrize(("form", "status"), [({}, 422), ({"file": b""}, 422), ({"file": b"x" * 2000}, 413)])
def test_bad_uploads_are_answered_in_place(
    client: Client, db: None, settings: Any, form: dict[str, bytes], status: int
) -> None:
    settings.PAPER_MAX_BYTES = 1000
    files = {name: SimpleUploadedFile("a.pdf", content) for name, content in form.items()}
    answer = client.post("/verify/", files, headers={"accept-language": "en"})
    assert answer.status_code == status
    assert b'id="file-error"' in answer.content


def test_one_address_cannot_ask_without_end(client: Client, db: None) -> None:
    statuses = [ask(client, b"x")[0] for _ in range(45)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_what_a_stranger_needs_is_handed_out(client: Client, record: Record) -> None:
    answer = client.get("/verify/trust.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bag:
        assert bag.read("ledger.vkey").decode().strip() == ledger.vkey()
        assert "checkpoint" in bag.namelist()
        assert not any("PRIVATE" in bag.read(name).decode("latin-1") for name in bag.namelist())


def test_when_all_places_are_taken_the_stranger_is_told(
    client: Client, record: Record, settings: Any
) -> None:
    settings.VERIFY_PLACES = 1
    with place("verify", places=1):
        status, text = ask(client, blobs.get(record.sha256))
        assert (status, "Try again in a minute." in text) == (503, True)
    assert ask(client, blobs.get(record.sha256))[0] == 200


def test_strangers_files_and_reports_are_not_kept(client: Client, record: Record, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file() and "places" not in path.parts}
    ask(client, pdf("mine"))
    after = {path for path in tmp_path.rglob("*") if path.is_file() and "places" not in path.parts}
    assert (after - before, FileReport.objects.count()) == (set(), 0)


def test_the_same_file_is_examined_once(
    client: Client, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(client, pdf("mine"))[0] == 200
    monkeypatch.setattr(limited, "WORKER", Path("/nowhere"))
    assert "limits" not in ask(client, pdf("mine"))[1]
    assert "within the limits" in ask(client, pdf("other"))[1]


def test_a_file_of_a_hundred_thousand_ends_is_answered(client: Client, record: Record) -> None:
    """Each end might be that of an original; only the first thousand are looked at."""
    data = blobs.get(record.sha256) + b"%%EOF" * 100_000
    status, text = ask(client, data)
    assert (status, 'data-verdict="changed"' in text) == (200, True)
    assert "500,000 bytes were added" in text


def test_the_technical_report_is_on_the_page_and_for_programs(client: Client, record: Record) -> None:
    content = blobs.get(record.sha256)
    text = ask(client, content)[1]
    held = re.findall(r'href="data:application/json;base64,([^"]+)"', text)
    report = json.loads(base64.b64decode(held[0]))
    assert (report["verdict"], report["reference"]) == ("genuine", record.reference)
    sent = {"file": SimpleUploadedFile("decision.pdf", content, "application/pdf"), "format": "json"}
    answer = client.post("/verify/", sent, headers={"accept-language": "en"})
    assert answer["Content-Type"] == "application/json"
    drop = {"checked_at"}
    assert {k: v for k, v in answer.json().items() if k not in drop} == {
        k: v for k, v in report.items() if k not in drop
    }
