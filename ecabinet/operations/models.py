"""Signs of life of the parts that run beside the server."""

from __future__ import annotations

from django.db import models


def worker_part(worker_id: str, name: str = "worker") -> str:
    """The name under which a worker beats; ``worker_id`` is what its jobs carry, at most 13 characters."""
    return f"{name}:{worker_id}"


class Heartbeat(models.Model):
    """When a part (``worker:…``, ``signer:…``, ``ticker``) was last seen at work."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.at:%H:%M:%S}"
