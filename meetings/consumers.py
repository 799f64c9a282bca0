"""Sockets of the live room: server → client only.

A socket is a hint: it carries whole states and a heartbeat, and everything it says can be fetched.
Written against ASGI itself, because a screen listens to the hub and to nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, cast
from urllib.parse import parse_qs

from django.conf import settings

from ecabinet.realtime.hub import Lagging, Subscription, hub
from ecabinet.realtime.together import Together
from meetings.live_access import Answer, Refused, Visitor, answers_for
from meetings.live_feed import feeds
from meetings.live_types import Audience
from meetings.snapshots import beat, topic_of

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
doorkeeper: Together[Visitor, Answer] = Together(answers_for)


async def meeting_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """One screen: the newest state at once, then every push and every beat until access ends.

    The handshake is accepted even when access is refused, so that the page learns the close code.
    """
    await receive()
    await send({"type": "websocket.accept"})
    visitor = _visitor(scope)
    code = await _Screen(visitor, send).watch(receive) if visitor else Refused.SIGNED_OUT
    if code is not None:
        await send({"type": "websocket.close", "code": int(code), "reason": code.name.lower()})


def _visitor(scope: dict[str, Any]) -> Visitor | None:
    key = scope["cookies"].get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    query = parse_qs(scope["query_string"].decode("latin-1"))
    audience = query.get("audience", ["member"])[0]
    return Visitor(key, int(scope["url_route"]["kwargs"]["pk"]), audience)


class _Screen:
    def __init__(self, visitor: Visitor, send: Send) -> None:
        self._visitor = visitor
        self._send = send
        self._ended: asyncio.Future[Refused] = asyncio.get_running_loop().create_future()

    async def watch(self, receive: Receive) -> Refused | None:
        """Runs until the client leaves (None) or has to (the code to close with)."""
        # Listening first and reading then: what happens in between arrives twice, never not at all.
        screen = hub.subscribe(topic_of(self._visitor.meeting_id, cast("Audience", self._visitor.audience)))
        gone = asyncio.create_task(_until_gone(receive))
        pump = asyncio.create_task(self._pump(screen))
        try:
            waiting: set[asyncio.Future[Any]] = {gone, pump, self._ended}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return None
            return self._ended.result() if self._ended.done() else pump.result()
        finally:
            feeds.leave(self._visitor, self._end)
            hub.unsubscribe(screen)
            for task in (gone, pump):
                task.cancel()
            await asyncio.gather(gone, pump, return_exceptions=True)

    def _end(self, code: Refused) -> None:
        if not self._ended.done():
            self._ended.set_result(code)

    async def _pump(self, screen: Subscription) -> Refused:
        answer = await doorkeeper.ask(self._visitor)
        if isinstance(answer, Refused):
            return answer
        feed = feeds.join(self._visitor, self._end)
        await self._text(beat(answer.head, max(feed.screens, 1)))
        await self._text(answer.frame)
        try:
            while True:
                await self._text(await screen.get())
        except Lagging:
            return Refused.RESYNC

    async def _text(self, payload: bytes) -> None:
        await self._send({"type": "websocket.send", "text": _text_of(payload)})


@lru_cache(maxsize=16)
def _text_of(payload: bytes) -> str:
    """Decoded once for all screens: they get the same bytes one right after the other."""
    return payload.decode()


async def _until_gone(receive: Receive) -> None:
    """Commands go over HTTP; what a client sends here is not listened to."""
    while (await receive())["type"] != "websocket.disconnect":
        pass
