"""Votes against closes, on real connections of real threads, judged by a history checker."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from tests.voting.conftest import people, put
from tests.voting.history import Cast, Close, History, violations
from voting.actions import cast, close_poll
from voting.enums import PollState
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db(transaction=True)


def try_cast(poll: Poll, member: User, place: int, choice: str, key: str) -> Cast:
    began, code, revision = time.monotonic(), None, 0
    try:
        receipt = cast(actor=member, poll_id=poll.pk, mandate=f"m:{place}", choice=choice, key=key)
        revision = receipt.revision
    except DomainError as refusal:
        code = refusal.code
    finally:
        connections.close_all()
    return Cast(f"m:{place}", choice, key, began, time.monotonic(), code, revision)


def try_close(poll: Poll, actor: User) -> Close:
    began, code = time.monotonic(), None
    try:
        close_poll(actor=actor, poll_id=poll.pk)
    except DomainError as refusal:
        code = refusal.code
    finally:
        connections.close_all()
    return Close(began, time.monotonic(), code)


@pytest.mark.parametrize("run", range(3))
def test_closing_is_one_instant(run: int) -> None:
    users = people(12)
    poll = put(users)
    start, history = threading.Barrier(16), History()

    def voter(place: int) -> list[Cast]:
        start.wait()
        choices = ("for", "against", "for", "abstain")
        return [
            try_cast(poll, users[place], place, choice, f"{place}-{n}") for n, choice in enumerate(choices)
        ]

    def closer(pause: int) -> Close:
        start.wait()
        waiting = Poll.objects.filter(pk=poll.pk, state=PollState.OPEN)
        while waiting.exists() and Ballot.objects.filter(poll=poll).count() < 6 * pause:
            pass
        return try_close(poll, users[0])

    with ThreadPoolExecutor(16) as pool:
        casts = [pool.submit(voter, place) for place in range(12)]
        closes = [pool.submit(closer, pause % 3) for pause in range(4)]
        history.casts = [row for future in casts for row in future.result(60)]
        history.closes = [future.result(60) for future in closes]
    # A vote that starts when every close has returned is refused.
    history.casts.append(try_cast(poll, users[1], 1, "for", "late"))
    poll.refresh_from_db()
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
