from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from ecabinet.demo.build import build
from ecabinet.operations.health import database
from ecabinet.operations.processes import Supervisor, command, server


def _static_mark() -> str:
    """Changes when a static file of ours or an installed package does."""
    own = Path(settings.BASE_DIR) / "frontend" / "static"
    files = sorted(f"{path} {path.stat().st_mtime_ns}" for path in own.rglob("*") if path.is_file())
    lock = (Path(settings.BASE_DIR) / "requirements.lock").read_text()
    return hashlib.sha256("\n".join([*files, lock]).encode()).hexdigest()


class Command(BaseCommand):
    """``ecabinet demo``: a cabinet in the middle of its day."""

    help = "Build the demo cabinet if it is not there yet, then serve it; stop all with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only-prepare", action="store_true", help="build, but do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo site: set ECABINET_DEMO=1 for the demo.")
        self._prepare()
        if not options["only_prepare"]:
            self._serve()

    def _prepare(self) -> None:
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        if database():
            self._say("preparing the database")
            call_command("migrate", verbosity=0)
        self._collect()
        build(self._say)

    def _collect(self) -> None:
        """Collect static files unless the same ones were collected before."""
        stamp, now = Path(settings.STATIC_ROOT) / ".collected", _static_mark()
        if stamp.exists() and stamp.read_text() == now:
            return
        self._say("collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(now)

    def _serve(self) -> None:
        self.stdout.write(self.style.SUCCESS(f"\n  E-Cabinet is at {settings.BASE_URL}/"))
        self.stdout.write("  Choose a role on the sign-in page. Ctrl-C stops everything.\n")
        Supervisor([server("127.0.0.1", settings.PORT), command("worker"), command("tick")]).run()

    def _say(self, words: str) -> None:
        self.stdout.write(f"· {words}")
        self.stdout.flush()
