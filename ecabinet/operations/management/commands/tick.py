from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ecabinet.operations.actions import leave
from ecabinet.operations.ticker import DEMO_JOBS, JOBS, PART, Ticker


class Command(BaseCommand):
    """``ecabinet tick``: periodic work."""

    help = "Run periodic work: ledger, archive, search, timestamps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def handle(self, *args: Any, **options: Any) -> None:
        ticker = Ticker(JOBS + DEMO_JOBS if settings.DEMO else JOBS)

        def stop(number: int, frame: FrameType | None) -> None:
            ticker.stop.set()

        if options["once"]:
            ticker.step(0.0)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        ticker.run()
        leave(PART)
