"""What happens to real sockets of a real server: strangers, slow screens, ended access, Redis that goes.

Run by ``tests/meetings/test_served_sockets.py`` on each server.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.models import Session

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.operations import parts
from meetings.models import Membership
from meetings.queries.live import head_of
from meetings.snapshots import topic_of
from tests import services
from tests.load import http as bytes_of
from tests.load.hall import Hall, fill, sign_in
from tests.load.screens import Screen, Screens, handshake
from tests.load.servers import apart, more_files, serving

BIG = 200_000  # bytes of a frame for slow screens
FRAMES = 80


@dataclass
class Outcome:
    statuses: dict[str, int] = field(default_factory=dict)  # of handshakes, by who comes
    closes: dict[str, int | None] = field(default_factory=dict)
    reader: bool = False  # the quick one got every frame
    slow_bytes: int = 0
    sent_bytes: int = FRAMES * BIG
    ended_seconds: dict[str, float] = field(default_factory=dict)
    healed: list[int] = field(default_factory=list)  # screens that never showed the newest state, each time


def shows(mark: bytes) -> Callable[[Screen], bool]:
    return lambda screen: screen.newest.startswith(mark)


def closed(screen: Screen) -> bool:
    return screen.close_code is not None or screen.gone


STATE = shows(b'{"type":"state"')


def measure(folder: Path, with_redis: int = 0) -> Outcome:
    hall = fill(folder, 3, 8)
    parts.APPLICATION = "tests.load.fanout_site:application"
    stranger = sign_in([User.objects.get(email="outsider@example.vn")])[0]
    with serving(2 if with_redis else 1) as house:
        port = house.port
        if with_redis:
            return apart(lambda: _redis_goes(hall, port))
        return apart(lambda: _visits(hall, port, stranger))


def _visits(hall: Hall, port: int, stranger: str) -> Outcome:
    more_files()
    outcome, path = Outcome(), f"/ws/meetings/{hall.meeting}/?audience=observer"
    guest = hall.guests[0]
    outcome.statuses = {
        "same": status(port, handshake(path, port, guest)),
        "evil": status(port, handshake(path, port, guest, "https://evil.example")),
        "absent": status(port, handshake(path, port, guest, "")),
    }
    for name, session in (("nobody", ""), ("stranger", stranger)):
        screens = Screens(port, [handshake(path, port, session)])
        screens.connect()
        screens.wait(closed)
        outcome.closes[name] = screens.only().close_code
    _slow(hall, port, path, outcome)
    for name, end in (("signed out", _sign_out), ("locked", _lock), ("dismissed", _dismiss)):
        session = hall.guests[2 + len(outcome.ended_seconds)]
        hello = handshake(path, port, session)
        outcome.ended_seconds[name], outcome.closes[name] = _ended(port, hello, partial(end, session))
    return outcome


def status(port: int, hello: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(hello)
        return int(sock.recv(64)[9:12])


def _slow(hall: Hall, port: int, path: str, outcome: Outcome) -> None:
    """One reads everything, one nothing until all is sent."""
    topic = topic_of(hall.meeting, "observer")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.sendall(handshake(path, port, hall.guests[0]))
        quick = Screens(port, [handshake(path, port, hall.guests[1])])
        quick.connect()
        quick.wait(STATE)
        missing = 0
        for number in range(FRAMES):
            mark = f'{{"type":"state","seq":{9_000_000 + number},"votes"'.encode()
            publish(port, topic, mark + b":0}".ljust(BIG - len(mark)))
            missing += quick.wait(shows(mark))[1]
        outcome.reader = missing == 0 and quick.only().close_code is None
        slow.settimeout(60)
        outcome.slow_bytes, outcome.closes["slow"] = _drain(slow)
        quick.close()


def _drain(sock: socket.socket) -> tuple[int, int | None]:
    """How much still comes until the server has closed, and the close code if it arrived."""
    total, tail = 0, b""
    with contextlib.suppress(ConnectionError):
        while data := sock.recv(1 << 16):
            total += len(data)
            tail = (tail + data)[-64:]
            if tail.endswith(b"resync"):
                return total, int.from_bytes(tail[-8:-6], "big")
    return total, None


def publish(port: int, topic: str, payload: bytes) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("POST", f"/publish/{topic}", payload)
    line.getresponse().read()
    line.close()


def _ended(port: int, hello: bytes, end: Callable[[], None]) -> tuple[float, int | None]:
    """Seconds from the end of someone's access to the end of the socket, and its close code."""
    screens = Screens(port, [hello])
    screens.connect()
    screens.wait(STATE)
    began = time.monotonic()
    end()
    last, _never = screens.wait(closed)
    code = screens.only().close_code
    screens.close()
    return last - began, code


def _sign_out(session: str) -> None:
    Session.objects.filter(pk=session).delete()


def _person(session: str) -> int:
    return int(Session.objects.get(pk=session).get_decoded()["_auth_user_id"])


def _lock(session: str) -> None:
    User.objects.filter(pk=_person(session)).update(is_active=False)


def _dismiss(session: str) -> None:
    Membership.objects.filter(user=_person(session)).update(ends_on=clock.today().replace(year=2021))


def _redis_goes(hall: Hall, port: int) -> Outcome:
    """Redis is there, goes, and comes again; after each act all screens of both processes show the same."""
    outcome, path = Outcome(), f"/ws/meetings/{hall.meeting}/?audience=observer"
    redis_port = urlsplit(settings.REDIS_URL).port or 6379
    screens = Screens(port, [handshake(path, port, session) for session in hall.guests * 3])
    with services.redis(redis_port):
        screens.connect()
        screens.wait(STATE)
        outcome.healed.append(_act(hall, port, "there", screens))
    outcome.healed.append(_act(hall, port, "gone", screens))
    with services.redis(redis_port):
        outcome.healed.append(_act(hall, port, "back", screens))
    screens.close()
    return outcome


def _act(hall: Hall, port: int, text: str, screens: Screens) -> int:
    """The desk writes a conclusion; returns how many screens never showed it."""
    path = f"/api/v1/meetings/{hall.meeting}/items/{hall.item}/conclusion"
    question = bytes_of.request("POST", path, port, hall.clerk, body={"text": text}, key=text)
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(question)
        answer = sock.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise AssertionError(answer)
    head = head_of(hall.meeting)
    assert head is not None
    return screens.wait(shows(f'{{"type":"state","seq":{head.seq},'.encode()))[1]
