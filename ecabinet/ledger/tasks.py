"""Periodic work of the ledger."""

from __future__ import annotations

from ecabinet.ledger import actions, queries


def tick() -> None:
    """Place what waits and sign the head. Doing it twice does nothing more.

    Looks before it locks: the writing lock of an embedded database belongs to those who vote.
    """
    if queries.is_waiting():
        actions.sequence()
    if not queries.is_signed():
        actions.sign_checkpoint()
