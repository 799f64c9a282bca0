"""Writing to the ledger: acts, tree positions, signed heads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.ledger.models import LedgerEntry

MAX_BODY = 65_535  # bytes: a tlog-tiles entry bundle writes the length in 16 bits


def record(
    *,
    actor: AbstractBaseUser | None,
    act: str,
    subject: str,
    digest: str = "",
    details: Mapping[str, object] | None = None,
) -> LedgerEntry:
    """Write one act into the ledger, in the caller's transaction.

    ``act`` is like ``poll.closed``, ``subject`` like ``poll:12``, ``digest`` a SHA-256 in lower-case
    hex of what the act is about. ``details`` holds texts, whole numbers, booleans, lists and dicts of
    them: ids and digests only, never a secret, because the bytes are published with every proof.
    Raises TypeError or ValueError when the body has no canonical form or is too long, RuntimeError
    outside a transaction (the act and its entry must be kept or lost together).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a ledger entry belongs into the transaction of its act")
    at = clock.now()
    body = canonical_json({
        "act": act,
        "actor": actor.pk if actor is not None else None,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "details": dict(details or {}),
        "digest": digest,
        "subject": subject,
        "v": 1,
    })  # fmt: skip
    if len(body) > MAX_BODY:
        raise ValueError(f"a ledger entry holds at most {MAX_BODY} bytes, this one has {len(body)}")
    return LedgerEntry.objects.create(act=act, subject=subject, body=body, recorded_at=at)
