"""The gate: a burst waits its turn, slow devices hold nobody up."""

from __future__ import annotations

import asyncio
from typing import Any

from ecabinet.common.gate import Gate, Message


class Site:
    """An application that answers when it is let; ``inside`` have arrived and are not answered."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.free = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.free.wait()
        self.inside -= 1
        if scope.get("fails"):
            raise ValueError
        await send({"type": "http.response.start"})
        await send({"type": "http.response.body"})


class Device:
    def __init__(self, *parts: bool, reads: asyncio.Event | None = None) -> None:
        self.parts = list(parts) or [False]
        self.reads = reads
        self.got: list[str] = []

    async def receive(self) -> Message:
        if not self.parts:
            await asyncio.Event().wait()
        return {"type": "http.request", "more_body": self.parts.pop(0)}

    async def send(self, message: Message) -> None:
        self.got.append(message["type"])
        if self.reads is not None:
            await self.reads.wait()


async def turn() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_more_than_its_places_are_worked_on_and_all_are_answered() -> None:
    site = Site()
    gate, devices = Gate(site, 3), [Device() for _ in range(40)]
    tasks = [asyncio.create_task(gate({}, device.receive, device.send)) for device in devices]
    await turn()
    assert site.inside == 3
    site.free.set()
    await asyncio.gather(*tasks)
    assert site.most == 3
    assert all(device.got[-1] == "http.response.body" for device in devices)


async def test_who_sends_or_reads_slowly_takes_no_place() -> None:
    site, never = Site(), asyncio.Event()
    site.free.set()
    gate = Gate(site, 1)
    sending, reading, quick = Device(True), Device(reads=never), Device()
    slow = [asyncio.create_task(gate({}, device.receive, device.send)) for device in (sending, reading)]
    await turn()
    await gate({}, quick.receive, quick.send)
    assert quick.got == ["http.response.start", "http.response.body"]
    for task in slow:
        assert not task.done()
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_a_place_is_free_again_after_a_failure_or_a_visitor_who_left() -> None:
    site = Site()
    gate = Gate(site, 1)
    left = asyncio.create_task(gate({}, Device().receive, Device().send))
    await turn()
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    site.free.set()
    await asyncio.gather(gate({"fails": True}, Device().receive, Device().send), return_exceptions=True)
    device = Device()
    await gate({}, device.receive, device.send)
    assert device.got[-1] == "http.response.body"
