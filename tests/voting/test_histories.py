"""Generated histories of one poll: several mandates in one hand, retries, changed minds, late ballots."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from tests.voting.conftest import people, specs
from tests.voting.history import Cast, Close, History, violations
from voting.actions import cast, close_poll, open_poll
from voting.models import Poll
from voting.queries import votes
from voting.rules import PRESETS, Rule, with_options

MANDATES = 6
RULE = PRESETS["simple-majority-present"]
OPTIONS = with_options(RULE, [("Một", "One"), ("Hai", "Two"), ("Ba", "Three")])


@pytest.fixture
def hands(db: None) -> list[User]:
    """Three people for six mandates: the first votes for four of them."""
    first, second, third = people(3)
    return [first, first, first, first, second, third]


def put(hands: list[User], rule: Rule, lasting: timedelta | None = None) -> Poll:
    electors = [replace(spec, user_id=hand.pk) for spec, hand in zip(specs(hands), hands, strict=True)]
    closes_at = clock.now() + lasting if lasting else None
    return open_poll(actor=hands[0], question="?", rule=rule, electors=electors, closes_at=closes_at)


class Room:
    """Plays the callers one after another on a clock of its own, and remembers what each was told."""

    def __init__(self, poll: Poll, hands: list[User], random: Random) -> None:
        self.poll, self.hands, self.random = poll, hands, random
        self.history, self.time = History(), 0.0
        self.choices = [choice["code"] for choice in poll.rule["choices"]]

    def moment(self) -> float:
        self.time += 1
        return self.time

    def cast(self) -> None:
        """A new ballot, a changed one, or one that was sent before."""
        place = self.random.randrange(MANDATES)
        sent = [(c.mandate, c.choice, c.key) for c in self.history.casts if c.mandate == f"m:{place}"]
        fresh = (f"m:{place}", self.random.choice(self.choices), f"k{len(self.history.casts)}")
        mandate, choice, key = self.random.choice(sent) if sent and self.random.random() < 0.3 else fresh
        began, code, revision = self.moment(), None, 0
        try:
            receipt = cast(
                actor=self.hands[place], poll_id=self.poll.pk, mandate=mandate, choice=choice, key=key
            )
            revision = receipt.revision
        except DomainError as refusal:
            code = refusal.code
        self.history.casts.append(Cast(mandate, choice, key, began, self.moment(), code, revision))

    def close(self) -> None:
        began = self.moment()
        self.poll = close_poll(actor=self.hands[0], poll_id=self.poll.pk)
        self.history.closes.append(Close(began, self.moment(), None))

    def counts(self) -> dict[str, int]:
        return dict((self.poll.verdict or {})["counts"])


@pytest.mark.parametrize("rule", [RULE, OPTIONS], ids=["motion", "options"])
@pytest.mark.parametrize("seed", range(8))
def test_every_mandate_counts_once_however_it_was_cast(hands: list[User], seed: int, rule: Rule) -> None:
    room = Room(put(hands, rule), hands, Random(seed))  # noqa: S311  # the same history every time
    for _ in range(room.random.randrange(40)):
        room.cast()
    heard = {c.mandate for c in room.history.casts if c.code is None}
    room.close()
    assert violations(room.poll, room.history) == []
    assert sum(room.counts().values()) == len(heard) <= MANDATES
    assert sorted(vote.mandate for vote in votes(room.poll)) == sorted(heard)


@pytest.mark.parametrize("seed", range(4))
def test_what_comes_late_never_counts(hands: list[User], seed: int) -> None:
    """After the close: only what was acknowledged before is acknowledged again, and nothing changes."""
    room = Room(put(hands, RULE), hands, Random(seed))  # noqa: S311  # the same history every time
    for _ in range(20):
        room.cast()
    room.close()
    before, verdict = votes(room.poll), room.counts()
    for _ in range(20):
        room.cast()
    late = room.history.casts[20:]
    keys = {(c.mandate, c.key) for c in room.history.casts[:20]}
    assert {c.code for c in late if (c.mandate, c.key) not in keys} == {"poll_closed"}
    room.poll.refresh_from_db()
    assert (votes(room.poll), room.counts()) == (before, verdict)
    assert violations(room.poll, History(room.history.casts[:20], room.history.closes)) == []


def test_a_deadline_is_a_close_that_nobody_has_to_make(hands: list[User]) -> None:
    room = Room(put(hands, RULE, lasting=timedelta(minutes=5)), hands, Random(7))  # noqa: S311
    room.cast()
    with clock.starting_at(clock.now() + timedelta(minutes=5, seconds=1)):
        for _ in range(10):
            room.cast()
        room.close()
    told = {(c.key, c.code) for c in room.history.casts[1:]}
    assert {code for key, code in told if key != room.history.casts[0].key} == {"poll_closed"}
    assert sum(room.counts().values()) == 1


def test_one_hand_never_votes_with_another_s_mandate(hands: list[User]) -> None:
    poll = put(hands, RULE)
    with pytest.raises(DomainError) as caught:
        cast(actor=hands[0], poll_id=poll.pk, mandate="m:5", choice="for", key="k")
    assert caught.value.code == "not_elector"
    assert votes(poll) == []


def test_the_checker_finds_what_must_not_be(hands: list[User]) -> None:
    room = Room(put(hands, RULE), hands, Random(1))  # noqa: S311  # the same history every time
    for _ in range(12):
        room.cast()
    room.close()
    casts, closes = room.history.casts, room.history.closes
    good = next(c for c in casts if c.code is None)
    late = replace(good, began=closes[0].ended + 1, ended=closes[0].ended + 2)
    lost = replace(good, key="never written")
    early = Cast("m:1", "for", "refused", 0, 0.5, "poll_closed")
    for wrong, words in ((late, "after the close"), (lost, "lost"), (early, "before the close")):
        found = violations(room.poll, History([*casts, wrong], closes))
        assert any(words in violation for violation in found)
    assert violations(room.poll, History(casts, [])) == ["0 closes succeeded"]
    room.poll.verdict = {"counts": {"for": 99}}
    assert any("verdict says" in violation for violation in violations(room.poll, room.history))
