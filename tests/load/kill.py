"""Ballots over HTTP while server processes are killed with signal 9, judged by the history checker.

Members cast again and again in one poll after another; who gets no answer sends the same ballot with the
same key until there is one. A poll is closed while its last ballots are under way.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Semaphore
from pathlib import Path

from ecabinet.ledger.models import LedgerEntry
from ecabinet.operations.processes import FORK
from meetings.models import LiveEvent
from tests.load import http
from tests.load.hall import Hall, Seat, fill
from tests.load.servers import House, serving
from tests.voting.history import Cast, Close, History, violations
from voting.models import Ballot, Poll

SERVERS = 2
MEMBERS = 50
PER_POLL = 500  # ballots offered in one poll
CHOICES = ("for", "for", "against", "for", "abstain")  # never equal: the desk could not close
CLOSE_AT = 0.97  # of the answers of a poll


@dataclass
class Outcome:
    kills: int = 0
    polls: int = 0
    offered: int = 0
    acknowledged: int = 0
    refused: int = 0  # came after the close
    unanswered: int = 0  # questions that got no answer and were sent again
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)


class Client:
    """One person at one device: asks again, with the same key, until there is an answer."""

    def __init__(self, port: int, meeting: int, session: str) -> None:
        self._port, self._meeting, self._session = port, meeting, session
        self._line: http.Connection | None = None
        self.unanswered = 0

    async def cast(self, poll: int, mandate: str, choice: str, key: str) -> Cast:
        began = time.monotonic()
        status, body = await self.ask(f"polls/{poll}/cast", {"choice": choice}, key)
        answer = json.loads(body)
        code, revision = (None, answer["revision"]) if status == 200 else (answer["code"], 0)
        if code not in (None, "poll_closed"):
            raise AssertionError(f"a ballot was answered with {body!r}")
        return Cast(mandate, choice, key, began, time.monotonic(), code, revision)

    async def command(self, path: str, body: object, key: str) -> bytes:
        status, answer = await self.ask(path, body, key)
        if status != 200:
            raise AssertionError(f"{path} was answered with {status} {answer!r}")
        return answer

    async def ask(self, path: str, body: object, key: str) -> tuple[int, bytes]:
        address = f"/api/v1/meetings/{self._meeting}/{path}"
        question = http.request("POST", address, self._port, self._session, body=body, key=key)
        while True:
            try:
                self._line = self._line or await http.Connection.open(self._port)
                status, answer = await self._line.ask(question)
                if status not in (500, 503):
                    return status, answer
            except ConnectionError:
                self.leave()
            self.unanswered += 1

    def leave(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


class Sitting:
    """One poll: everybody casts and changes ballots, the desk closes it before the last have answers."""

    def __init__(self, hall: Hall, port: int, number: int, answered: Callable[[], None]) -> None:
        self._hall, self._port, self._number, self._answered = hall, port, number, answered
        self.history = History()
        self.poll = 0
        self.unanswered = 0
        self._nearly = asyncio.Event()

    async def run(self) -> Sitting:
        desk = self._client(self._hall.clerk)
        opened = await desk.command("polls", {"item_id": self._hall.item}, f"open-{self._number}")
        self.poll = json.loads(opened)["id"]
        async with asyncio.TaskGroup() as group:
            for place, seat in enumerate(self._hall.seats):
                group.create_task(self._vote(seat, place))
            await self._nearly.wait()
            began = time.monotonic()
            await desk.command(f"polls/{self.poll}/close", {}, f"close-{self._number}")
            self.history.closes.append(Close(began, time.monotonic(), None))
        self._left(desk)
        return self

    def _client(self, session: str) -> Client:
        return Client(self._port, self._hall.meeting, session)

    def _left(self, client: Client) -> None:
        client.leave()
        self.unanswered += client.unanswered

    async def _vote(self, seat: Seat, place: int) -> None:
        client = self._client(seat.session)
        for turn in range(PER_POLL // len(self._hall.seats)):
            choice, key = CHOICES[(place + turn) % 5], f"{self._number}-{place}-{turn}"
            self.history.casts.append(await client.cast(self.poll, seat.mandate, choice, key))
            self._answered()
            if len(self.history.casts) >= PER_POLL * CLOSE_AT:
                self._nearly.set()
        self._left(client)


def judge(sitting: Sitting, outcome: Outcome) -> None:
    poll = Poll.objects.get(pk=sitting.poll)
    outcome.polls += 1
    outcome.offered += len(sitting.history.casts)
    outcome.acknowledged += sum(cast.code is None for cast in sitting.history.casts)
    outcome.refused = outcome.offered - outcome.acknowledged
    outcome.unanswered += sitting.unanswered
    outcome.violations += [*violations(poll, sitting.history), *unrecorded(poll.pk)]


def unrecorded(poll: int) -> list[str]:
    """Every ballot stands in the ledger once."""
    stored = Ballot.objects.filter(poll=poll).count()
    entries = LedgerEntry.objects.filter(act="ballot.cast", subject=f"poll:{poll}").count()
    return [] if stored == entries else [f"poll {poll}: {stored} ballots, {entries} entries in the ledger"]


def sequence_gaps(meeting: int) -> list[str]:
    """What happens in a meeting is numbered 1, 2, 3 without a gap."""
    numbers = list(LiveEvent.objects.filter(meeting=meeting).order_by("seq").values_list("seq", flat=True))
    return [] if numbers == list(range(1, len(numbers) + 1)) else [f"seq of meeting {meeting}: {numbers}"]


@dataclass(frozen=True)
class Pace:
    """``due`` is released after each ``every`` answers, of ``ballots`` that are offered."""

    due: Semaphore
    every: float
    ballots: int


def _voters(hall: Hall, port: int, pace: Pace, told: Pipe) -> None:
    """All clients, in a process of their own."""
    outcome, answers = Outcome(), 0

    def answered() -> None:
        nonlocal answers
        answers += 1
        if int(answers / pace.every) > int((answers - 1) / pace.every):
            pace.due.release()

    try:
        for number in range(max(1, pace.ballots // PER_POLL)):
            judge(asyncio.run(Sitting(hall, port, number, answered).run()), outcome)
        outcome.violations += sequence_gaps(hall.meeting)
        told.send(outcome)
    except BaseException as error:
        told.send(error)
        raise


def _kill(due: Semaphore, kills: int, house: House, goes_on: Callable[[], bool]) -> Iterator[int]:
    """Kill a server each time enough ballots were answered, every tenth time all of them at once."""
    dice, turn, done = random.Random(kills), 0, 0  # noqa: S311 - no secret
    while done < kills and goes_on():
        if not due.acquire(timeout=1.0):
            continue
        time.sleep(dice.random() / 100)  # anywhere in the life of a question
        together = range(min(SERVERS, kills - done)) if turn % 10 == 9 else [turn % SERVERS]
        for number in together:
            house.kill(number)
            done += 1
            yield 1
        turn += 1


def measure(folder: Path, kills: int, ballots: int) -> Outcome:
    """``kills`` spread over ``ballots`` offered."""
    hall, started = fill(folder, MEMBERS), time.monotonic()
    with serving(SERVERS) as house:
        here, there = FORK.Pipe(duplex=False)
        pace = Pace(FORK.Semaphore(0), ballots / (kills + 1), ballots)
        clients = FORK.Process(target=_voters, args=(hall, house.port, pace, there))
        clients.start()
        done = sum(_kill(pace.due, kills, house, clients.is_alive))
        outcome = here.recv()
        clients.join()
    if isinstance(outcome, BaseException):
        raise outcome
    outcome.kills, outcome.seconds = done, time.monotonic() - started
    return outcome
