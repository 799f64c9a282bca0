"""What can be put to the vote: amendments before the text, several options, a vote once more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import DomainError
from meetings.actions import live
from meetings.enums import VOTING_ROLES
from meetings.models import DocumentVersion, ItemPoll, LiveEvent
from meetings.projection import live_state
from meetings.queries.decisions import adopted_poll
from meetings.rules.polls import Amendment, Option, basis_digest, motion_basis
from tests.meetings.live_room import Room
from voting.models import Poll

pytestmark = pytest.mark.django_db
CLAUSE = Amendment("Khoản 2 Điều 3", "Thời hạn là 30 ngày.", "The time limit is 30 days.")
SITES = [Option("Đà Nẵng", "Da Nang"), Option("Cần Thơ"), Option("Huế")]


def refusal(act: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        act()
    assert str(caught.value)
    return caught.value.code, caught.value.status


def put(room: Room, name: str = "open_poll", **words: object) -> int:
    if name != "open_revote":
        words["item_id"] = room.item.pk
    return int(room.do(name, **words).body["poll"])


def vote(room: Room, poll: int, *choices: str) -> None:
    """The chair's, the member's and the second member's choice; then the poll is closed."""
    for user, choice in zip((room.cast.chair, room.cast.member, room.cast.second), choices, strict=False):
        live.cast_ballot(actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice=choice, key="k")
    room.do("close_poll", poll_id=poll)


def amend(room: Room, choice: str, words: Amendment = CLAUSE) -> Poll:
    poll = put(room, "open_amendment", amendment=words)
    vote(room, poll, *[choice] * 3)
    return Poll.objects.get(pk=poll)


def draft(room: Room) -> str:
    rows = DocumentVersion.objects.filter(document__dossier__item=room.item, document__role="draft")
    return rows.get().sha256


def shown(room: Room) -> Any:
    return live_state(room.meeting, "member")["poll"]


def test_the_text_is_put_as_amended(room: Room) -> None:
    first = amend(room, "for")
    refused = amend(room, "against", Amendment("Điều 9", "Bãi bỏ."))
    third = amend(room, "for", Amendment("Điều 5", "Chính phủ quyết định."))
    assert refused.text_sha256 not in (first.text_sha256, third.text_sha256)
    numbers = ItemPoll.objects.filter(kind="amendment").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    motion = Poll.objects.get(pk=put(room))
    over = {"draft": draft(room), "amendments": [first.text_sha256, third.text_sha256]}
    assert motion.text_sha256 == hashlib.sha256(canonical_json(over)).hexdigest()
    assert motion.question == "Thông qua nội dung đã sửa đổi: Dự thảo Nghị quyết"
    view = shown(room)
    assert (view["kind"], view["amendments"], view["text_version"]) == ("motion", 2, 1)
    lines = live_state(room.meeting, "projector")["polls"]
    assert [(row["kind"], row["number"], row["adopted"]) for row in lines] == [
        ("amendment", 1, True),
        ("amendment", 2, False),
        ("amendment", 3, True),
    ]


def test_a_roll_call_on_paper_is_on_the_text_as_amended(room: Room) -> None:
    adopted = amend(room, "for")
    answers = dict.fromkeys(
        room.cast.body.memberships.filter(role__in=VOTING_ROLES).values_list("pk", flat=True), "for"
    )
    entered = room.do("enter_roll_call", item_id=room.item.pk, answers=answers, held_at=clock.now())
    room.do("confirm_roll_call", room.cast.chair, item_id=room.item.pk, digest=entered.body["digest"])
    link = ItemPoll.objects.get(kind="motion")
    assert link.basis == {"draft": draft(room), "amendments": [adopted.text_sha256]}
    assert link.poll.text_sha256 == basis_digest(link.basis)
    assert link.poll.question == "Thông qua nội dung đã sửa đổi: Dự thảo Nghị quyết"
    assert adopted_poll(room.item) == link.poll


def test_an_amendment_is_frozen_word_for_word(room: Room) -> None:
    poll = Poll.objects.get(pk=put(room, "open_amendment", amendment=CLAUSE))
    view = shown(room)
    assert view["amendment"] == {"clause": CLAUSE.clause, "text": CLAUSE.text, "text_en": CLAUSE.text_en}
    assert (view["kind"], view["number"], view["text_version"]) == ("amendment", 1, 1)
    assert poll.question == "Thông qua nội dung sửa đổi số 1, Khoản 2 Điều 3"
    link = ItemPoll.objects.get()
    assert poll.text_sha256 == view["text_sha256"] == basis_digest(link.basis)
    told = LiveEvent.objects.get(kind="poll.opened").body
    assert (told["kind"], told["number"], told["text_sha256"]) == ("amendment", 1, poll.text_sha256)


