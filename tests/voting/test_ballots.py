from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from tests.voting.conftest import people, put, specs
from voting.actions import cancel_poll, cast, close_poll, open_poll
from voting.enums import PollState
from voting.models import Ballot, Poll
from voting.queries import ballot_of, current_ballots, receipt_of, tally, turnout
from voting.rules import PRESETS


def vote(poll: Poll, member: User, place: int, choice: str = "for", key: str = "") -> str:
    return cast(
        actor=member, poll_id=poll.pk, mandate=f"m:{place}", choice=choice, key=key or f"k{place}"
    ).code


def refusal(*args: object, **kwargs: object) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        cast(*args, **kwargs)  # type: ignore[arg-type]  # keyword arguments of each case
    assert str(caught.value)
    return caught.value.code, caught.value.status


def test_a_ballot_is_written_with_its_receipt_and_ledger_entry(poll: Poll, members: list[User]) -> None:
    receipt = cast(actor=members[1], poll_id=poll.pk, mandate="m:1", choice="against", key="one")
    ballot = ballot_of(poll, "m:1")
    assert ballot is not None
    assert (ballot.choice, ballot.revision, ballot.cast_by) == ("against", 1, members[1])
    assert receipt_of(ballot, "m:1") == receipt
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}", receipt.code)
    entry = LedgerEntry.objects.get(act="ballot.cast")
    body = json.loads(bytes(entry.body))
    assert (body["digest"], body["subject"]) == (receipt.digest, f"poll:{poll.pk}")
    assert "against" not in bytes(entry.body).decode()


def test_a_changed_ballot_is_a_new_revision_and_only_it_counts(poll: Poll, members: list[User]) -> None:
    first, second = vote(poll, members[1], 1, "for", "a"), vote(poll, members[1], 1, "against", "b")
    assert first != second
    assert [(b.revision, b.choice) for b in current_ballots(poll)] == [(2, "against")]
    assert tally(poll).counts == {"for": 0, "against": 1, "abstain": 0}


def test_sending_twice_gets_the_same_receipt_also_after_closing(poll: Poll, members: list[User]) -> None:
    first = vote(poll, members[1], 1, key="same")
    assert vote(poll, members[1], 1, key="same") == first
    close_poll(actor=members[0], poll_id=poll.pk)
    assert vote(poll, members[1], 1, key="same") == first
    assert Ballot.objects.count() == 1
    assert LedgerEntry.objects.filter(act="ballot.cast").count() == 1


def test_one_key_is_one_ballot(poll: Poll, members: list[User]) -> None:
    vote(poll, members[1], 1, "for", "same")
    same = {"actor": members[1], "poll_id": poll.pk, "mandate": "m:1", "key": "same"}
    assert refusal(**same, choice="against") == ("key_reused", 409)


def test_refusals(members: list[User]) -> None:
    poll = put(members, absent=1)
    sound = {"actor": members[1], "poll_id": poll.pk, "mandate": "m:1", "choice": "for", "key": "k"}
    assert refusal(**{**sound, "choice": "perhaps"}) == ("unknown_choice", 400)
    assert refusal(**{**sound, "actor": members[2]}) == ("not_elector", 403)
    assert refusal(**{**sound, "mandate": "m:9"}) == ("not_elector", 403)
    assert refusal(**{**sound, "poll_id": 0}) == ("poll_not_found", 404)
    assert refusal(**{**sound, "key": ""}) == ("key_missing", 400)
    assert refusal(**{**sound, "key": "k" * 65}) == ("key_missing", 400)
    assert refusal(**{**sound, "actor": members[4], "mandate": "m:4"}) == ("elector_absent", 403)
    assert not Ballot.objects.exists()
    assert turnout(poll).voted == ()
    assert turnout(poll).expected == ("m:0", "m:1", "m:2", "m:3")


def test_a_recused_elector_cannot_vote(members: list[User]) -> None:
    from dataclasses import replace

    electors = specs(members)
    electors[1] = replace(electors[1], entitlement="recused")
    poll = open_poll(actor=members[0], question="?", rule=PRESETS["vn-government"], electors=electors)
    same = {"actor": members[1], "poll_id": poll.pk, "mandate": "m:1", "choice": "for", "key": "k"}
    assert refusal(**same) == ("elector_recused", 403)


