"""From an adopted item to a record that verifies: each step once, nothing lost on the way."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from archive import findings
from archive.appendices import listed_in
from archive.models import Record
from archive.rules import Verdict as Checked
from ecabinet.accounts.gestures import DemoGesture
from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.common.pdftext import page_texts
from exchange.models import Registration
from meetings import tasks
from meetings.actions import decisions, distribution, live
from meetings.actions.appendices import take_in
from meetings.enums import DecisionState, DecisionType
from meetings.models import AgendaItem, Decision, Meeting
from meetings.queries.decisions import held_up, suggested_content
from signing import actions as signing
from signing import tasks as signing_tasks
from signing.enums import Trouble
from signing.models import PendingTimestamp
from signing.queries import waiting_for
from signing.validation import Role, Verdict, validate
from tests import cast as casting
from tests.cast import Cast

CONTENT = "Căn cứ Luật Tổ chức Chính phủ;\nQUYẾT NGHỊ:\nĐiều 1. Giao Bộ Y tế thực hiện."


def vote(cast: Cast, item: AgendaItem, choice: str) -> None:
    event = live.open_poll(actor=cast.clerk, meeting_id=item.meeting_id, item_id=item.pk)
    poll = event.body["poll"]
    for user in (cast.chair, cast.member, cast.second):
        live.cast_ballot(
            actor=user, meeting_id=item.meeting_id, poll_id=poll, choice=choice, key=f"k{user.pk}"
        )
    live.close_poll(actor=cast.clerk, meeting_id=item.meeting_id, poll_id=poll)


def prepare(cast: Cast, item: AgendaItem, **words: Any) -> Decision:
    return decisions.prepare(
        actor=cast.clerk,
        item=item,
        type=DecisionType.RESOLUTION,
        abstract="Về an ninh nguồn nước",
        **{"content": CONTENT, **words},
    )


def sign(cast: Cast) -> None:
    signing.issue_demo_certificate(actor=cast.manager, user=cast.chair)
    ids = [request.pk for request in waiting_for(cast.chair)]
    signing.authorise(actor=cast.chair, request_ids=ids, gesture=DemoGesture())


@pytest.mark.django_db(transaction=True)
def test_an_adopted_item_becomes_a_record_that_verifies(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    assert decision.notation == "01/NQ-CP"
    assert decisions.advance(decision.pk).state == DecisionState.RENDERED
    sign(cast)
    decision.refresh_from_db()
    assert decision.state == DecisionState.SIGNED
    archived = decisions.advance(decision.pk)
    assert archived.state == DecisionState.ARCHIVED
    record = Record.objects.get(decision=archived)
    assert record.sha256 == archived.sealed_sha256
    assert {file.path for file in record.files.all()} >= {"data/vote.json", "data/events.json"}
    report = validate(blobs.path_of(record.sha256))
    assert report.verdict == Verdict.GENUINE
    assert [each.role for each in report.signatures] == [Role.PERSON, Role.SEAL, Role.TIMESTAMP]


@pytest.mark.poppler
@pytest.mark.django_db(transaction=True)
def test_strangers_find_both_signatures_valid(cast: Cast, item: AgendaItem, tmp_path: Path) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    decisions.advance(decision.pk)
    sign(cast)
    sealed = decisions.advance(decision.pk).sealed_sha256
    told = subprocess.run(
        ["pdfsig", "-nocert", str(blobs.path_of(sealed))], capture_output=True, text=True, check=False
    ).stdout
    assert told.count("Signature Validation: Signature is Valid.") >= 2
    assert "Signature is Invalid" not in told
    assert "Total document signed" in told


@pytest.mark.django_db(transaction=True)
def test_what_was_not_adopted_cannot_be_signed(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "against")
    with pytest.raises(WrongState) as refusal:
        prepare(cast, item)
    assert refusal.value.code == "not_adopted"
    assert not Registration.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_later_vote_replaces_an_earlier_one(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    vote(cast, item, "against")
    with pytest.raises(WrongState):
        prepare(cast, item)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_takes_one_number(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    assert prepare(cast, item).pk == prepare(cast, item).pk
    assert Registration.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_member_may_not_prepare_a_decision(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    with pytest.raises(Denied):
        decisions.prepare(
            actor=cast.member, item=item, type=DecisionType.RESOLUTION, abstract="x", content=CONTENT
        )


@pytest.mark.django_db(transaction=True)
def test_empty_words_take_no_number(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    with pytest.raises(DomainError) as refusal:
        prepare(cast, item, content="  \n ")
    assert refusal.value.code == "decision_content_missing"
    assert not Registration.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_returned_decision_keeps_its_number_and_is_printed_again(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    first = decisions.advance(decision.pk).rendered_sha256
    request = waiting_for(cast.chair).get()
    signing.return_unsigned(actor=cast.chair, request_id=request.pk, reason="Sửa Điều 1.")
    decision.refresh_from_db()
    assert (decision.state, decision.trouble) == (DecisionState.RETURNED, "Sửa Điều 1.")
    decisions.revise(
        actor=cast.clerk,
        decision=decision,
        abstract=decision.abstract,
        abstract_en="",
        content=CONTENT + " Ngay.",
    )
    again = decisions.advance(decision.pk)
    assert again.state == DecisionState.RENDERED
    assert again.notation == "01/NQ-CP"
    assert again.rendered_sha256 != first
    assert waiting_for(cast.chair).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_refused_decision_ends_and_its_number_stays_without_one(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    decisions.advance(decision.pk)
    request = waiting_for(cast.chair).get()
    signing.refuse_to_sign(actor=cast.chair, request_id=request.pk, reason="Trái luật.")
    decision.refresh_from_db()
    assert (decision.state, decision.trouble) == (DecisionState.REFUSED, "Trái luật.")
    assert decisions.advance(decision.pk).state == DecisionState.REFUSED
    with pytest.raises(WrongState):
        decisions.revise(actor=cast.clerk, decision=decision, abstract="x", abstract_en="", content="y")
    assert prepare(cast, item) == decision
    assert not waiting_for(cast.chair).exists()
    address = f"/decisions/{decision.pk}/"
    assert 'href="/admin/"' in casting.client(cast.clerk).get(address).content.decode().split("<main")[1]
    page = casting.client(cast.chair).get(address).content.decode().split("<main")[1]
    assert "Trái luật." in page
    assert 'href="/admin/"' not in page
    assert [row.pk for row in held_up(cast.clerk)] == [decision.pk]
    with clock.starting_at(clock.now() + timedelta(days=8)):
        assert not held_up(cast.clerk).exists()


@pytest.mark.django_db(transaction=True)
def test_appendices_are_exchanged_in_what_came_back(cast: Cast, item: AgendaItem, tmp_path: Path) -> None:
    files = [casting.pdf(tmp_path, f"{name}.pdf", pages=1, words=name) for name in ("map", "table", "list")]
    first, second, third = (
        take_in(actor=cast.clerk, item=item, path=file, filename=file.name) for file in files
    )
    vote(cast, item, "for")
    decision = prepare(cast, item, appendices=[first, second])
    before = decisions.advance(decision.pk).rendered_sha256
    signing.return_unsigned(
        actor=cast.chair, request_id=waiting_for(cast.chair).get().pk, reason="Sai phụ lục"
    )
    assert [row.pk for row in held_up(cast.clerk)] == [decision.pk]
    assert not held_up(cast.member).exists()
    words = {"abstract": decision.abstract, "abstract_en": "", "content": CONTENT}
    revise = partial(decisions.revise, actor=cast.clerk, decision=decision, **words)
    with pytest.raises(DomainError) as refusal:
        revise(appendices=[second])
    assert refusal.value.code == "bad_appendices"
    assert decision.appendices.count() == 2
    revise(drop=[decision.appendices.get(title="map").pk], appendices=[third])
    rows = decision.appendices.values_list("number", "title")
    assert list(rows) == [(1, "table"), (2, "list")]
    after = decisions.advance(decision.pk)
    assert after.rendered_sha256 != before
    listed = listed_in(blobs.path_of(after.rendered_sha256))
    assert [each.sha256 for each in listed] == [second.sha256, third.sha256]
    assert not held_up(cast.clerk).exists()


@pytest.mark.django_db(transaction=True)
def test_only_a_returned_decision_can_be_changed(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    with pytest.raises(WrongState):
        decisions.revise(actor=cast.clerk, decision=decision, abstract="x", abstract_en="", content="y")


@pytest.mark.django_db(transaction=True)
def test_a_lost_job_is_taken_up_again(cast: Cast, item: AgendaItem) -> None:
    from django_tasks_db.models import DBTaskResult

    vote(cast, item, "for")
    decision = prepare(cast, item)
    DBTaskResult.objects.all().delete()
    with clock.starting_at(clock.now() + tasks.RETRY_AFTER * 2):
        tasks.tick()
        tasks.tick()
    assert DBTaskResult.objects.count() == 1
    tasks.advance_decision.func(decision.pk)
    decision.refresh_from_db()
    assert decision.state == DecisionState.RENDERED


@pytest.mark.django_db(transaction=True)
def test_without_a_seal_certificate_the_decision_waits_and_says_why(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    decisions.advance(decision.pk)
    sign(cast)
    seal = cast.government.certificates.get()
    signing.disable_certificate(actor=cast.manager, certificate_id=seal.pk)
    tasks.advance_decision.func(decision.pk)
    decision.refresh_from_db()
    assert decision.state == DecisionState.SIGNED
    assert decision.trouble
    signing.issue_demo_certificate(actor=cast.manager, agency=cast.government)
    assert decisions.advance(decision.pk).state == DecisionState.ARCHIVED


@pytest.mark.django_db(transaction=True)
def test_without_a_timestamp_the_decision_waits_in_the_queue_and_is_then_archived(
    cast: Cast, item: AgendaItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    decisions.advance(decision.pk)
    monkeypatch.setattr(settings, "TSA_URL", "http://127.0.0.1:9/")  # nobody there
    sign(cast)
    for _again in range(2):
        found = decisions.advance(decision.pk)
        assert (found.state, found.timestamp_pending) == (DecisionState.SEALED, True)
    row = PendingTimestamp.objects.get()
    assert (row.subject, row.reference) == (f"decision:{decision.pk}", "01/NQ-CP")
    clerk: Client = casting.client(cast.clerk)
    for address in (f"/decisions/{decision.pk}/", "/sign/timestamps/"):
        with translation.override(cast.clerk.language):
            assert str(Trouble.TSA_AWAY.label) in clerk.get(address).content.decode()
    assert casting.client(cast.chair).get("/sign/timestamps/").status_code == 404
    late = clock.starting_at(clock.now() + timedelta(hours=25))
    with late:
        assert "/sign/timestamps/" in clerk.get("/").content.decode()
    monkeypatch.setattr(settings, "TSA_URL", "")
    assert clerk.post(f"/sign/timestamps/{row.pk}/try/").status_code == 302
    assert clerk.post(f"/sign/timestamps/{row.pk}/try/").status_code == 302
    signing_tasks.complete_timestamps.func()
    found = decisions.advance(decision.pk)
    assert (found.state, found.timestamp_pending) == (DecisionState.ARCHIVED, False)
    assert validate(blobs.path_of(found.sealed_sha256)).level == "B-LTA"
    row.refresh_from_db()
    assert row.result_sha256 == found.sealed_sha256
    assert not row.trouble


@pytest.mark.django_db(transaction=True)
def test_what_an_older_version_left_pending_joins_the_queue(
    cast: Cast, item: AgendaItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    decisions.advance(decision.pk)
    monkeypatch.setattr(settings, "TSA_URL", "http://127.0.0.1:9/")
    sign(cast)
    decisions.advance(decision.pk)
    PendingTimestamp.objects.all().delete()
    with clock.starting_at(clock.now() + tasks.RETRY_CEILING):
        tasks.tick()
        tasks.advance_decision.func(decision.pk)
    assert PendingTimestamp.objects.get().sha256 == Decision.objects.get().sealed_sha256


@pytest.mark.django_db(transaction=True)
def test_the_clerk_prepares_and_watches_on_screen(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    browser: Client = casting.client(cast.clerk)
    page = browser.get(f"/items/{item.pk}/decision/")
    assert page.status_code == 200
    bad = browser.post(f"/items/{item.pk}/decision/", {"type": "NQ", "abstract": "Về nước", "content": ""})
    assert bad.status_code == 422
    assert "Về nước" in bad.content.decode()
    sent = {"type": "NQ", "abstract": "Về nước", "content": CONTENT}
    answer = browser.post(f"/items/{item.pk}/decision/", sent)
    decision = Decision.objects.get()
    assert answer.headers["Location"] == f"/decisions/{decision.pk}/"
    assert "01/" in browser.get(f"/decisions/{decision.pk}/").content.decode()
    assert browser.get(f"/decisions/{decision.pk}/file").status_code == 404
    decisions.advance(decision.pk)
    assert browser.get(f"/decisions/{decision.pk}/file").headers["Content-Type"] == "application/pdf"


@pytest.mark.django_db(transaction=True)
def test_appendices_are_bound_by_their_hashes(cast: Cast, item: AgendaItem, tmp_path: Path) -> None:
    vote(cast, item, "for")
    browser: Client = casting.client(cast.clerk)
    words = {"type": "NQ", "abstract": "Về nước", "content": CONTENT}
    first, second = _paper(tmp_path, "Danh mục dự án"), _paper(tmp_path, "Kế hoạch vốn")
    wrong = SimpleUploadedFile("Bảng.pdf", b"no PDF", "application/pdf")
    refused = browser.post(f"/items/{item.pk}/decision/", {**words, "appendices": [_sent(first), wrong]})
    assert refused.status_code == 422
    assert not Decision.objects.exists()
    twice = browser.post(f"/items/{item.pk}/decision/", {**words, "appendices": [_sent(first)] * 2})
    assert twice.status_code == 422
    sent = {**words, "appendices": [_sent(first), _sent(second)]}
    assert browser.post(f"/items/{item.pk}/decision/", sent).status_code == 302
    decision = decisions.advance(Decision.objects.get().pk)
    sign(cast)
    archived = decisions.advance(decision.pk)
    assert archived.record is not None
    digest = blobs.put_file(first)[0]
    listed = listed_in(blobs.path_of(archived.sealed_sha256))
    assert [(each.number, each.title) for each in listed] == [(1, "Danh mục dự án"), (2, "Kế hoạch vốn")]
    assert listed[0].sha256 == digest
    text = " ".join(page_texts(blobs.path_of(archived.sealed_sha256)))
    assert digest in "".join(text.split())
    kept = archived.record.files.filter(role="appendix").values_list("path", "sha256")
    assert next(iter(kept)) == ("data/appendices/01-Danh-muc-du-an.pdf", digest)
    for data, verdict in ((first.read_bytes(), "genuine"), (first.read_bytes() + b"%", "unknown")):
        upload = SimpleUploadedFile("a.pdf", data, "application/pdf")
        page = Client().post("/verify/", {"file": upload}).content.decode()
        with translation.override(settings.LANGUAGE_CODE):
            assert findings.answer(Checked(verdict)) in page
    assert validate(blobs.path_of(archived.sealed_sha256)).verdict == Verdict.GENUINE


def _paper(folder: Path, title: str) -> Path:
    path = folder / f"{title}.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.docinfo["/Title"] = title
        pdf.save(path)
    return path


def _sent(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes(), "application/pdf")


@pytest.mark.django_db(transaction=True)
def test_others_do_not_see_the_way_of_a_decision(cast: Cast, item: AgendaItem) -> None:
    vote(cast, item, "for")
    decision = prepare(cast, item)
    assert casting.client(cast.outsider).get(f"/decisions/{decision.pk}/").status_code == 404
    assert casting.client(cast.outsider).get(f"/items/{item.pk}/decision/").status_code == 404
    assert casting.client(cast.member).get(f"/items/{item.pk}/decision/").status_code == 404


@pytest.mark.django_db
def test_a_draft_that_is_not_of_articles_suggests_nothing(
    cast: Cast, meeting: Meeting, tmp_path: Path
) -> None:
    made = casting.item(cast, meeting)
    casting.complete(cast, made, tmp_path)
    distribution.distribute(actor=cast.clerk, meeting=meeting)
    assert suggested_content(made) == ""
