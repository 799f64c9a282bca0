"""Publish after commit, one broadcast, many screens.

Topics are names like ``meeting:5:member``. A payload is bytes made once; every subscription of the
topic in every process gets the same bytes. Between processes goes Redis where it is configured.
What the hub carries is a hint: a screen that missed it is healed from the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from django.conf import settings
from django.db import transaction

from ecabinet.realtime.bridge import Bridge
from ecabinet.realtime.publisher import Job, Publisher

QUEUE = 16  # frames a screen may be behind before it has to start over


class Lagging(Exception):
    """The screen was too slow: it must connect again and start from the newest state."""


class Subscription:
    """One screen's bounded queue. Made and read in one event loop, filled from any thread."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self._lagging = False

    def offer(self, payload: bytes) -> None:
        """Called in the subscription's loop."""
        try:
            self._queue.put_nowait(payload)
        except asyncio.QueueFull:
            self._lagging = True

    async def get(self) -> bytes:
        """The next payload; raises Lagging once one had to be dropped."""
        if self._lagging:
            raise Lagging
        return await self._queue.get()


class Hub:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._topics: dict[str, set[Subscription]] = defaultdict(set)
        self._newest: dict[str, bytes] = {}
        self._listeners: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}
        self._publisher = Publisher()

    @cached_property
    def bridge(self) -> Bridge | None:
        return Bridge(settings.REDIS_URL, self._arrived) if settings.REDIS_URL else None

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to all screens of the topic, in this process and in others. Call it after commit."""
        self.deliver(topic, payload, keep=True)
        if self.bridge is not None:
            self.bridge.send(topic, payload)

    def on_commit(self, topic: str, make: Callable[[], bytes], coalesce_key: str | None = None) -> None:
        """After the current transaction, make the payload once, off the caller's way, and publish it.

        Calls with one ``coalesce_key`` (the topic when not told) that come faster than they are sent merge.
        """
        key = coalesce_key or topic
        transaction.on_commit(lambda: self.soon(key, lambda: self.publish(topic, make())))

    def soon(self, key: str, job: Job, *, interval: float = 0.0) -> None:
        """Run ``job`` in the publisher's thread, merged by ``key``, ``interval`` seconds apart at least."""
        self._publisher.ask(key, job, interval=interval)

    def settle(self) -> bool:
        """Wait until everything asked for by ``soon`` is sent: at an orderly end, and between tests."""
        return self._publisher.settle()

    def deliver(self, topic: str, payload: bytes, *, keep: bool = False) -> None:
        """Send to this process's screens only; ``keep`` remembers it as what they saw last."""
        with self._lock:
            screens = list(self._topics.get(topic, ()))
            if keep and screens:
                self._newest[topic] = payload
        by_loop: dict[asyncio.AbstractEventLoop, list[Subscription]] = defaultdict(list)
        for screen in screens:
            by_loop[screen.loop].append(screen)
        for loop, group in by_loop.items():
            with contextlib.suppress(RuntimeError):  # the loop has ended, and its screens with it
                loop.call_soon_threadsafe(_offer, group, payload)

    def _arrived(self, topic: str, payload: bytes) -> None:
        self.deliver(topic, payload, keep=True)

    def newest(self, topic: str) -> bytes | None:
        """What was published last while this process had screens on the topic."""
        with self._lock:
            return self._newest.get(topic)

    def subscribe(self, topic: str) -> Subscription:
        """From now on everything published on the topic; call it in the event loop that will read."""
        screen = Subscription(topic)
        with self._lock:
            self._topics[topic].add(screen)
            if self.bridge is not None and screen.loop not in self._listeners:
                self._listeners[screen.loop] = screen.loop.create_task(self.bridge.listen())
        return screen

    def unsubscribe(self, screen: Subscription) -> None:
        with self._lock:
            self._topics[screen.topic].discard(screen)
            if not self._topics[screen.topic]:
                del self._topics[screen.topic]
                self._newest.pop(screen.topic, None)
            if not any(other.loop is screen.loop for group in self._topics.values() for other in group):
                listener = self._listeners.pop(screen.loop, None)
                if listener is not None:
                    listener.cancel()

    def is_watched(self, topic: str) -> bool:
        """Whether anybody may be looking; what other processes show is not known here."""
        return self.bridge is not None or self.local_count([topic]) > 0

    def local_count(self, topics: Iterable[str]) -> int:
        """Screens of this process on these topics."""
        with self._lock:
            return sum(len(self._topics.get(topic, ())) for topic in topics)

    def count(self, name: str, topics: Iterable[str]) -> int:
        """Screens on these topics in all processes, known under one name; may ask Redis, so not in a loop."""
        mine = self.local_count(topics)
        return mine if self.bridge is None else self.bridge.count(name, mine)


def _offer(screens: Iterable[Subscription], payload: bytes) -> None:
    for screen in screens:
        screen.offer(payload)


hub = Hub()
publish = hub.publish
on_commit = hub.on_commit