def test_an_amendment_alone_decides_nothing(room: Room) -> None:
    amend(room, "for")
    assert adopted_poll(room.item) is None
    assert live_state(room.meeting, "member")["programme"][0]["outcome"] is None


def test_amendments_come_before_the_text(room: Room) -> None:
    first = amend(room, "against")
    motion = put(room)
    vote(room, motion, "against", "against", "against")
    amend(room, "for", Amendment("Điều 1", "Lời mới."))
    again = put(room, "open_revote", poll_id=motion, reason="Đã sửa đổi Điều 1")
    assert Poll.objects.get(pk=again).text_sha256 != Poll.objects.get(pk=motion).text_sha256
    vote(room, again, "for", "for", "for")
    late = lambda: put(room, "open_amendment", amendment=CLAUSE)  # noqa: E731  # two words
    assert refusal(late) == ("text_adopted", 409)
    repeated = lambda: put(room, "open_revote", poll_id=first.pk, reason="Nhầm")  # noqa: E731  # two words
    assert refusal(repeated) == ("text_adopted", 409)


def test_an_amendment_needs_a_clause_words_and_a_draft(room: Room) -> None:
    for words, code in (
        (Amendment(" ", "x"), "amendment_empty"),
        (Amendment("Điều 1", " "), "amendment_empty"),
        (Amendment("Điều 1", "x" * 4_001), "amendment_long"),
        (Amendment("x" * 121, "x"), "amendment_long"),
    ):
        assert refusal(lambda words=words: put(room, "open_amendment", amendment=words)) == (code, 400)
    room.meeting.distributions.all().delete()
    bare = lambda: put(room, "open_amendment", amendment=CLAUSE)  # noqa: E731  # two words
    assert refusal(bare) == ("no_draft", 409)


def test_one_of_several_options_is_chosen_and_decides_the_item(room: Room) -> None:
    poll = put(room, "open_options", options=SITES, question="Đặt trụ sở ở đâu?", question_en="Where?")
    view = shown(room)
    assert [(one["code"], one["side"]) for one in view["choices"]] == [
        ("option-1", "option"),
        ("option-2", "option"),
        ("option-3", "option"),
        ("against", "against"),
        ("abstain", "abstain"),
    ]
    assert view["choices"][1]["label_en"] == "Cần Thơ"
    vote(room, poll, "option-2", "option-1", "option-2")
    state = live_state(room.meeting, "observer")
    outcome = state["programme"][0]["outcome"]
    assert outcome == {
        "poll_id": poll,
        "adopted": True,
        "in_favour": 2,
        "base": 3,
        "chosen": "Cần Thơ",
        "chosen_en": "Cần Thơ",
    }
    assert LiveEvent.objects.get(kind="poll.closed").body["chosen"] == "option-2"
    assert state["polls"][0]["chosen"] == "Cần Thơ"
    assert adopted_poll(room.item) == Poll.objects.get(pk=poll)


def test_of_equal_options_the_chair_chooses_in_the_act_of_closing(room: Room) -> None:
    poll = put(room, "open_options", options=SITES)
    for user, choice in ((room.cast.member, "option-1"), (room.cast.second, "option-3")):
        live.cast_ballot(actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice=choice, key="k")
    desk = live_state(room.meeting, "desk")["desk"]
    assert desk is not None
    assert (desk["chair_must_decide"], desk["chair_choices"]) == (True, ["option-1", "option-3"])
    with pytest.raises(DomainError) as caught:
        room.do("close_poll", room.cast.chair, poll_id=poll, chair_choice="option-2")
    assert (caught.value.code, caught.value.details["choices"]) == (
        "chair_must_decide",
        ["option-1", "option-3"],
    )
    room.do("close_poll", room.cast.chair, poll_id=poll, chair_choice="option-3")
    assert (Poll.objects.get(pk=poll).verdict or {})["chosen"] == "option-3"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([Option("Một")], "options_count"),
        ([Option(str(n)) for n in range(9)], "options_count"),
        ([Option("Huế"), Option(" ")], "options_unclear"),
        ([Option("Huế"), Option("huế ")], "options_unclear"),
        ([Option("Huế"), Option("x" * 201)], "option_long"),
    ],
)
def test_options_are_two_to_eight_and_differ(room: Room, options: list[Option], code: str) -> None:
    assert refusal(lambda: put(room, "open_options", options=options)) == (code, 400)
    assert not Poll.objects.exists()


