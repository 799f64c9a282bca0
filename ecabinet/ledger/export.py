"""The ledger written as a tlog-tiles folder, to be copied outside."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from ecabinet.common.errors import WrongState
from ecabinet.ledger import queries
from ecabinet.ledger.models import Checkpoint
from ecabinet.ledger.rules import tiles


def write_tiles(folder: Path) -> Checkpoint:
    """Write ``checkpoint``, ``vkey``, ``tile/…`` and ``tile/entries/…`` for the newest signed head.

    A folder written before is continued: full tiles never change, so they are left as they are.
    Raises WrongState ``ledger_empty`` when no head was signed yet.
    """
    checkpoint = queries.latest_checkpoint()
    if checkpoint is None:
        raise WrongState("ledger_empty", _("The ledger has no signed head yet. There is nothing to export."))
    for tile in tiles.tiles_of(checkpoint.size):
        if not _finished(folder, tile, tile.path):
            wanted = list(tile.nodes())
            stored = queries.tile_nodes(wanted[0], tile.width)
            _write(folder / tile.path, b"".join(stored[node] for node in wanted))
    _write_entries(folder, checkpoint.size)
    _write(folder / "vkey", (queries.vkey() + "\n").encode())
    # Last, so that a reader never finds a head whose tiles are not there yet.
    _write(folder / "checkpoint", checkpoint.note.encode())
    return checkpoint


def _write_entries(folder: Path, size: int) -> None:
    for tile in tiles.level_tiles(size, 0):
        path = tiles.tile_path("entries", tile.index, tile.width)
        if not _finished(folder, tile, path):
            start = tile.index * tiles.WIDTH
            rows = islice(queries.placed_entries(start, start + tile.width), tile.width)
            _write(folder / path, tiles.pack_entries(body for _index, body in rows))


def _finished(folder: Path, tile: tiles.Tile, path: str) -> bool:
    return tile.width == tiles.WIDTH and (folder / path).exists()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(data)
    temporary.replace(path)
