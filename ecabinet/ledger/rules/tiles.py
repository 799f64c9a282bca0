"""The ledger as a folder that strangers' tools can read: ``c2sp.org/tlog-tiles``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 256
HEIGHT = 8


@dataclass(frozen=True)
class Tile:
    """``width`` hashes of level ``level`` (each over 256**level leaves), beginning at ``index`` * 256."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        return tile_path(str(self.level), self.index, self.width)

    def nodes(self) -> Iterator[tuple[int, int]]:
        """The tree nodes whose hashes make the tile, in order."""
        start = self.index * WIDTH
        return ((self.level * HEIGHT, start + offset) for offset in range(self.width))


def tile_path(kind: str, index: int, width: int) -> str:
    """``tile/0/x001/067``, partial ``tile/0/x001/067.p/112``; ``kind`` is a level or ``entries``."""
    digits = f"{index:d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{kind}/{path}" + (f".p/{width}" if width < WIDTH else "")


def level_tiles(size: int, level: int) -> Iterator[Tile]:
    """The tiles of one level in a tree of ``size`` leaves: full ones, then the partial one if any."""
    full, rest = divmod(size >> (HEIGHT * level), WIDTH)
    yield from (Tile(level, index, WIDTH) for index in range(full))
    if rest:
        yield Tile(level, full, rest)


def tiles_of(size: int) -> Iterator[Tile]:
    """All tiles of a tree of ``size`` leaves, level by level."""
    level = 0
    while size >> (HEIGHT * level):
        yield from level_tiles(size, level)
        level += 1


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry after its length in two bytes, big-endian. ValueError over 64 kB."""
    pieces = []
    for entry in entries:
        if len(entry) > 0xFFFF:
            raise ValueError("an entry is at most 65,535 bytes long")
        pieces += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(pieces)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """The entries of a bundle; ValueError when it is cut off."""
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + length]
        if at + 2 > len(bundle) or len(entry) != length:
            raise ValueError("the bundle is cut off")
        entries.append(entry)
        at += 2 + length
    return entries