def test_a_vote_taken_again_decides_in_place_of_the_earlier(room: Room) -> None:
    first = put(room, question="Thông qua?")
    vote(room, first, "for", "for", "for")
    assert refusal(lambda: put(room, "open_revote", poll_id=first, reason=" ")) == ("reason_missing", 400)
    second = put(room, "open_revote", poll_id=first, reason="Đếm sai")
    view = shown(room)
    assert (view["question"], view["revote_of"], view["reason"]) == ("Thông qua?", first, "Đếm sai")
    # Until it has a result the earlier one stands.
    assert adopted_poll(room.item) == Poll.objects.get(pk=first)
    assert live_state(room.meeting, "member")["polls"][0]["superseded"] is False
    vote(room, second, "against", "against", "for")
    assert adopted_poll(room.item) is None
    lines = live_state(room.meeting, "member")["polls"]
    assert [(row["id"], row["superseded"], row["adopted"], row["reason"]) for row in lines] == [
        (first, True, True, ""),
        (second, False, False, "Đếm sai"),
    ]
    outcome = live_state(room.meeting, "member")["programme"][0]["outcome"]
    assert outcome is not None
    assert (outcome["poll_id"], outcome["adopted"]) == (second, False)
    told = LiveEvent.objects.filter(kind="poll.opened").latest("seq").body
    assert (told["revote_of"], told["reason"]) == (first, "Đếm sai")


def test_only_the_last_result_of_a_question_is_taken_again(room: Room) -> None:
    first = put(room)
    assert refusal(lambda: put(room, "open_revote", poll_id=first, reason="x")) == ("poll_open", 409)
    room.do("cancel_poll", poll_id=first)
    assert refusal(lambda: put(room, "open_revote", poll_id=first, reason="x")) == ("poll_not_closed", 409)
    first = put(room)
    vote(room, first, "for", "for", "for")
    broken = put(room, "open_revote", poll_id=first, reason="x")
    room.do("cancel_poll", poll_id=broken)
    second = put(room, "open_revote", poll_id=first, reason="x")
    vote(room, second, "for", "for", "for")
    assert refusal(lambda: put(room, "open_revote", poll_id=first, reason="x")) == ("already_repeated", 409)
    assert refusal(lambda: put(room, "open_revote", poll_id=0, reason="x")) == ("poll_not_found", 404)


def test_an_amendment_taken_again_keeps_its_number_and_the_last_vote_counts(room: Room) -> None:
    first = amend(room, "for")
    second = put(room, "open_revote", poll_id=first.pk, reason="Thiếu người")
    vote(room, second, "against", "against", "against")
    assert Poll.objects.get(pk=second).text_sha256 == first.text_sha256
    assert set(ItemPoll.objects.values_list("number", flat=True)) == {1}
    motion = Poll.objects.get(pk=put(room))
    assert motion.text_sha256 == draft(room)


def test_running_counts_only_where_the_body_shows_them_and_as_frozen(room: Room) -> None:
    body = room.cast.body
    poll = put(room)
    live.cast_ballot(actor=room.cast.member, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k")
    body.tally_while_open = True
    body.save()
    for audience in ("member", "observer", "projector", "desk"):
        view = live_state(room.meeting, audience)["poll"]  # type: ignore[arg-type]  # one of the four
        assert view is not None
        assert (view["counts"], view["turnout"], view["results"]) == ([], 1, [])
    vote(room, poll, "against")
    poll = put(room)
    body.tally_while_open = False
    body.rule_preset = "unanimity"
    body.save()
    live.cast_ballot(actor=room.cast.member, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k2")
    for audience in ("member", "observer", "projector", "desk"):
        view = live_state(room.meeting, audience)["poll"]  # type: ignore[arg-type]  # one of the four
        assert view is not None
        assert {row["choice"]: row["votes"] for row in view["counts"]} == {
            "for": 1,
            "against": 0,
            "abstain": 0,
        }
        assert (view["results"], view["needed"]) == ([], 2)
    room.do("close_poll", poll_id=poll)
    assert shown(room)["counts"] == []


def test_nothing_said_in_words_reaches_the_ledger(room: Room) -> None:
    from ecabinet.ledger.models import LedgerEntry

    amend(room, "for")
    entries = b"".join(bytes(row.body) for row in LedgerEntry.objects.all())
    assert CLAUSE.text.encode() not in entries
    assert json.dumps(CLAUSE.text).encode() not in entries


def test_without_amendments_the_hash_is_the_drafts_own() -> None:
    assert basis_digest(motion_basis("ab" * 32)) == "ab" * 32
    assert basis_digest(motion_basis("ab" * 32, ["cd" * 32])) != basis_digest(motion_basis("cd" * 32))
    one, other = motion_basis("a", ["b", "c"]), motion_basis("a", ["c", "b"])
    assert basis_digest(one) != basis_digest(other)
