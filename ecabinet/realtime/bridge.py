"""Redis between processes: one channel, one subscription per process.

Redis is a hint and no more. When it is away, screens of this process are told directly and those of
others heal from the database within a heartbeat.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from functools import cached_property
from urllib.parse import urlsplit

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

CHANNEL = "ecabinet:hub"
FRESH_SECONDS = 6  # a count older than three heartbeats is of a process that is gone
LONGEST_PAUSE = 5.0
TIMEOUT = 2.0
LOOK_UP = 1.0  # seconds after which a listener looks whether it was called off

Deliver = Callable[[str, bytes], None]


class Bridge:
    def __init__(self, url: str, deliver: Deliver) -> None:
        self._url = url
        self._deliver = deliver
        self._me = os.urandom(8).hex()
        # Redis channels know no databases; two sites on one server must not hear each other.
        database = urlsplit(url).path.strip("/") or "0"
        self._channel = f"{CHANNEL}:{database}"

    @cached_property
    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self._url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)

    def send(self, topic: str, payload: bytes) -> None:
        """Tell the other processes; a Redis that does not answer costs a line in the log."""
        head = f"{self._me} {topic} ".encode()
        try:
            self._client.publish(self._channel, head + payload)
        except redis.RedisError as error:
            logger.warning("Redis does not take messages: %s", error)

    async def listen(self) -> None:
        """Hand on what other processes send, for ever; connects again with growing pauses."""
        pause = 0.25
        while True:
            _end_if_called_off()
            try:
                await self._listen_once()
                pause = 0.25
            except (redis.RedisError, OSError) as error:
                logger.warning("Redis is away, trying again: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen_once(self) -> None:
        client = redis.asyncio.Redis.from_url(self._url, socket_connect_timeout=TIMEOUT)
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
                await pubsub.subscribe(self._channel)
                while True:
                    _end_if_called_off()
                    message = await pubsub.get_message(timeout=LOOK_UP)
                    if message is not None:
                        self._take(message["data"])
        finally:
            await client.aclose()

    def _take(self, data: bytes) -> None:
        sender, _space, rest = data.partition(b" ")
        topic, _space, payload = rest.partition(b" ")
        if sender != self._me.encode():
            self._deliver(topic.decode(errors="replace"), payload)

    def count(self, topic: str, mine: int) -> int:
        """Tell how many screens this process has on the topic; returns the sum over all processes."""
        key, now = f"ecabinet:screens:{topic}", time.time()
        try:
            with self._client.pipeline() as pipe:
                pipe.hset(key, self._me, f"{mine} {now}")
                pipe.expire(key, 60)
                pipe.hvals(key)
                rows = pipe.execute()[-1]
        except redis.RedisError:
            return mine
        told = (row.split() for row in rows)
        return sum(int(number) for number, at in told if now - float(at) <= FRESH_SECONDS)


def _end_if_called_off() -> None:
    """The client loses a cancellation that comes while it connects or lets go: nobody is told twice."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
