"""Writing to the ledger: acts, tree positions, signed heads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import DomainError
from ecabinet.ledger import keys, queries
from ecabinet.ledger.models import Checkpoint, LedgerEntry, TreeNode
from ecabinet.ledger.rules import merkle, notes

MAX_BODY = 65_535  # bytes: a tlog-tiles entry bundle writes the length in 16 bits
BATCH = 1000
SEQUENCER_LOCK = 0x6C656467  # any fixed number that no other advisory lock uses


@dataclass(frozen=True, kw_only=True)
class Act:
    """What an entry tells.

    ``act`` is like ``poll.closed``, ``subject`` like ``poll:12``, ``digest`` a SHA-256 in lower-case
    hex of what the act is about. ``details`` holds texts, whole numbers, booleans, lists and dicts of
    them: ids and digests only, never a secret, because the bytes are published with every proof.
    """

    actor: AbstractBaseUser | None
    act: str
    subject: str
    digest: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def record(
    *,
    actor: AbstractBaseUser | None,
    act: str,
    subject: str,
    digest: str = "",
    details: Mapping[str, object] | None = None,
) -> LedgerEntry:
    """Write one act into the ledger, in the caller's transaction; see ``record_all``."""
    told = Act(actor=actor, act=act, subject=subject, digest=digest, details=details or {})
    return record_all([told])[0]


def record_all(acts: Iterable[Act]) -> list[LedgerEntry]:
    """Write acts of one transaction into the ledger, in their order.

    Raises TypeError or ValueError when a body has no canonical form or is too long, RuntimeError
    outside a transaction (the act and its entry must be kept or lost together).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a ledger entry belongs into the transaction of its act")
    return LedgerEntry.objects.bulk_create([_entry(told, clock.now()) for told in acts])


def _entry(told: Act, at: datetime) -> LedgerEntry:
    body = canonical_json({
        "act": told.act,
        "actor": told.actor.pk if told.actor is not None else None,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "details": dict(told.details),
        "digest": told.digest,
        "subject": told.subject,
        "v": 1,
    })  # fmt: skip
    if len(body) > MAX_BODY:
        raise ValueError(f"a ledger entry holds at most {MAX_BODY} bytes, this one has {len(body)}")
    return LedgerEntry(act=told.act, subject=told.subject, body=body, recorded_at=at)


def sequence(*, batch: int = BATCH) -> int:
    """Give the waiting entries their places in the tree, in the order of their ids; returns how many.

    One sequencer at a time. An entry of a transaction that commits late takes a later place:
    none is skipped, none is placed twice.
    """
    placed = 0
    while True:
        with transaction.atomic():
            _lock()
            count = _sequence_batch(batch)
        placed += count
        if count < batch:
            return placed


def _sequence_batch(batch: int) -> int:
    entries = list(LedgerEntry.objects.filter(index=None).order_by("id")[:batch])
    if not entries:
        return 0
    size = queries.tree_size()
    frontier = queries.nodes(merkle.range_nodes(0, size))
    leaves = [merkle.leaf_hash(bytes(entry.body)) for entry in entries]
    added = merkle.nodes_added_by(leaves, size, frontier)
    TreeNode.objects.bulk_create(
        [TreeNode(level=level, index=index, hash=hash_) for (level, index), hash_ in added.items()],
        batch_size=500,
    )
    for index, entry in enumerate(entries, size):
        entry.index = index
    LedgerEntry.objects.bulk_update(entries, ["index"], batch_size=200)
    return len(entries)


def sign_checkpoint() -> Checkpoint | None:
    """Sign the head of the tree as it stands; returns the newest checkpoint, None for an empty tree.

    Raises DomainError ``ledger_inconsistent`` when the tree no longer continues the last head that was
    signed: a log must never sign two stories.
    """
    with transaction.atomic():
        _lock()
        size, last = queries.tree_size(), queries.latest_checkpoint()
        if size == 0 or (last and last.size == size):
            return last
        if last and (last.size > size or queries.root(last.size) != bytes(last.root)):
            message = _(
                "The ledger does not continue its last signed head. Stop, and compare it with a backup."
            )
            raise DomainError("ledger_inconsistent", message, 500)
        signer, root = keys.signer(), queries.root(size)
        note = signer.sign(notes.Head(signer.name, size, root).text())
        return Checkpoint.objects.create(size=size, root=root, note=note, signed_at=clock.now())


def _lock() -> None:
    """One at a time. On SQLite every writing transaction is alone already (BEGIN IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
