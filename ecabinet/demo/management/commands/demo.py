from __future__ import annotations

import errno
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from socket import socket
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections
from django.utils.translation import gettext as _

from ecabinet.common.console import spoken
from ecabinet.common.static import reread
from ecabinet.demo.cards import seats
from ecabinet.demo.prepare import prepare
from ecabinet.operations import parts
from ecabinet.operations.folder import claim, unusable
from ecabinet.operations.processes import Part, Supervisor

HOST = "127.0.0.1"


class Command(BaseCommand):
    """``ecabinet demo``: a cabinet in the middle of its day."""

    help = "Build the demo cabinet if it is not there yet, then serve it; stop all with Ctrl-C."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration; doctor runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only-prepare", action="store_true", help="build, but do not serve")
        parser.add_argument("--reload", action="store_true", help="serve changed sources (bin/dev)")

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor()
        supervisor.listen()
        try:
            with spoken():
                lock, door = self._reserve(serves=not options["only_prepare"])
            self._prepared(supervisor)
            if door is not None:
                self._serve(supervisor, door, reload=options["reload"])
            os.close(lock)
        except CommandError as error:
            self._refuse(error)

    def _reserve(self, *, serves: bool) -> tuple[int, socket | None]:
        """The data folder and the door, before any work is done."""
        if not settings.DEMO:
            raise CommandError(_("This is not a demo site: set ECABINET_DEMO=1 for the demo."))
        return claim(Path(settings.DATA_DIR)), parts.reserve(HOST, settings.PORT) if serves else None

    def _prepared(self, supervisor: Supervisor) -> None:
        code = supervisor.first("preparation", self._prepare)
        if supervisor.stop.is_set():
            with spoken():
                self.stdout.write(_("Stopped. The next start goes on from here."))
        if code or supervisor.stop.is_set():
            sys.exit(code)
        reread()

    def _serve(self, supervisor: Supervisor, door: socket, *, reload: bool) -> None:
        if reload:
            door.close()
            chosen = _reloading()
        else:
            with spoken():
                parts.open_door(door)
            chosen = [parts.server(door), parts.worker(), parts.signer(), parts.ticker()]
        self._welcome()
        supervisor.run(chosen)

    def _prepare(self) -> None:
        """In a process of its own; what stops it is said in a sentence."""
        try:
            prepare(self._say)
        except (CommandError, OperationalError, OSError) as error:
            with spoken():
                self._refuse(_sentence(error))

    def _refuse(self, words: object) -> NoReturn:
        self.stderr.write(self.style.ERROR(f"✗ {words}"))
        sys.exit(1)

    def _welcome(self) -> None:
        with spoken():
            self.stdout.write(self.style.SUCCESS("\n  " + _("E-Cabinet is at %s/") % settings.BASE_URL))
            self.stdout.write(
                "  " + _("Choose a role on the sign-in page. Ctrl-C stops everything.") + "\n\n"
            )
            for seat in seats():
                self.stdout.write(f"  {seat.card.title} · {seat.user}, {seat.office}\n      {seat.card.what}")
        connections.close_all()  # the parts must not inherit it
        self.stdout.flush()

    def _say(self, words: str) -> None:
        with spoken():
            self.stdout.write(f"· {_(words)}")
        self.stdout.flush()


def _sentence(error: Exception) -> str:
    if isinstance(error, CommandError):
        return str(error)
    if isinstance(error, OSError):
        return str(unusable(Path(settings.DATA_DIR), error))
    if "full" in str(error):
        return str(unusable(Path(settings.DATA_DIR), OSError(errno.ENOSPC, _("the disk is full"))))
    return _("The database does not work: %s “ecabinet doctor” tells more.") % f"{error}.".replace("..", ".")


def _reloading() -> list[Part]:
    """The parts of ``bin/dev``; runserver restarts itself when a source changes."""
    front = str(Path(settings.BASE_DIR) / "frontend")
    return [
        parts.program("server", [sys.executable, "-m", "django", "runserver", f"{HOST}:{settings.PORT}"]),
        parts.program("front end", ["npm", "--prefix", front, "run", "watch"]),
        parts.worker(),
        parts.signer(),
        parts.ticker(),
    ]
