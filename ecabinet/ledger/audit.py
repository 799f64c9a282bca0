"""Is the ledger still the one that was signed? Recomputed from the entries alone.

The entries come from the database or from an exported folder; what they are held against is a
checkpoint that was kept outside. The stored tree is asked only to say *where* they part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ecabinet.ledger import queries
from ecabinet.ledger.models import TreeNode
from ecabinet.ledger.rules import merkle, tiles
from ecabinet.ledger.rules.notes import Head


@dataclass(frozen=True)
class Audit:
    """``sound``: entries and head belong together; ``first_wrong``: where they part, if known."""

    sound: bool
    code: str  # sound | missing | too_short | changed
    head: Head
    first_wrong: int | None = None


def audit_entries(
    entries: Iterable[tuple[int, bytes]], head: Head, leaves: Mapping[int, bytes] | None = None
) -> Audit:
    """Hold entries, (index, bytes) in order, against a head that was verified before.

    ``leaves`` may hold stored leaf hashes by index: not believed, used to name the first wrong entry.
    """
    tree, first_wrong = merkle.Growing(), None
    for index, body in entries:
        if index != tree.size:
            return Audit(sound=False, code="missing", head=head, first_wrong=tree.size)
        if tree.size == head.size:
            break
        leaf = merkle.leaf_hash(body)
        if first_wrong is None and leaves is not None and leaves.get(index, leaf) != leaf:
            first_wrong = index
        tree.push(leaf)
    if tree.size < head.size:
        return Audit(sound=False, code="too_short", head=head, first_wrong=tree.size)
    sound = tree.root() == head.root
    return Audit(sound, "sound" if sound else "changed", head, None if sound else first_wrong)


def audit_database(head: Head) -> Audit:
    """The database's entries against a head kept outside."""
    rows = TreeNode.objects.filter(level=0, index__lt=head.size).values_list("index", "hash")
    leaves = {index: bytes(hash_) for index, hash_ in rows.iterator(chunk_size=queries.CHUNK)}
    return audit_entries(queries.placed_entries(), head, leaves)


def audit_folder(folder: Path, head: Head) -> Audit:
    """An exported folder's entries against a head kept outside; needs no database."""

    def entries() -> Iterable[tuple[int, bytes]]:
        for tile in tiles.level_tiles(head.size, 0):
            path = folder / tiles.tile_path("entries", tile.index, tile.width)
            if not path.exists():  # a partial bundle of another size, or the full one that followed it
                path = _wider(folder, tile)
            bundle = tiles.unpack_entries(path.read_bytes()) if path.exists() else []
            yield from enumerate(bundle, tile.index * tiles.WIDTH)

    try:
        return audit_entries(entries(), head)
    except ValueError:  # a bundle that is cut off
        return Audit(sound=False, code="changed", head=head)


def _wider(folder: Path, tile: tiles.Tile) -> Path:
    for width in range(tile.width, tiles.WIDTH + 1):
        path = folder / tiles.tile_path("entries", tile.index, width)
        if path.exists():
            return path
    return folder / tile.path
