from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.translation import gettext as _

from ecabinet.common.console import spoken
from ecabinet.common.env import OPEN_DEMO, is_local
from ecabinet.operations import parts
from ecabinet.operations.folder import claim
from ecabinet.operations.processes import Supervisor


class Command(BaseCommand):
    """``ecabinet serve``: server, workers and ticker in one process tree."""

    help = "Run the server, the job workers and the ticker; stop all with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port (default %(default)s)")
        parser.add_argument("--only-server", action="store_true", help="without workers and ticker")

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor()
        supervisor.listen()
        try:
            with spoken():
                _refuse_open_demo(options["host"])
                lock = -1 if options["only_server"] else claim(Path(settings.DATA_DIR))
                door = parts.reserve(options["host"], options["port"])
                parts.open_door(door)
                self.stdout.write(_("E-Cabinet listens on %s.") % f"{options['host']}:{options['port']}")
        except CommandError as error:
            self.stderr.write(self.style.ERROR(f"✗ {error}"))
            sys.exit(1)
        self.stdout.flush()
        connections.close_all()  # the parts must not inherit what the checks opened
        rest = [] if options["only_server"] else [parts.worker(), parts.signer(), parts.ticker()]
        supervisor.run([parts.server(door), *rest])
        if lock >= 0:
            os.close(lock)


def _refuse_open_demo(host: str) -> None:
    """A stranger may call the site “localhost” too: what the demo listens on decides who gets in."""
    if settings.DEMO and not settings.DEMO_PUBLIC and not is_local(host):
        raise CommandError(_(OPEN_DEMO).format(host=host))