def test_nothing_is_taken_after_the_close(poll: Poll, members: list[User]) -> None:
    for place, member in enumerate(members[:4]):
        vote(poll, member, place)
    closed = close_poll(actor=members[0], poll_id=poll.pk)
    assert (closed.state, closed.verdict and closed.verdict["adopted"]) == (PollState.CLOSED, True)
    late = {"actor": members[4], "poll_id": poll.pk, "mandate": "m:4", "choice": "against", "key": "k4"}
    assert refusal(**late) == ("poll_closed", 409)
    assert Ballot.objects.count() == 4


def test_nothing_is_taken_after_the_deadline(members: list[User]) -> None:
    poll = open_poll(
        actor=members[0],
        question="?",
        rule=PRESETS["vn-government"],
        electors=specs(members),
        closes_at=clock.now() - timedelta(seconds=1),
    )
    late = {"actor": members[1], "poll_id": poll.pk, "mandate": "m:1", "choice": "for", "key": "k"}
    assert refusal(**late) == ("poll_closed", 409)


def test_a_poll_is_closed_or_cancelled_once(poll: Poll, members: list[User]) -> None:
    cancel_poll(actor=members[0], poll_id=poll.pk)
    for again in (cancel_poll, close_poll):
        with pytest.raises(DomainError) as caught:
            again(actor=members[0], poll_id=poll.pk)
        assert (caught.value.code, caught.value.status) == ("poll_not_open", 409)
    lost = {"actor": members[1], "poll_id": poll.pk, "mandate": "m:1", "choice": "for", "key": "k"}
    assert refusal(**lost) == ("poll_cancelled", 409)
    with pytest.raises(DomainError) as caught:
        close_poll(actor=members[0], poll_id=0)
    assert caught.value.code == "poll_not_found"


def test_on_equal_votes_the_chair_decides(poll: Poll, members: list[User]) -> None:
    vote(poll, members[1], 1, "for")
    vote(poll, members[2], 2, "against")
    for choice in (None, "abstain", "perhaps"):
        with pytest.raises(DomainError) as caught:
            close_poll(actor=members[0], poll_id=poll.pk, chair_choice=choice)
        assert caught.value.code == "chair_must_decide"
    with pytest.raises(DomainError) as caught:
        close_poll(actor=members[1], poll_id=poll.pk, chair_choice="for")
    assert caught.value.code == "not_chair"
    closed = close_poll(actor=members[0], poll_id=poll.pk, chair_choice="against")
    # The chair's side breaks the tie as a ballot of the chair: two against, one for.
    assert closed.verdict is not None
    assert (closed.verdict["adopted"], closed.verdict["counts"]["against"]) == (False, 2)
    assert ballot_of(poll, "m:0") is not None


def test_a_poll_needs_a_question_and_electors(members: list[User]) -> None:
    rule, electors = PRESETS["unanimity"], specs(members)
    cases = {
        "question_missing": {"question": "  ", "electors": electors},
        "no_electors": {"question": "?", "electors": []},
        "elector_twice": {"question": "?", "electors": [*electors, electors[0]]},
    }
    for code, case in cases.items():
        with pytest.raises(DomainError) as caught:
            open_poll(actor=members[0], rule=rule, **case)  # type: ignore[arg-type]  # each case fits
        assert caught.value.code == code


def test_what_is_frozen_stays(poll: Poll) -> None:
    assert poll.rule == json.loads(json.dumps(PRESETS["vn-government"].as_data()))
    assert [e.name for e in poll.electors.all()] == [f"Member {n}" for n in range(5)]
    assert json.loads(bytes(LedgerEntry.objects.get(act="poll.opened").body))["details"]["electors"] == 5


def test_the_number_of_queries_does_not_grow_with_the_electorate(
    db: None, django_assert_num_queries: object
) -> None:
    users = people(12)
    poll = put(users)
    for place, member in enumerate(users):
        vote(poll, member, place)
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        tally(poll)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        turnout(poll)
