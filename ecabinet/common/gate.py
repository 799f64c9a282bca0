"""How many requests are worked on at once. The others wait their turn in order instead of piling up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


class Gate:
    """Each request that is worked on has a thread and a database connection of its own: there are ``places``.

    A request takes its place when it has arrived whole and leaves it when its answer begins: slow devices
    occupy none, neither while they send nor while they are sent to.
    """

    def __init__(self, application: Asgi, places: int) -> None:
        self._application = application
        self._places = asyncio.Semaphore(places)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        visit = _Visit(self._places, receive, send)
        try:
            await self._application(scope, visit.receive, visit.send)
        finally:
            visit.leave()


class _Visit:
    def __init__(self, places: asyncio.Semaphore, receive: Receive, send: Send) -> None:
        self._places, self._receive, self._send = places, receive, send
        self._arrived = self._inside = False

    async def receive(self) -> Message:
        message = await self._receive()
        whole = message["type"] == "http.request" and not message.get("more_body", False)
        if whole and not self._arrived:
            self._arrived = True
            await self._places.acquire()
            self._inside = True
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.leave()
        await self._send(message)

    def leave(self) -> None:
        if self._inside:
            self._inside = False
            self._places.release()
