"""The append-only record of every legally relevant act (formats: RFC 6962, C2SP tlog)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """One act. ``body`` is the leaf: canonical JSON, exact bytes, under 64 kB, digests and ids only.

    ``index`` is the leaf's position in the tree, given by the sequencer after commit.
    """

    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, db_index=True)
    body = models.BinaryField()
    index = models.PositiveBigIntegerField(null=True, unique=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ("id",)
        indexes = (models.Index(fields=["id"], condition=Q(index=None), name="ledger_waiting"),)

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class TreeNode(models.Model):
    """A stored hash of a complete subtree, so that proofs need O(log n) rows."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="tree_node_once"),)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed tree head: ``note`` is a C2SP signed note over a tlog-checkpoint."""

    size = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ("-size",)

    def __str__(self) -> str:
        return str(self.size)
