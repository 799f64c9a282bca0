"""Slow screens on daphne: it would keep writing into its own memory for a screen that takes nothing.

Here a screen that is too many frames behind is closed with "resync", as the hub's own queue does where the
server tells that a screen is slow (uvicorn).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from ecabinet.realtime.hub import QUEUE

RESYNC = 4409


class BoundedProtocol(WebSocketProtocol):
    """Hears from the transport when what was written waits, and counts what comes meanwhile."""

    _full = False
    _behind = 0

    def onOpen(self) -> None:  # noqa: N802 - autobahn's name
        super().onOpen()
        # Until now the HTTP channel heard this, to stop reading; there is no more HTTP on this connection.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        self._full = True

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        self._full, self._behind = False, 0

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        self._full = True

    def serverSend(self, content: Any, binary: bool = False) -> None:  # noqa: N802 - daphne's name
        if self.state in (self.STATE_CLOSING, self.STATE_CLOSED):
            return  # the page has left between two frames
        self._behind += self._full
        if self.state == self.STATE_CONNECTING:
            super().serverSend(content, binary)
        elif self._behind > QUEUE:
            self.sendClose(code=RESYNC, reason="resync")
        elif binary or self.send_queue or self._perMessageCompress:
            super().serverSend(content, binary)
        else:
            self.transport.write(_framed(content))


@lru_cache(maxsize=16)
def _framed(text: str) -> bytes:
    """One unfragmented text frame as a server sends it (RFC 6455, 5.2), the same bytes for all screens:
    made for each anew, it is a quarter of what a message costs.
    """
    payload = text.encode()
    if len(payload) < 126:
        length = bytes([len(payload)])
    elif len(payload) < 1 << 16:
        length = b"\x7e" + len(payload).to_bytes(2)
    else:
        length = b"\x7f" + len(payload).to_bytes(8)
    return b"\x81" + length + payload


def install() -> None:
    """Every socket that this process opens from now on."""
    WebSocketFactory.protocol = BoundedProtocol
