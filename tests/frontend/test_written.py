"""Pages of written ballots: answering, refused in place, preparing, sending, moving, and on Today."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from ecabinet.accounts.models import User
from ecabinet.common import clock
from frontend.queries.today import today_of
from meetings.actions import dossiers, written_reminders
from meetings.actions import written as actions
from meetings.enums import DocumentRole, WrittenState
from meetings.models import WrittenAnswer, WrittenBallot
from meetings.rules.written import Opinion
from tests import cast as casting
from tests.cast import Cast
from voting.models import Ballot

ANSWER = {
    "key": "one",
    "choice": "against",
    "comment": "Chưa rõ",
    "clause": ["Điều 5", "", "Điều 7"],
    "opinion": ["Bỏ khoản 2.", "", "Thêm thời hạn."],
}


@pytest.fixture
def ballot(cast: Cast) -> WrittenBallot:
    return casting.written(cast)


def get(user: User, ballot: WrittenBallot) -> str:
    answer = casting.client(user).get(f"/written/{ballot.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def post(user: User, ballot: WrittenBallot, command: str, **body: object) -> tuple[int, str]:
    answer = casting.fresh_client(user).post(f"/written/{ballot.pk}/{command}/", body)
    return answer.status_code, answer.content.decode()


def close(ballot: WrittenBallot) -> None:
    assert ballot.closes_at is not None
    with clock.starting_at(ballot.closes_at + timedelta(seconds=1)):
        actions.close_due()


def test_a_member_answers_and_sees_the_receipt(cast: Cast, ballot: WrittenBallot) -> None:
    key = re.search(r'name="key" value="([0-9a-f]{32})"', get(cast.member, ballot))
    assert key
    status, _page = post(cast.member, ballot, "answer", **{**ANSWER, "key": key[1]})
    assert status == 302
    page = get(cast.member, ballot)
    assert re.search(r"<b class=\"num\">[0-9A-Z]{4} [0-9A-Z]{4}</b>", page)
    assert 'value="against" required checked' in page
    assert page.count('name="clause"') == 4
    assert [row["clause"] for row in WrittenAnswer.objects.get().opinions] == ["Điều 5", "Điều 7"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"choice": ""}, 400),
        ({"opinion": ["Bỏ.", "Giữ.", "Thêm thời hạn."]}, 422),
        ({"comment": "x" * 4001}, 422),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    cast: Cast, ballot: WrittenBallot, wrong: dict[str, object], status: int
) -> None:
    found, page = post(cast.member, ballot, "answer", **{**ANSWER, **wrong})
    assert found == status
    assert 'role="alert"' in page
    assert "Thêm thời hạn." in page
    assert 'value="one"' in page
    assert not Ballot.objects.exists()


def test_an_old_sign_in_is_asked_for_proof_and_the_form_is_kept(cast: Cast, ballot: WrittenBallot) -> None:
    browser = casting.client(cast.member)
    answer = browser.post(f"/written/{ballot.pk}/answer/", ANSWER)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not Ballot.objects.exists()
    assert "opinion=" in str(list(browser.session.items()))


def test_after_the_deadline_the_page_offers_no_ballot(cast: Cast, ballot: WrittenBallot) -> None:
    actions.answer(
        actor=cast.chair, written=ballot, choice="for", key="k", opinions=[Opinion("Điều 5", "Giữ.")]
    )
    actions.answer(actor=cast.member, written=ballot, choice="for", key="k", comment="Tán thành hoàn toàn")
    before = get(cast.second, ballot)
    assert "Tán thành hoàn toàn" not in before
    assert 'name="choice"' in before
    close(ballot)
    page = get(cast.second, ballot)
    assert 'name="choice"' not in page
    assert "Tán thành hoàn toàn" in page
    assert "Giữ." in page
    assert "verdict--adopted" in page
    status, _page = post(cast.second, ballot, "answer", **ANSWER)
    assert status == 409


def test_the_secretariat_prepares_sends_and_calls_off(cast: Cast, tmp_path: Path) -> None:
    dossier = dossiers.create_dossier(actor=cast.clerk, agency=cast.ministry, title="Cảng biển")
    paper = dossiers.add_document(actor=cast.clerk, dossier=dossier, role=DocumentRole.DRAFT, title="Dự thảo")
    browser = casting.client(cast.clerk)
    assert 'value="5"' in browser.get("/written/new/").content.decode()
    form = {
        "body": cast.body.pk,
        "title": "Cảng\nbiển",
        "question": "Đồng ý?",
        "days": 3,
        "dossier": dossier.pk,
    }
    answer = browser.post("/written/new/", form)
    ballot = WrittenBallot.objects.get()
    assert answer["Location"] == f"/written/{ballot.pk}/"
    assert ballot.title == "Cảng biển"
    refused = browser.post(f"/written/{ballot.pk}/send/")
    assert (refused.status_code, "Dự thảo" in refused.content.decode()) == (422, True)
    dossiers.add_version(actor=cast.clerk, document=paper, path=casting.pdf(tmp_path))
    assert browser.post(f"/written/{ballot.pk}/edit/", {**form, "days": 4})["Location"].endswith(
        f"/{ballot.pk}/"
    )
    assert browser.post(f"/written/{ballot.pk}/send/").status_code == 302
    ballot.refresh_from_db()
    assert (ballot.state, ballot.days, ballot.papers.count()) == (WrittenState.OPEN, 4, 1)
    assert browser.get(f"/written/{ballot.pk}/edit/").status_code == 302
    assert browser.post(f"/written/{ballot.pk}/cancel/", {"reason": ""}).status_code == 422
    assert browser.post(f"/written/{ballot.pk}/cancel/", {"reason": "Rút"}).status_code == 302
    assert "Rút" in get(cast.member, ballot)


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"days": 0}, {"days": 61}, {"title": "TUYỆT MẬT biên giới"}]
)
def test_a_draft_is_refused_in_words(cast: Cast, wrong: dict[str, object]) -> None:
    form = {"body": cast.body.pk, "title": "Cảng biển", "question": "Đồng ý bản này?", "days": 3, **wrong}
    answer = casting.client(cast.clerk).post("/written/new/", form)
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert "Đồng ý bản này?" in answer.content.decode()
    assert not WrittenBallot.objects.exists()


def test_one_click_puts_it_on_an_agenda(cast: Cast, ballot: WrittenBallot) -> None:
    meeting = casting.meeting(cast)
    assert f'<option value="{meeting.pk}">' in get(cast.clerk, ballot)
    assert "<option" not in get(cast.member, ballot)
    answer = casting.client(cast.clerk).post(f"/written/{ballot.pk}/move/", {"meeting": meeting.pk})
    assert answer["Location"] == f"/admin/meetings/{meeting.pk}/board/"
    assert meeting.items.get().title == ballot.title
    assert "<option" not in get(cast.clerk, ballot)


def test_the_list_tells_what_waits(cast: Cast, ballot: WrittenBallot) -> None:
    draft = WrittenBallot(body=cast.body, title="Bản nháp", question="?", days=5)
    actions.save_written(actor=cast.clerk, written=draft)
    assert "waiting" in headings(cast.member)
    assert headings(cast.clerk) == ["out", "drafts"]
    assert headings(cast.outsider) == []
    actions.answer(actor=cast.member, written=ballot, choice="for", key="k")
    assert headings(cast.member) == ["out"]
    close(ballot)
    assert headings(cast.member) == ["past"]


def headings(user: User) -> list[str]:
    page = casting.client(user).get("/written/").content.decode()
    return re.findall(r'<h2 id="(\w+)"', page)


def test_the_list_takes_as_many_queries_for_one_ballot_as_for_three(
    cast: Cast, ballot: WrittenBallot
) -> None:
    browser = casting.client(cast.member)
    browser.get("/written/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            browser.get("/written/")
        counts.append(len(captured))
        casting.written(cast)
        casting.written(cast)
    assert counts[0] == counts[1]


def test_today_shows_what_to_answer_and_to_the_secretariat_what_is_out(
    cast: Cast, ballot: WrittenBallot
) -> None:
    assert (today_of(cast.member).to_answer, today_of(cast.member).is_clear) == ((ballot,), False)
    assert today_of(cast.member).open_votes == 0
    assert f"/written/{ballot.pk}/" in casting.client(cast.member).get("/").content.decode()
    clerk = today_of(cast.clerk)
    assert [(row.pk, row.asked, row.answered, row.is_pressing) for row in clerk.written] == [
        (ballot.pk, 3, 0, False)
    ]
    assert f"/written/{ballot.pk}/" in casting.client(cast.clerk).get("/").content.decode()
    actions.answer(actor=cast.member, written=ballot, choice="for", key="k")
    assert today_of(cast.member).to_answer == ()
    assert today_of(cast.outsider).written == ()


def test_today_tells_the_deputy_and_presses_the_secretariat(cast: Cast, ballot: WrittenBallot) -> None:
    cast.body.memberships.filter(user=cast.second).update(deputy=cast.outsider)
    actions.answer(actor=cast.member, written=ballot, choice="for", key="k")
    assert today_of(cast.outsider).deputised == ()
    assert ballot.closes_at is not None
    with clock.starting_at(ballot.closes_at - timedelta(hours=1)):
        written_reminders.remind_due()
        assert [row.name for row in today_of(cast.outsider).deputised] == ["Second"]
        assert [row.is_pressing for row in today_of(cast.clerk).written] == [True]
        with override("vi"):
            assert "Second" in casting.client(cast.outsider).get("/").content.decode()
        actions.answer(actor=cast.second, written=ballot, choice="for", key="k")
        assert today_of(cast.outsider).deputised == ()
    to_deputy = [message.body for message in mail.outbox if message.to == [cast.outsider.email]]
    assert len(to_deputy) == 1
    assert "/written/" not in to_deputy[0]


def test_strangers_see_nothing(cast: Cast, ballot: WrittenBallot) -> None:
    assert Client().get(f"/written/{ballot.pk}/").status_code == 302
    assert casting.client(cast.outsider).get(f"/written/{ballot.pk}/").status_code == 404
