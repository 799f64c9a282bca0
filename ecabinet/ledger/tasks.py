"""Periodic work of the ledger."""

from __future__ import annotations

from ecabinet.ledger import actions


def tick() -> None:
    """Place what waits and sign the head. Doing it twice does nothing more."""
    actions.sequence()
    actions.sign_checkpoint()
