"""Votes against closes, on real connections of real threads: the history for the checker to judge."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from tests.voting.conftest import people, put
from tests.voting.history import Cast, Close, History
from voting.actions import cast, close_poll
from voting.enums import PollState
from voting.models import Ballot, Poll

CHOICES = ("for", "against", "for", "abstain")
VOTERS = 12


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


def race(*, votes: int, closes: int, after: int, users: list[User] | None = None) -> tuple[Poll, History]:
    """``votes`` ballots of a dozen members against ``closes`` closes, all begun at once.

    The closes wait for ``after`` ballots or a few more, so that the one that succeeds falls among them. The
    last cast begins when every close has returned.
    """
    users = users or people(VOTERS)
    poll, history = put(users), History()
    hands = -(-votes // len(CHOICES))
    start = threading.Barrier(hands + closes)

    def voter(hand: int) -> list[Cast]:
        start.wait()
        place = hand % len(users)
        mine = range(hand * len(CHOICES), min(votes, (hand + 1) * len(CHOICES)))
        return [try_cast(poll, users[place], place, CHOICES[n % 4], f"{hand}-{n}") for n in mine]

    def closer(number: int) -> Close:
        start.wait()
        waiting = Poll.objects.filter(pk=poll.pk, state=PollState.OPEN)
        while waiting.exists() and Ballot.objects.filter(poll=poll).count() < after + number % 3:
            time.sleep(0.001)  # the voters get their turn
        close = try_close(poll, users[0])
        # Equal votes before the chair's own came in: asked again, as a desk would.
        return closer_again() if close.code == "chair_must_decide" else close

    def closer_again() -> Close:
        while (close := try_close(poll, users[0])).code == "chair_must_decide":
            time.sleep(0.001)
        return close

    with ThreadPoolExecutor(hands + closes) as pool:
        casts = [pool.submit(voter, hand) for hand in range(hands)]
        closed = [pool.submit(closer, number) for number in range(closes)]
        history.casts = [row for future in casts for row in future.result(120)]
        history.closes = [future.result(120) for future in closed]
    history.casts.append(try_cast(poll, users[1], 1, "for", "late"))
    poll.refresh_from_db()
    return poll, history
