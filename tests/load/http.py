"""HTTP clients that cost little: requests are bytes made beforehand, connections stay open."""

from __future__ import annotations

import asyncio
import json
from typing import Any

CSRF = "c" * 32  # the cookie and the header need only agree
HEAD_END = b"\r\n\r\n"


def request(
    method: str, path: str, port: int, session: str, *, body: Any = None, key: str = "", accept: str = "json"
) -> bytes:
    """The bytes of one request by the person of this session."""
    content = json.dumps(body).encode() if body is not None else b""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Origin: http://localhost:{port}",
        f"Cookie: sessionid={session}; csrftoken={CSRF}",
        f"X-CSRFToken: {CSRF}",
        f"Accept: application/{accept}",
        f"Content-Length: {len(content)}",
    ]
    lines += ["Content-Type: application/json"] if content else []
    lines += [f"Idempotency-Key: {key}"] if key else []
    return "\r\n".join(lines).encode() + HEAD_END + content


class Connection(asyncio.Protocol):
    """One connection; one question at a time. A connection that breaks off raises ConnectionError."""

    def __init__(self) -> None:
        self._got = b""
        self._need: int | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._lost: Exception | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> Connection:
        loop = asyncio.get_running_loop()
        _transport, made = await loop.create_connection(cls, "127.0.0.1", port)
        return made

    async def ask(self, question: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        if self._lost is not None or self._transport is None:
            raise ConnectionResetError
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(question)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a socket's transport is a Transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._need is None:
            end = self._got.find(HEAD_END)
            if end < 0:
                return
            self._need = end + 4 + _length(self._got[:end])
        if len(self._got) >= self._need and self._answer is not None:
            body = self._got[self._got.index(HEAD_END) + 4 : self._need]
            status, answer = int(self._got[9:12]), self._answer
            self._got, self._need, self._answer = self._got[self._need :], None, None
            if not answer.done():
                answer.set_result((status, body))

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = error or ConnectionResetError()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError())


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError(f"an answer without a length: {head!r}")
