"""Votes against closes, on real connections of real threads, judged by a history checker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.voting.conftest import people, put
from tests.voting.history import violations
from tests.voting.racing import race, try_cast
from voting.models import Ballot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("after", [0, 12, 30])
def test_closing_is_one_instant(after: int) -> None:
    poll, history = race(votes=50, closes=50, after=after)
    assert violations(poll, history) == []
    assert history.casts[-1].code == "poll_closed"


def test_the_same_ballot_from_many_hands_is_one() -> None:
    users = people(3)
    poll = put(users)
    with ThreadPoolExecutor(8) as pool:
        rows = [pool.submit(try_cast, poll, users[1], 1, "for", "same") for _ in range(24)]
        told = {(row.result(60).code, row.result(60).revision) for row in rows}
    assert told == {(None, 1)}
    assert Ballot.objects.count() == 1


def test_two_tabs_change_one_ballot_in_some_order() -> None:
    users = people(3)
    poll = put(users)
    with ThreadPoolExecutor(8) as pool:
        rows = [pool.submit(try_cast, poll, users[1], 1, "for", f"k{n}") for n in range(16)]
        revisions = sorted(row.result(60).revision for row in rows)
    assert revisions == list(range(1, 17))
