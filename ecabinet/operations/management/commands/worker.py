from __future__ import annotations

import logging
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.crypto import get_random_string

from ecabinet.operations.actions import beat, leave
from ecabinet.operations.models import worker_part
from ecabinet.operations.ticker import BEAT_EVERY

logger = logging.getLogger("ecabinet.worker")


def keep_beating(part: str, stop: threading.Event) -> None:
    """Say every two seconds that the worker's process is alive, also while a long job runs."""
    while not stop.wait(BEAT_EVERY):
        try:
            beat(part)
        except Exception:
            logger.exception("no heartbeat")
            connection.close()
    connection.close()


class Command(BaseCommand):
    """``ecabinet worker``: runs queued jobs of one queue."""

    help = "Run background jobs."
    part, queue = "worker", "default"
    interval = 0.5  # seconds between two looks at the queue

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id, stop = get_random_string(12), threading.Event()
        part = worker_part(worker_id, self.part)
        beat(part)  # before the first job: a job of a worker without a sign of life counts as abandoned
        beating = threading.Thread(target=keep_beating, args=(part, stop), daemon=True)
        beating.start()
        try:
            call_command(
                "db_worker",
                queue_name=self.queue,
                interval=self.interval,
                verbosity=0,
                reload=False,
                worker_id=worker_id,
            )
        finally:
            stop.set()
            beating.join()
            leave(part)
