from __future__ import annotations

import logging
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from ecabinet.operations.actions import beat
from ecabinet.operations.ticker import BEAT_EVERY

logger = logging.getLogger("ecabinet.worker")


def keep_beating(stop: threading.Event) -> None:
    """Say every two seconds that the worker's process is alive, also while a long job runs."""
    while not stop.is_set():
        try:
            beat("worker")
        except Exception:
            logger.exception("no heartbeat")
            connection.close()
        stop.wait(BEAT_EVERY)
    connection.close()


class Command(BaseCommand):
    """``ecabinet worker``: runs queued jobs."""

    help = "Run background jobs."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        threading.Thread(target=keep_beating, args=(stop,), daemon=True).start()
        try:
            call_command("db_worker", queue_name="*", interval=0.5, verbosity=0, reload=False)
        finally:
            stop.set()
