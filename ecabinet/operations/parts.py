"""What the process tree of a site consists of."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence

from django.core.management import CommandError, call_command
from django.utils.translation import gettext as _

from ecabinet.operations.processes import Part

# Lets a whole cabinet reconnect at once (the usual 50 would turn most of it away).
BACKLOG = 4096


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
    """The ASGI server behind a door that stays open when it falls."""
    options = ["-v", "0", "--no-server-name"]
    endpoint = f"fd:fileno={door.fileno()}"

    def work() -> None:
        # Not before: importing it makes an event loop, which must not be shared.
        from daphne.cli import CommandLineInterface

        CommandLineInterface().run([*options, "-e", endpoint, "ecabinet.asgi:application"])

    return Part("server", work)


def worker() -> Part:
    return Part("worker", lambda: call_command("worker"))


def ticker() -> Part:
    return Part("ticker", lambda: call_command("tick"))


def program(name: str, words: Sequence[str]) -> Part:
    """Another program as a part."""
    return Part(name, lambda: os.execvp(words[0], list(words)))  # noqa: S606 - no shell is wanted
