"""What waits to be indexed: written in the same transaction as the change itself."""

from __future__ import annotations

from django.db import models


class OutboxRow(models.Model):
    """One source object whose index documents must be made again (or removed)."""

    source = models.CharField(max_length=40)  # the name a search source registered under
    object_id = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.source}:{self.object_id}"
