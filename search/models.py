"""What waits to be indexed: written in the same transaction as the change itself."""

from __future__ import annotations

from django.db import models


class OutboxRow(models.Model):
    """One source object whose index documents must be made again (or removed).

    Removed once the engine has taken the documents. ``leased_until`` has one door,
    :func:`search.outbox.lease`.
    """

    source = models.CharField(max_length=40)  # the name a search source registered under
    object_id = models.PositiveBigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.source}:{self.object_id}"


class IndexState(models.Model):
    """The one row of the indexer: the last version given out and the generation being built, if any.

    A version is taken before the database is read, so of two writers of one record the one that
    read later carries the greater version, and the engine keeps that.
    """

    version = models.PositiveBigIntegerField(default=0)
    building = models.CharField(max_length=80, blank=True)  # a generation that every write goes to as well
    building_until = models.DateTimeField(null=True)  # the builder's claim; lapsed, another may begin anew

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="index_state_one_row"),)

    def __str__(self) -> str:
        return str(self.version)
