"""What the process tree of a site consists of."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Sequence

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext as _

from ecabinet.operations.processes import GRACE_SECONDS, Part

# Lets a whole cabinet reconnect at once (the usual 50 would turn most of it away).
BACKLOG = 4096
APPLICATION = "ecabinet.asgi:application"
SOCKET_MAX_BYTES = 64 * 1024  # what a client sends is not listened to


def reserve(host: str, port: int) -> socket.socket:
    """A socket bound to the (IPv4) address, not listening yet. Raises CommandError when it cannot be had."""
    try:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except (OSError, OverflowError) as error:
        raise _taken(host, port, error) from None
    return door


def open_door(door: socket.socket) -> None:
    """Connections wait from now on, also while the server is started again."""
    try:
        door.listen(BACKLOG)
    except OSError as error:
        host, port = door.getsockname()[:2]
        raise _taken(host, port, error) from None


def _taken(host: str, port: int, error: Exception) -> CommandError:
    words = _(
        "Cannot listen on %(host)s, port %(port)d (%(why)s). Stop what uses the port, or choose another: "
        "ECABINET_PORT=%(other)d."
    )
    why = getattr(error, "strerror", None) or str(error)
    other = port + 1 if port < 65535 else 8000
    return CommandError(words % {"host": host, "port": port, "why": why, "other": other})


def server(door: socket.socket) -> Part:
    """The ASGI server of the settings behind a door that stays open when it falls."""
    serve = {"daphne": _daphne, "uvicorn": _uvicorn}[settings.SERVER]

    def work() -> None:
        _collect_rarely()
        serve(door)

    return Part("server", work)


def _collect_rarely() -> None:
    """Thousands of open screens are a heap that lives long: walking through it at every push costs more
    than the push. What was loaded before the fork is never looked at again.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _daphne(door: socket.socket) -> None:
    # Not before: importing it makes an event loop, which must not be shared.
    from daphne.cli import CommandLineInterface

    from ecabinet.realtime import backpressure

    backpressure.install()
    options = ["-v", "0", "--no-server-name", "-e", f"fd:fileno={door.fileno()}"]
    CommandLineInterface().run([*options, APPLICATION])


def _uvicorn(door: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        APPLICATION,
        backlog=BACKLOG,
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # it would pack the same frame anew for every screen
        ws_max_size=SOCKET_MAX_BYTES,
        proxy_headers=False,  # whose word counts is decided by the site's own settings
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=int(GRACE_SECONDS / 2),
    )
    uvicorn.Server(config).run(sockets=[door])


def worker() -> Part:
    return Part("worker", lambda: call_command("worker"))


def signer() -> Part:
    """A worker for signatures alone: whoever has just confirmed waits for no other job."""
    return Part("signer", lambda: call_command("signer"))


def ticker() -> Part:
    return Part("ticker", lambda: call_command("tick"))


def program(name: str, words: Sequence[str]) -> Part:
    """Another program as a part."""
    return Part(name, lambda: os.execvp(words[0], list(words)))  # noqa: S606 - no shell is wanted
