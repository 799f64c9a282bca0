"""Reads of the ledger: heads, proofs, entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from ecabinet.common.errors import WrongState
from ecabinet.ledger import keys
from ecabinet.ledger.models import Checkpoint, LedgerEntry, TreeNode
from ecabinet.ledger.rules import merkle
from ecabinet.ledger.rules.proofs import InclusionProof

CHUNK = 2000  # rows


def vkey() -> str:
    """The ledger's public key as others write it down: ``<name>+<id>+<data>``."""
    return keys.signer().verifier.vkey()


def tree_size() -> int:
    """How many entries have a place in the tree."""
    highest: int | None = LedgerEntry.objects.aggregate(highest=Max("index"))["highest"]
    return 0 if highest is None else highest + 1


def waiting() -> int:
    """How many entries wait for a place."""
    return LedgerEntry.objects.filter(index=None).count()


def is_waiting() -> bool:
    """Whether an entry waits for a place."""
    return LedgerEntry.objects.filter(index=None).exists()


def is_signed() -> bool:
    """Whether a signed head covers the whole tree."""
    size = tree_size()
    return size == 0 or Checkpoint.objects.filter(size=size).exists()


def latest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def nodes(wanted: Iterable[merkle.Node]) -> dict[merkle.Node, bytes]:
    """The stored hashes of these nodes, in one query; missing ones are left out."""
    conditions = [Q(level=level, index=index) for level, index in wanted]
    if not conditions:
        return {}
    rows = TreeNode.objects.filter(reduce(or_, conditions)).values_list("level", "index", "hash")
    return {(level, index): bytes(hash_) for level, index, hash_ in rows}


def tile_nodes(first: merkle.Node, width: int) -> dict[merkle.Node, bytes]:
    """The stored hashes of ``width`` neighbours on one level, from ``first`` on."""
    level, start = first
    rows = TreeNode.objects.filter(level=level, index__gte=start, index__lt=start + width)
    return {(level, index): bytes(hash_) for index, hash_ in rows.values_list("index", "hash")}


def root(size: int) -> bytes:
    """The root of the first ``size`` entries; KeyError when a node is missing."""
    return merkle.range_hash(0, size, nodes(merkle.range_nodes(0, size)))


def inclusion_proof(entry: LedgerEntry, checkpoint: Checkpoint | None = None) -> str:
    """The tlog-proof@v1 of an entry under a signed head, the newest one unless told.

    Raises WrongState ``not_sequenced`` while no signed head covers the entry.
    """
    checkpoint = checkpoint or latest_checkpoint()
    if entry.index is None or checkpoint is None or checkpoint.size <= entry.index:
        raise WrongState(
            "not_sequenced", _("The ledger has not sealed this entry yet. Try again in a minute.")
        )
    ranges = merkle.inclusion_ranges(entry.index, checkpoint.size)
    hashes = merkle.hashes_of(ranges, nodes(merkle.nodes_of(ranges)))
    return InclusionProof(entry.index, bytes(entry.body), tuple(hashes), checkpoint.note).text()


def consistency_proof(first: int, size: int) -> list[bytes]:
    """Hashes that prove the tree of ``first`` entries to be a beginning of that of ``size``."""
    ranges = merkle.consistency_ranges(first, size)
    return merkle.hashes_of(ranges, nodes(merkle.nodes_of(ranges)))


def placed_entries(start: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
    """(index, body) of the entries in the tree, in order, read in pieces."""
    rows = LedgerEntry.objects.filter(index__gte=start).order_by("index")
    if end is not None:
        rows = rows.filter(index__lt=end)
    for index, body in rows.values_list("index", "body").iterator(chunk_size=CHUNK):
        if index is not None:  # the filter leaves none; the column may be null
            yield index, bytes(body)
