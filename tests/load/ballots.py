"""Ballots of as many members offered within one second; the time until the last is acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

from ecabinet.accounts.models import User
from ecabinet.operations.processes import FORK
from meetings.actions import live
from meetings.models import AgendaItem
from tests.load import http, peers
from tests.load.hall import Hall, Seat, fill
from tests.load.servers import more_files, serving
from voting.models import Ballot

OFFERED_WITHIN = 1.0
SERVERS = 2


@dataclass
class Outcome:
    offered: int
    acknowledged: int
    stored: int
    seconds: float  # from the first offer to the last acknowledgement
    refused: str = ""


def open_poll(hall: Hall) -> int:
    item = AgendaItem.objects.get(pk=hall.item)
    clerk = User.objects.get(email="clerk@example.vn")
    return int(live.open_poll(actor=clerk, meeting_id=item.meeting_id, item_id=item.pk).body["poll"])


class Offer:
    """Everybody's connection is open, as a page keeps it; then everybody votes within a second."""

    def __init__(self, hall: Hall, port: int, poll: int, seats: list[Seat]) -> None:
        self._port, self._seats = port, seats
        self._path = f"/api/v1/meetings/{hall.meeting}/polls/{poll}/cast"
        self.acknowledged, self.refused = 0, ""

    async def run(self) -> float:
        lines = [await http.Connection.open(self._port) for _ in self._seats]
        dice, began = random.Random(1), time.monotonic()  # noqa: S311 - no secret
        async with asyncio.TaskGroup() as group:
            for number, (seat, line) in enumerate(zip(self._seats, lines, strict=True)):
                group.create_task(self._offer(seat, line, number, dice.random() * OFFERED_WITHIN))
        return time.monotonic() - began

    async def _offer(self, seat: Seat, line: http.Connection, number: int, at: float) -> None:
        choice = ("for", "against", "abstain")[number % 3]
        question = http.request(
            "POST", self._path, self._port, seat.session, body={"choice": choice}, key=f"k{number}"
        )
        await asyncio.sleep(at)
        status, body = await line.ask(question)
        if status == 200 and json.loads(body)["revision"] == 1:
            self.acknowledged += 1
        else:
            self.refused = f"{status} {body[:200]!r}"


def measure(folder: Path, members: int, offered: int, peer: int) -> Outcome:
    """``offered`` of ``members`` vote; with ``peer`` each ballot has its own commit and its own push."""
    hall = fill(folder, members)
    poll = open_poll(hall)
    if peer:
        peers.one_commit_one_broadcast()
    with serving(SERVERS) as house:
        here, there = FORK.Pipe(duplex=False)
        clients = FORK.Process(target=_clients, args=(hall, house.port, poll, offered, there))
        clients.start()
        seconds, acknowledged, refused = here.recv()
        clients.join()
    stored = Ballot.objects.filter(poll=poll).count()
    return Outcome(offered, acknowledged, stored, seconds, refused)


def _clients(hall: Hall, port: int, poll: int, offered: int, told: object) -> None:
    more_files()
    offer = Offer(hall, port, poll, list(hall.seats[:offered]))
    seconds = asyncio.run(offer.run())
    told.send((seconds, offer.acknowledged, offer.refused))  # type: ignore[attr-defined]
