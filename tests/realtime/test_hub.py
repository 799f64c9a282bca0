"""The hub: bytes made once, bounded queues, merging, and Redis between processes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connections, transaction

from ecabinet.realtime.bridge import Bridge
from ecabinet.realtime.hub import QUEUE, Hub, Lagging
from ecabinet.realtime.origin import is_same_origin
from ecabinet.realtime.publisher import Publisher


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setattr(settings, "REDIS_URL", "")
    return Hub()


async def test_everyone_on_the_topic_gets_the_same_bytes(hub: Hub) -> None:
    first, second, other = hub.subscribe("a"), hub.subscribe("a"), hub.subscribe("b")
    payload = b"state"
    await asyncio.to_thread(hub.publish, "a", payload)
    assert await first.get() is payload
    assert await second.get() is payload
    hub.deliver("b", b"own")
    assert await other.get() == b"own"
    assert (hub.newest("a"), hub.newest("b")) == (payload, None)


async def test_who_has_left_gets_nothing_and_costs_nothing(hub: Hub) -> None:
    screen = hub.subscribe("a")
    assert hub.count("room", ["a", "b"]) == 1
    hub.unsubscribe(screen)
    hub.publish("a", b"state")
    assert (hub.count("room", ["a"]), hub.newest("a")) == (0, None)


async def test_a_screen_that_is_too_slow_has_to_start_over(hub: Hub) -> None:
    screen = hub.subscribe("a")
    for _ in range(QUEUE + 1):
        screen.offer(b"x")
    with pytest.raises(Lagging):
        await screen.get()


def test_what_comes_too_fast_is_merged() -> None:
    publisher, gate, busy, done = Publisher(), threading.Event(), threading.Event(), threading.Event()
    runs: list[str] = []

    def first() -> None:
        busy.set()
        gate.wait(10)
        runs.append("first")

    publisher.ask("key", first)
    assert busy.wait(10)
    for number in range(50):
        publisher.ask("key", lambda number=number: runs.append(f"later {number}"))
    publisher.ask("last", done.set)
    gate.set()
    assert done.wait(10)
    assert runs == ["first", "later 49"]


def test_a_job_that_fails_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    publisher, done = Publisher(), threading.Event()
    publisher.ask("bad", lambda: 1 / 0)
    publisher.ask("good", done.set)
    assert done.wait(10)
    assert "screens could not be told" in caplog.text


@pytest.mark.django_db(transaction=True)
async def test_nothing_is_published_before_the_commit(hub: Hub) -> None:
    screen = hub.subscribe("a")

    def write() -> None:
        with closing(connections["default"]), transaction.atomic():
            hub.on_commit("a", lambda: b"one")
            hub.on_commit("a", lambda: b"two")
            assert not hub._publisher._waiting

    await asyncio.to_thread(write)
    async with asyncio.timeout(10):
        while await screen.get() != b"two":
            pass


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({b"origin": b"http://localhost:8000", b"host": b"localhost:8000"}, True),
        ({b"origin": b"https://LOCALHOST", b"host": b"localhost"}, True),
        ({b"origin": b"http://localhost:8001", b"host": b"localhost:8000"}, False),
        ({b"origin": b"http://evil.example", b"host": b"evil.example"}, False),
        ({b"origin": b"http://evil.example", b"host": b"localhost"}, False),
        ({b"origin": b"file://localhost", b"host": b"localhost"}, False),
        ({b"origin": b"null", b"host": b"localhost"}, False),
        ({b"host": b"localhost"}, False),
    ],
)
def test_origin(headers: Mapping[bytes, bytes], same: bool) -> None:
    assert is_same_origin(headers) is same


@pytest.mark.redis
async def test_redis_carries_it_to_other_processes() -> None:
    here, there = Hub(), Hub()
    screen, own = there.subscribe("a"), here.subscribe("a")
    async with asyncio.timeout(20):
        received = asyncio.create_task(screen.get())
        while not received.done():
            # The other side is heard once it has subscribed.
            await asyncio.to_thread(here.publish, "a", b"state")
            await asyncio.wait({received}, timeout=0.05)
    assert received.result() == b"state"
    assert await own.get() == b"state"
    assert await asyncio.to_thread(here.count, "room", ["a"]) == 1
    assert await asyncio.to_thread(there.count, "room", ["a"]) == 2
    for hub, subscription in ((here, own), (there, screen)):
        hub.unsubscribe(subscription)
    await asyncio.sleep(0)


@pytest.mark.redis
async def test_a_listener_that_is_called_off_ends_whatever_it_was_doing() -> None:
    """Also while it connects, where the client loses the cancellation: every fifth of a millisecond."""
    bridges = [Bridge(settings.REDIS_URL, lambda topic, payload: None) for _ in range(60)]
    for number, bridge in enumerate(bridges):
        task = asyncio.create_task(bridge.listen())
        await asyncio.sleep(number / 5000)
        task.cancel()
        _done, running = await asyncio.wait([task], timeout=20)
        assert not running


def test_without_redis_only_a_line_in_the_log_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge("redis://127.0.0.1:1/0", lambda topic, payload: None)
    bridge.send("a", b"state")
    assert "Redis does not take messages" in caplog.text
    assert bridge.count("room", 3) == 3
