"""What a voter holds in the hand: that the own ballot was counted, and where the ledger has it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.ledger import actions as ledger
from ecabinet.ledger import keys
from ecabinet.ledger.rules.proofs import parse_proof
from meetings import mine
from meetings.actions import live
from meetings.my_types import MyMandateBallot
from meetings.queries.receipts import own_votes
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    """Two of three are here; the member votes for the absent one."""
    made = Room(tmp_path)
    made.cast.body.proxies = 1
    made.cast.body.save()
    made.do("give_proxy", made.cast.second, acting=mandate(made, made.cast.member))
    made.do("start")
    made.check_in(made.cast.chair, made.cast.member)
    made.do("call_item", item_id=made.item.pk)
    return made


def mandate(room: Room, user: User) -> int:
    return int(room.cast.body.memberships.get(user=user).pk)


def voted(room: Room) -> int:
    poll = room.open_poll()
    for of, choice in ((None, "for"), (mandate(room, room.cast.second), "against")):
        live.cast_ballot(
            actor=room.cast.member,
            meeting_id=room.meeting.pk,
            poll_id=poll,
            choice=choice,
            mandate=of,
            key=f"k{of}",
        )
    live.cast_ballot(
        actor=room.cast.chair, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="chair"
    )
    return poll


def mine_of(room: Room, user: User) -> list[MyMandateBallot]:
    poll = mine.me(user, room.meeting, {"fresh": True, "url": ""})["poll"]
    assert poll is not None
    return poll["ballots"]


def address(room: Room, poll: int, of: User) -> str:
    return f"/api/v1/meetings/{room.meeting.pk}/polls/{poll}/receipts/{mandate(room, of)}"


def seal() -> None:
    ledger.sequence()
    ledger.sign_checkpoint()


def test_the_proof_follows_when_the_ledger_has_placed_the_ballot(room: Room) -> None:
    poll = voted(room)
    seal()
    assert [row["proof"] for row in mine_of(room, room.cast.member)] == [None, None]
    room.do("close_poll", poll_id=poll)
    proofs = [row["proof"] for row in mine_of(room, room.cast.member)]
    assert all(proof is not None for proof in proofs)
    assert len({proof["index"] for proof in proofs if proof}) == 2
    assert proofs[1] is not None
    assert proofs[1]["url"] == address(room, poll, room.cast.second)


def test_until_then_it_says_so(room: Room) -> None:
    poll = voted(room)
    room.do("close_poll", poll_id=poll)
    assert [row["proof"] for row in mine_of(room, room.cast.member)] == [None, None]
    browser = casting.client(room.cast.member)
    answer = browser.get(address(room, poll, room.cast.member))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_sequenced")
    page = browser.get(f"/meetings/{room.meeting.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert page.count("Bằng chứng từ sổ cái sẽ có trong giây lát") == 2


def test_the_file_proves_the_ballot_word_for_word(room: Room) -> None:
    poll = voted(room)
    room.do("close_poll", poll_id=poll)
    seal()
    answer = casting.client(room.cast.member).get(address(room, poll, room.cast.second))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    kept = json.loads(answer.content)
    assert kept["ballot"]["choice"] == "against"
    assert hashlib.sha256(canonical_json(kept["ballot"])).hexdigest() == kept["digest"]
    proof = parse_proof(kept["proof"])
    proof.verify([keys.signer().verifier])
    assert json.loads(proof.entry)["digest"] == kept["digest"]
    assert base64.b64encode(proof.entry).decode() in kept["proof"]
    row = mine_of(room, room.cast.member)[1]
    assert (row["ballot"] or {})["receipt"] == kept["receipt"]


def test_only_the_voter_gets_it(room: Room) -> None:
    poll = voted(room)
    open_still = casting.client(room.cast.member).get(address(room, poll, room.cast.member))
    assert (open_still.status_code, open_still.json()["code"]) == (404, "ballot_not_found")
    room.do("close_poll", poll_id=poll)
    seal()
    for user in (room.cast.chair, room.cast.second, room.cast.clerk):
        for of in (room.cast.member, room.cast.second):
            answer = casting.client(user).get(address(room, poll, of))
            assert (answer.status_code, answer.json()["code"]) == (404, "ballot_not_found")
    assert mine_of(room, room.cast.second)[0]["ballot"] is None
    assert own_votes(room.cast.second, room.meeting) == {}
    theirs = own_votes(room.cast.chair, room.meeting)[room.item.pk]
    assert [(vote.represented, vote.mandate) for vote in theirs] == [("", mandate(room, room.cast.chair))]


def test_the_page_of_a_past_meeting_tells_what_i_cast(room: Room) -> None:
    poll = voted(room)
    room.do("close_poll", poll_id=poll)
    room.do("adjourn")
    seal()
    own = own_votes(room.cast.member, room.meeting)[room.item.pk]
    assert [(vote.represented, vote.choice and vote.choice.code) for vote in own] == [
        ("", "for"),
        ("Second", "against"),
    ]
    page = casting.client(room.cast.member).get(f"/meetings/{room.meeting.pk}/").content.decode()
    for vote in own:
        assert vote.receipt in page
    assert address(room, poll, room.cast.second) in page
    theirs = casting.client(room.cast.chair).get(f"/meetings/{room.meeting.pk}/").content.decode()
    assert not any(vote.receipt in theirs for vote in own)


def test_the_page_asks_as_often_for_many_ballots_as_for_few(room: Room) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            own_votes(room.cast.member, room.meeting)
        return len(captured)

    room.do("close_poll", poll_id=voted(room))
    few = count()
    room.do("close_poll", poll_id=voted(room))
    assert count() == few


def test_an_answer_at_a_roll_call_is_the_member_s_and_no_ballot_to_prove(room: Room) -> None:
    cast = room.cast
    words = {cast.chair: "for", cast.member: "against", cast.second: "for"}
    answers = {mandate(room, user): word for user, word in words.items()}
    # The chair enters what was answered: that makes nobody's answer the chair's own.
    entered = room.do(
        "enter_roll_call", cast.chair, item_id=room.item.pk, answers=answers, held_at=clock.now()
    )
    room.do("confirm_roll_call", item_id=room.item.pk, digest=entered.body["digest"])
    poll = Poll.objects.get()
    seal()
    for user, word in words.items():
        (row,) = mine_of(room, user)
        assert (row["own"], (row["ballot"] or {})["choice"], row["proof"]) == (True, word, None)
        answer = casting.client(user).get(address(room, poll.pk, user))
        assert (answer.status_code, answer.json()["code"]) == (404, "ballot_not_found")
        assert own_votes(user, room.meeting) == {}


def test_a_ballot_that_does_not_name_its_entry_is_found_by_its_digest(room: Room) -> None:
    poll = voted(room)
    room.do("close_poll", poll_id=poll)
    seal()
    named = [row["proof"] for row in mine_of(room, room.cast.member)]
    Ballot.objects.update(ledger_entry=None)
    assert [row["proof"] for row in mine_of(room, room.cast.member)] == named
