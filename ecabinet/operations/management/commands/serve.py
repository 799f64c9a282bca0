from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ecabinet.operations.processes import Supervisor, command, server


class Command(BaseCommand):
    """``ecabinet serve``: server, worker and ticker in one process tree."""

    help = "Run the server, the job worker and the ticker; stop all with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port (default %(default)s)")
        parser.add_argument("--only-server", action="store_true", help="without worker and ticker")

    def handle(self, *args: Any, **options: Any) -> None:
        children = [server(options["host"], options["port"])]
        if not options["only_server"]:
            children += [command("worker"), command("tick")]
        self.stdout.write(f"E-Cabinet listens on {options['host']}:{options['port']}")
        Supervisor(children).run()
