"""Thousands of WebSocket clients in one process that costs little: bare sockets, one epoll, no library."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections.abc import Callable, Iterable

READ = 1 << 18
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
NORMAL, CLOSE = 0x81, 0x88
STATE = b'{"type":"state","seq":'


def handshake(path: str, port: int, session: str = "", origin: str | None = None) -> bytes:
    """The bytes with which a page opens a socket; ``origin`` that of the site itself unless told."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: localhost:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Version: 13",
    ]
    origin = f"http://localhost:{port}" if origin is None else origin
    lines += [f"Origin: {origin}"] if origin else []
    lines += [f"Cookie: sessionid={session}"] if session else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Screen:
    """One client: what it was sent, frame by frame."""

    __slots__ = ("buffer", "close_code", "gone", "hello", "newest", "opened", "seq", "sock", "status")

    def __init__(self, hello: bytes) -> None:
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.hello = hello
        self.buffer = b""
        self.newest, self.seq = b"", -1  # the beginning of the state with the greatest seq
        self.status = 0
        self.opened = False
        self.gone = False
        self.close_code: int | None = None

    def take(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        if not self.opened:
            self._open()
        while self.opened and self._frame():
            pass

    def _open(self) -> None:
        end = self.buffer.find(b"\r\n\r\n")
        if end >= 0:
            self.status = int(self.buffer[9:12])
            self.buffer, self.opened = self.buffer[end + 4 :], self.status == 101

    def _frame(self) -> bool:
        data, start = self.buffer, 2
        if len(data) < 2:
            return False
        length = data[1] & 127
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start], "big")
        if len(data) < start + length or len(data) < start:
            return False
        if data[0] == NORMAL and data.startswith(STATE, start):
            self._keep(data[start : start + 64])
        elif data[0] == CLOSE:
            self.close_code = int.from_bytes(data[start : start + 2], "big")
        self.buffer = data[start + length :]
        return True

    def _keep(self, begin: bytes) -> None:
        """As the page does: an older state that arrives later is not shown."""
        seq = int(begin[len(STATE) : begin.index(b",", len(STATE))])
        if seq >= self.seq:
            self.seq, self.newest = seq, begin


class Screens:
    def __init__(self, port: int, hellos: Iterable[bytes]) -> None:
        self._port = port
        self._poll = select.epoll()
        self.screens = {screen.sock.fileno(): screen for screen in map(Screen, hellos)}

    def connect(self, within: float = 120.0, at_once: int = 200) -> None:
        """Open all, at most ``at_once`` on their way at a time."""
        waiting, under_way = list(self.screens.values()), set()
        deadline = time.monotonic() + within
        while (waiting or under_way) and time.monotonic() < deadline:
            while waiting and len(under_way) < at_once:
                screen = waiting.pop()
                self._begin(screen)
                under_way.add(screen)
            self._turn(deadline)
            under_way = {screen for screen in under_way if not screen.status}
        if any(not screen.opened for screen in self.screens.values()):
            raise ConnectionError(f"{sum(not s.opened for s in self.screens.values())} screens did not open")

    def _begin(self, screen: Screen) -> None:
        code = screen.sock.connect_ex(("127.0.0.1", self._port))
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, "connect")
        self._poll.register(screen.sock.fileno(), select.EPOLLOUT)

    def wait(self, done: Callable[[Screen], bool], within: float = 60.0) -> tuple[float, int]:
        """Seconds (monotonic) when the last screen was done, and how many never were.

        A screen that is gone is not waited for.
        """
        left = {fd for fd, screen in self.screens.items() if not done(screen)}
        deadline, last = time.monotonic() + within, time.monotonic()
        while any(not self.screens[fd].gone for fd in left) and time.monotonic() < deadline:
            for fd in self._turn(deadline):
                if fd in left and done(self.screens[fd]):
                    left.discard(fd)
                    last = time.monotonic()
        return last, len(left)

    def _turn(self, deadline: float) -> list[int]:
        """Read what there is; the descriptors that were read."""
        read = []
        for fd, event in self._poll.poll(max(0.0, min(1.0, deadline - time.monotonic())), 1024):
            screen = self.screens[fd]
            if event & select.EPOLLOUT:
                screen.sock.send(screen.hello)
                self._poll.modify(fd, select.EPOLLIN)
            elif self._read(screen):
                read.append(fd)
        return read

    def _read(self, screen: Screen) -> bool:
        try:
            data = screen.sock.recv(READ)
        except BlockingIOError:
            return False
        except ConnectionError:
            data = b""
        if not data:
            self._poll.unregister(screen.sock.fileno())
            screen.gone, screen.status = True, screen.status or -1
            return True
        screen.take(data)
        return True

    def only(self) -> Screen:
        (screen,) = self.screens.values()
        return screen

    def close(self) -> None:
        for screen in self.screens.values():
            screen.sock.close()
        self._poll.close()
