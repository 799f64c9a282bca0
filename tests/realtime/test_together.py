"""Those who come together share a trip; nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from ecabinet.realtime import together
from ecabinet.realtime.together import Together


class Desk:
    """Answers with the number doubled; the first trip takes until it is let go on."""

    def __init__(self) -> None:
        self.trips: list[list[int]] = []
        self.under_way, self.go_on = threading.Event(), threading.Event()

    def answers_for(self, numbers: Sequence[int]) -> list[int]:
        self.trips.append(list(numbers))
        self.under_way.set()
        assert self.go_on.wait(20)
        if 13 in numbers:
            raise ValueError("thirteen")
        return [2 * number for number in numbers]


async def ask(desk: Desk, *numbers: int) -> list[int | BaseException]:
    """The first alone, the others while its trip is out."""
    door: Together[int, int] = Together(desk.answers_for)
    first = asyncio.create_task(door.ask(numbers[0]))
    await asyncio.to_thread(desk.under_way.wait, 20)
    others = [asyncio.create_task(door.ask(number)) for number in numbers[1:]]
    await asyncio.sleep(0)
    desk.go_on.set()
    return list(await asyncio.gather(first, *others, return_exceptions=True))


@pytest.mark.django_db(transaction=True)
def test_who_comes_meanwhile_shares_the_next_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 3)
    desk = Desk()
    assert asyncio.run(ask(desk, 1, 2, 3, 4, 5)) == [2, 4, 6, 8, 10]
    assert desk.trips == [[1], [2, 3, 4], [5]]


@pytest.mark.django_db(transaction=True)
def test_an_error_is_told_to_all_on_its_trip_and_to_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 2)
    told = asyncio.run(ask(Desk(), 1, 13, 2, 3))
    assert (told[0], told[3]) == (2, 6)
    assert [str(error) for error in told[1:3]] == ["thirteen", "thirteen"]
