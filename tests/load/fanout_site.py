"""The site with two more addresses: publish to the hub, and to a group of the Channels peer."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer

from ecabinet.asgi import application as site
from ecabinet.realtime.hub import hub

GROUP = "room"


class Peer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """As the manual of Channels shows it: one group, one handler, one send."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def frame(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


peer = Peer.as_asgi()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket" and scope["path"] == "/peer":
        await peer(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/publish/"):
        await _publish(scope["path"].removeprefix("/publish/"), await _body(receive))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})
    else:
        await site(scope, receive, send)


async def _publish(topic: str, payload: bytes) -> None:
    if topic == "peer":
        layer = get_channel_layer()
        assert layer is not None
        await layer.group_send(GROUP, {"type": "frame", "text": payload.decode()})
    else:
        await asyncio.to_thread(hub.publish, topic, payload)


async def _body(receive: Any) -> bytes:
    got = b""
    while True:
        message = await receive()
        got += message["body"]
        if not message.get("more_body"):
            return got
