from __future__ import annotations

from typing import Any

from ecabinet.operations.management.commands import worker
from signing import pool


class Command(worker.Command):
    """``ecabinet signer``: a worker for signatures alone; who has just confirmed waits for no other job."""

    help = "Put signatures in."
    part, queue = "signer", "signing"
    interval = 0.2

    def handle(self, *args: Any, **options: Any) -> None:
        pool.warm()
        super().handle(*args, **options)
