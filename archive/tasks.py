"""Periodic work of the archive."""

from __future__ import annotations

from archive import actions, packages


def tick() -> None:
    """Fill in proofs that wait, clear packages nobody fetched lately. Idempotent."""
    actions.complete_proofs()
    packages.clear_old()
