"""Written ballots: sent out, answered, reminded, closed, moved onto an agenda."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import dossiers, written_reminders
from meetings.actions import written as actions
from meetings.enums import DocumentRole, WrittenState
from meetings.models import (
    DocumentVersion,
    Dossier,
    WrittenAnswer,
    WrittenBallot,
    WrittenReminder,
)
from meetings.models.scope import prepared_bodies, preparers
from meetings.queries.written import summary, waiting_for_answer
from meetings.rules.written import Opinion
from tests import cast as tests_cast
from tests.cast import Cast
from voting.models import Ballot, Poll

MINUTE = timedelta(minutes=1)


def draft(cast: Cast, *, days: int = 5, dossier: Dossier | None = None) -> WrittenBallot:
    ballot = WrittenBallot(
        body=cast.body,
        title="Quy hoạch cảng biển",
        title_en="Seaport plan",
        question="Thông qua dự thảo Nghị quyết?",
        question_en="Adopt the draft resolution?",
        days=days,
        dossier=dossier,
    )
    return actions.save_written(actor=cast.clerk, written=ballot)


def sent(cast: Cast, **kwargs: object) -> WrittenBallot:
    return actions.open_written(actor=cast.clerk, written=draft(cast, **kwargs))  # type: ignore[arg-type]


def reply(ballot: WrittenBallot, user: User, choice: str = "for", key: str = "k", **kwargs: object) -> str:
    receipt = actions.answer(actor=user, written=ballot, choice=choice, key=key, **kwargs)  # type: ignore[arg-type]
    return receipt.digest


def code(call: object, **kwargs: object) -> str:
    with pytest.raises(DomainError) as caught:
        call(**kwargs)  # type: ignore[operator]  # the action under test
    assert str(caught.value)
    return caught.value.code


def after(ballot: WrittenBallot, delta: timedelta = MINUTE) -> datetime:
    assert ballot.closes_at is not None
    return ballot.closes_at + delta


def verdict(ballot: WrittenBallot) -> dict[str, object]:
    ballot.refresh_from_db()
    poll = Poll.objects.get(pk=ballot.poll_id)
    assert poll.verdict is not None
    return poll.verdict


def acts(ballot: WrittenBallot) -> list[str]:
    rows = LedgerEntry.objects.filter(subject=f"written:{ballot.pk}").order_by("pk")
    return list(rows.values_list("act", flat=True))


def test_sending_freezes_electorate_papers_and_deadline(cast: Cast, tmp_path: Path) -> None:
    dossier = dossiers.create_dossier(actor=cast.clerk, agency=cast.ministry, title="Cảng biển")
    paper = dossiers.add_document(actor=cast.clerk, dossier=dossier, role=DocumentRole.DRAFT, title="Dự thảo")
    ballot = draft(cast, dossier=dossier)
    assert code(actions.open_written, actor=cast.clerk, written=ballot) == "written_papers_missing"
    first = dossiers.add_version(actor=cast.clerk, document=paper, path=tests_cast.pdf(tmp_path))
    assert not DocumentVersion.objects.visible_to(cast.member).exists()
    ballot = actions.open_written(actor=cast.clerk, written=ballot)
    later = tests_cast.pdf(tmp_path, "later.pdf", words="changed")
    dossiers.add_version(actor=cast.clerk, document=paper, path=later)
    assert ballot.poll is not None
    assert [row.version for row in ballot.papers.all()] == [first]
    assert ballot.poll.text_sha256 == first.sha256
    assert [e.user for e in ballot.poll.electors.all()] == [cast.chair, cast.member, cast.second]
    assert ballot.closes_at is not None
    assert ballot.closes_at.astimezone().weekday() < 5
    assert list(DocumentVersion.objects.visible_to(cast.member)) == [first]
    assert not DocumentVersion.objects.visible_to(cast.outsider).exists()
    assert code(actions.save_written, actor=cast.clerk, written=ballot) == "written_sent"
    assert code(actions.open_written, actor=cast.clerk, written=ballot) == "written_sent"


def test_who_sees_it(cast: Cast) -> None:
    ballot = draft(cast)
    see = {u: WrittenBallot.objects.visible_to(u).exists() for u in (cast.clerk, cast.member, cast.outsider)}
    assert see == {cast.clerk: True, cast.member: False, cast.outsider: False}
    ballot = actions.open_written(actor=cast.clerk, written=ballot)
    see = {u: WrittenBallot.objects.visible_to(u).exists() for u in (cast.clerk, cast.member, cast.outsider)}
    assert see == {cast.clerk: True, cast.member: True, cast.outsider: False}
    assert list(waiting_for_answer(cast.member)) == [ballot]
    reply(ballot, cast.member)
    assert list(waiting_for_answer(cast.member)) == []


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_only_the_secretariat_prepares(cast: Cast, who: str) -> None:
    ballot, stranger = draft(cast), getattr(cast, who)
    assert code(actions.save_written, actor=stranger, written=ballot) == "denied"
    assert code(actions.open_written, actor=stranger, written=ballot) == "denied"
    ballot = actions.open_written(actor=cast.clerk, written=ballot)
    assert code(actions.cancel_written, actor=stranger, written=ballot, reason="x") == "denied"
    meeting = tests_cast.meeting(cast)
    assert code(actions.move_to_agenda, actor=stranger, written=ballot, meeting=meeting) == "denied"


def test_an_answer_carries_comment_and_opinions_and_the_newest_counts(cast: Cast) -> None:
    ballot = sent(cast)
    opinions = [Opinion(" Điều  5 ", " Bỏ. "), Opinion("", " ")]
    first = reply(ballot, cast.member, "against", "a", opinions=opinions)
    assert reply(ballot, cast.member, "against", "a", opinions=[Opinion("Điều 9", "Khác")]) == first
    assert WrittenAnswer.objects.get().opinions == [{"clause": "Điều 5", "text": "Bỏ."}]
    reply(ballot, cast.member, "for", "b", comment="Tán thành", opinions=[Opinion("Điều 6", "Giữ.")])
    row = WrittenAnswer.objects.get()
    assert row.opinions == [{"clause": "Điều 6", "text": "Giữ."}]
    assert acts(ballot).count("written.answered") == 2
    assert [b.comment for b in Ballot.objects.order_by("revision")] == ["", "Tán thành"]


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        ([Opinion("", "x")], "clause_missing"),
        ([Opinion("Điều 1", "")], "opinion_missing"),
        ([Opinion("Điều 1", "x" * 4001)], "opinion_long"),
        ([Opinion("x" * 201, "x")], "opinion_long"),
        ([Opinion(f"Điều {n}", "x") for n in range(41)], "too_many_opinions"),
    ],
)
def test_half_an_opinion_is_refused_and_nothing_is_written(
    cast: Cast, opinions: list[Opinion], expected: str
) -> None:
    ballot = sent(cast)
    same = {"actor": cast.member, "written": ballot, "choice": "for", "key": "k"}
    assert code(actions.answer, **same, opinions=opinions) == expected
    assert code(actions.answer, **same, comment="x" * 4001) == "comment_long"
    assert not Ballot.objects.exists()
    assert not WrittenAnswer.objects.exists()


def test_who_may_answer(cast: Cast) -> None:
    ballot = sent(cast)
    same = {"written": ballot, "choice": "for", "key": "k"}
    assert code(actions.answer, actor=cast.clerk, **same) == "no_mandate"
    assert code(actions.answer, actor=cast.outsider, **same) == "no_mandate"
    assert code(actions.answer, actor=cast.member, written=draft(cast), choice="for", key="k") == "no_mandate"
    assert code(actions.answer, actor=cast.member, **{**same, "choice": "perhaps"}) == "unknown_choice"
    assert code(actions.answer, actor=cast.member, **{**same, "key": ""}) == "key_missing"


def test_the_deadline_closes_once_and_nothing_comes_after(cast: Cast) -> None:
    ballot = sent(cast)
    for user in (cast.chair, cast.member):
        reply(ballot, user)
    actions.close_due()
    ballot.refresh_from_db()
    assert ballot.state == WrittenState.OPEN
    with clock.starting_at(after(ballot)):
        late = {"actor": cast.second, "written": ballot, "choice": "against", "key": "late"}
        assert code(actions.answer, **late) == "poll_closed"
        actions.close_due()
        actions.close_due()
        actions.close_written(written_id=ballot.pk)
        assert code(actions.answer, **late) == "poll_closed"
        same = reply(ballot, cast.member)
    assert same == WrittenAnswer.objects.get(membership__user=cast.member).receipt
    assert verdict(ballot)["adopted"] is True
    assert (ballot.state, acts(ballot).count("written.closed")) == (WrittenState.CLOSED, 1)
    assert LedgerEntry.objects.filter(act="poll.closed").count() == 1


@pytest.mark.parametrize(
    ("silence", "counts", "silent"),
    [("", [1, 0, 0], 2), ("none", [1, 0, 0], 2), ("agree", [3, 0, 0], 0), ("abstain", [1, 0, 2], 0)],
)
def test_no_answer_counts_as_the_body_says(cast: Cast, silence: str, counts: list[int], silent: int) -> None:
    cast.body.written_silence = silence
    cast.body.save()
    ballot = sent(cast)
    cast.body.written_silence = "agree"  # too late for this ballot
    cast.body.save()
    reply(ballot, cast.member)
    with clock.starting_at(after(ballot)):
        actions.close_due()
    told = verdict(ballot)
    counted = dict(told["counts"])  # type: ignore[call-overload]  # a mapping
    assert [counted[code] for code in ("for", "against", "abstain")] == counts
    assert told["silent"] == silent


def test_equal_votes_without_the_chair_are_settled_by_the_deadline(cast: Cast) -> None:
    ballot = sent(cast)
    reply(ballot, cast.member, "for")
    reply(ballot, cast.second, "against")
    with clock.starting_at(after(ballot)):
        actions.close_due()
    assert verdict(ballot)["reason"] == "tie_rejected"


def test_before_the_close_only_who_answered_is_told(cast: Cast) -> None:
    ballot = sent(cast)
    reply(ballot, cast.member, "against", comment="Chưa rõ", opinions=[Opinion("Điều 5", "Bỏ.")])
    before = summary(ballot)
    assert [row.answered for row in before.rows] == [False, True, False]
    assert not any(row.choice or row.comment or row.opinions for row in before.rows)
    assert before.clauses == ()
    reply(ballot, cast.chair, "for", opinions=[Opinion("điều 5", "Giữ."), Opinion("Điều 7", "Thêm.")])
    with clock.starting_at(after(ballot)):
        actions.close_due()
    ballot.refresh_from_db()
    told = summary(ballot)
    assert [row.choice.code if row.choice else None for row in told.rows] == ["for", "against", None]
    assert told.rows[1].comment == "Chưa rõ"
    said = [(group.clause, [(str(who), text) for who, text in group.opinions]) for group in told.clauses]
    assert said == [("điều 5", [("Chair", "Giữ."), ("Member", "Bỏ.")]), ("Điều 7", [("Chair", "Thêm.")])]


def test_the_summary_takes_as_many_queries_for_one_answer_as_for_three(
    cast: Cast, django_assert_num_queries: object
) -> None:
    ballot = WrittenBallot.objects.select_related("poll").get(pk=sent(cast).pk)
    for user in (cast.chair, cast.member, cast.second):
        reply(ballot, user)
        with django_assert_num_queries(4):  # type: ignore[operator]  # pytest-django's fixture
            summary(ballot)


def test_calling_off_needs_a_reason_and_counts_nothing(cast: Cast) -> None:
    ballot = sent(cast)
    reply(ballot, cast.member)
    assert code(actions.cancel_written, actor=cast.clerk, written=ballot, reason=" ") == "reason_missing"
    actions.cancel_written(actor=cast.clerk, written=ballot, reason="Rút hồ sơ")
    ballot.refresh_from_db()
    assert (ballot.state, ballot.reason) == (WrittenState.CANCELLED, "Rút hồ sơ")
    assert code(actions.cancel_written, actor=cast.clerk, written=ballot, reason="x") == "written_not_open"
    same = {"actor": cast.second, "written": ballot, "choice": "for", "key": "k"}
    assert code(actions.answer, **same) == "poll_cancelled"
    with clock.starting_at(after(ballot)):
        actions.close_due()
    ballot.refresh_from_db()
    assert ballot.state == WrittenState.CANCELLED


def test_one_click_moves_it_onto_an_agenda(cast: Cast) -> None:
    dossier = dossiers.create_dossier(actor=cast.clerk, agency=cast.ministry, title="Cảng biển")
    ballot = sent(cast, dossier=dossier)
    meeting, other = tests_cast.meeting(cast), tests_cast.meeting(cast, days=40, title="Phiên sau")
    item = actions.move_to_agenda(actor=cast.clerk, written=ballot, meeting=meeting)
    ballot.refresh_from_db()
    dossier.refresh_from_db()
    assert (item.title, item.title_en, item.sponsor) == (ballot.title, ballot.title_en, cast.ministry)
    assert (ballot.state, ballot.item, dossier.item) == (WrittenState.CANCELLED, item, item)
    assert actions.move_to_agenda(actor=cast.clerk, written=ballot, meeting=meeting) == item
    again = {"actor": cast.clerk, "written": ballot, "meeting": other}
    assert code(actions.move_to_agenda, **again) == "already_moved"
    assert meeting.items.count() == 1


def test_a_closed_ballot_keeps_its_result_when_it_is_moved(cast: Cast) -> None:
    ballot = sent(cast)
    with clock.starting_at(after(ballot)):
        actions.close_due()
    before = verdict(ballot)
    actions.move_to_agenda(actor=cast.clerk, written=ballot, meeting=tests_cast.meeting(cast, days=30))
    assert verdict(ballot) == before
    assert ballot.state == WrittenState.CLOSED


@pytest.mark.parametrize("title", ["TUYỆT MẬT về biên giới"])
def test_a_state_secret_is_not_asked_about_in_writing(cast: Cast, title: str) -> None:
    ballot = WrittenBallot(body=cast.body, title=title, question="Thông qua?", days=5)
    assert code(actions.save_written, actor=cast.clerk, written=ballot) == "classified_title"
    assert not WrittenBallot.objects.exists()


def test_preparers_are_those_who_prepare(cast: Cast) -> None:
    asked = [person for person in User.objects.all() if cast.body in prepared_bodies(person)]
    assert set(preparers(cast.body)) == set(asked)
    assert cast.clerk in preparers(cast.body)


def deputy_of(cast: Cast, user: User, deputy: User) -> None:
    cast.body.memberships.filter(user=user).update(deputy=deputy)


def told() -> list[tuple[str, list[str]]]:
    return [(message.subject, message.to) for message in mail.outbox]


def test_reminders_go_to_the_member_the_deputy_and_the_secretariat_once(cast: Cast) -> None:
    deputy_of(cast, cast.second, cast.outsider)
    ballot = sent(cast)
    reply(ballot, cast.chair)
    closes = after(ballot, timedelta())
    moments = [closes - timedelta(hours=9), closes - timedelta(hours=4, minutes=59)]
    written_reminders.remind_due()
    assert mail.outbox == []
    with clock.starting_at(moments[0] + MINUTE):
        written_reminders.remind_due()
        written_reminders.remind_due()
    addresses = sorted(message.to[0] for message in mail.outbox)
    assert addresses == sorted([cast.member.email, cast.second.email, cast.outsider.email])
    with clock.starting_at(moments[1]):
        reply(ballot, cast.member)
        written_reminders.remind_due()
        written_reminders.remind_due()
    assert [message.to[0] for message in mail.outbox[3:]] == [cast.clerk.email]
    assert "Second" in mail.outbox[3].body
    assert "Member" not in mail.outbox[3].body
    assert f"/written/{ballot.pk}/" in mail.outbox[3].body
    assert WrittenReminder.objects.filter(sent_at=None).count() == 0


def test_a_reminder_that_could_not_leave_is_sent_later(cast: Cast, settings: object) -> None:
    ballot = sent(cast)
    reply(ballot, cast.chair)
    reply(ballot, cast.second)
    with clock.starting_at(after(ballot, -timedelta(hours=8))):
        settings.EMAIL_BACKEND = "tests.meetings.no_mail.Backend"  # type: ignore[attr-defined]  # pytest-django
        with pytest.raises(OSError):
            written_reminders.remind_due()
        assert WrittenReminder.objects.filter(sent_at=None).count() == 1
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
        written_reminders.remind_due()
        written_reminders.remind_due()
    assert [message.to for message in mail.outbox] == [[cast.member.email]]


def test_who_answers_before_the_message_leaves_gets_none(cast: Cast) -> None:
    ballot = sent(cast)
    reply(ballot, cast.chair)
    reply(ballot, cast.second)
    with clock.starting_at(after(ballot, -timedelta(hours=8))):
        WrittenReminder.objects.create(
            written=ballot, stage="member", user=cast.member, created_at=clock.now()
        )
        reply(ballot, cast.member)
        written_reminders.remind_due()
    assert mail.outbox == []


def test_a_reminder_speaks_the_reader_s_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.member.pk).update(language="en")
    ballot = sent(cast)
    for user in (cast.chair, cast.second):
        reply(ballot, user)
    with clock.starting_at(after(ballot, -timedelta(hours=8))):
        written_reminders.remind_due()
    assert mail.outbox[0].subject == "Answer wanted: Seaport plan"
    assert "still missing" in mail.outbox[0].body


def test_the_frozen_rule_is_the_body_s(cast: Cast) -> None:
    ballot = sent(cast)
    assert ballot.poll is not None
    rule = actions.rule_for(ballot).as_data()
    assert json.loads(json.dumps(ballot.poll.rule)) == json.loads(json.dumps(rule))
