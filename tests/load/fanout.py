"""One frame to many screens: the time until the last has it, and the server's CPU for each message.

Three ways with the same frame, the same clients and the same question that publishes it: the hub, a group of
Channels in the same server, and nginx with nchan.
"""

from __future__ import annotations

import os
import socket
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ecabinet.operations import parts
from meetings.snapshots import frame_of, topic_of
from tests.load import nchan
from tests.load.hall import fill
from tests.load.screens import Screens, handshake
from tests.load.servers import apart, more_files, serving

ROUNDS = 7
MEMBERS = 27
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Way:
    """What one way of sending came to; times in seconds."""

    screens: int
    seconds: float  # middle of the rounds, from the question to the last screen
    cpu: float  # of the server's processes, for each message
    missing: int


@dataclass
class Outcome:
    frame_bytes: int
    hub: Way
    channels: Way | None
    nchan: Way | None


def cpu_of(pids: Iterable[int]) -> float:
    """Seconds of processor time that these processes have used."""
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICK


def _post(port: int, path: str, body: bytes) -> socket.socket:
    """Ask and do not wait for the answer: it comes while the screens are read."""
    sock = socket.create_connection(("127.0.0.1", port))
    head = f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(body)}\r\n\r\n"
    sock.sendall(head.encode() + body)
    return sock


def _marked(frame: bytes, number: int) -> tuple[bytes, bytes]:
    """The frame under a new number, and the beginning by which a screen knows it."""
    rest = frame[frame.index(b',"votes"') :]
    mark = f'{{"type":"state","seq":{1_000_000 + number}'.encode()
    return mark + rest, mark


def run(port: int, hellos: list[bytes], path: str, frame: bytes, pids: list[int]) -> Way:
    """Open the screens, publish a few times, and measure."""
    more_files()
    screens = Screens(port, hellos)
    screens.connect()
    seconds, cpu, missing = [], 0.0, 0
    for number in range(ROUNDS + 1):
        payload, mark = _marked(frame, number)
        before, began = cpu_of(pids), time.monotonic()
        sock = _post(port, path, payload)
        last, never = screens.wait(lambda screen, mark=mark: screen.newest.startswith(mark))  # type: ignore[misc]
        sock.close()
        if number:  # the first is for warming up
            seconds.append(last - began)
            cpu += cpu_of(pids) - before
            missing += never
    screens.close()
    return Way(len(hellos), statistics.median(seconds), cpu / ROUNDS / len(hellos), missing)


def measure(folder: Path, screens: int) -> Outcome:
    hall = fill(folder, MEMBERS, screens)
    frame, topic = frame_of(hall.meeting, "observer")[1], topic_of(hall.meeting, "observer")
    parts.APPLICATION = "tests.load.fanout_site:application"
    with serving() as house:
        path = f"/ws/meetings/{hall.meeting}/?audience=observer"
        own = [handshake(path, house.port, session) for session in hall.guests]
        peers = [handshake("/peer", house.port)] * screens
        hub = apart(lambda: run(house.port, own, f"/publish/{topic}", frame, house.pids()))
        channels = None
        if settings.REDIS_URL:
            channels = apart(lambda: run(house.port, peers, "/publish/peer", frame, house.pids()))
    with nchan.serving(folder) as nginx:
        other = None
        if nginx:
            subscribers = [handshake("/subscribe", nginx.port)] * screens
            other = apart(lambda: run(nginx.port, subscribers, "/publish", frame, nginx.workers()))
    return Outcome(len(frame), hub, channels, other)
