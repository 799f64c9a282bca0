"""Files our own pipeline made, known by their bytes: what it added needs no difference analysis.

It only ever adds to a file. So a file that is, byte for byte, one it stored, and that begins with the file
it was made from, holds nothing but our own additions after that beginning (``signing.md`` §3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_CHAIN = 1_000  # steps: a file renewed every month for decades has fewer
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class StoredVersion:
    """A file of ours, and the one it was made from by adding to it; sizes in bytes."""

    sha256: str
    size: int
    made_from: str
    made_from_size: int


Known = Callable[[str], StoredVersion | None]  # by SHA-256 in lower-case hex


def ours_from(path: Path, sha256: str, size: int, known: Known) -> int | None:
    """From which byte on everything was added by us; None for a file that we did not make.

    ``sha256`` and ``size`` are those of the file at ``path``. What lies before that byte came from outside.
    """
    chain = list(chain_of(sha256, known))
    sizes = [each.size for each in chain]
    if not chain or sizes[0] != size:
        return None
    made_from = {each.made_from_size: each.made_from for each in chain}
    if any(each.made_from_size >= each.size for each in chain) or sizes[1:] != list(made_from)[:-1]:
        return None
    return min(made_from) if _prefixes(path, sorted(made_from)) == made_from else None


def chain_of(sha256: str, known: Known) -> Iterator[StoredVersion]:
    """The file, the one it was made from, and so on, as far as they are ours."""
    for _step in range(LONGEST_CHAIN):
        version = known(sha256)
        if version is None:
            return
        yield version
        sha256 = version.made_from


def _prefixes(path: Path, sizes: Sequence[int]) -> dict[int, str]:
    """The digest of the file's beginning at each of the ``sizes`` (rising), in one pass."""
    digest, done, found = hashlib.sha256(), 0, {}
    with path.open("rb") as source:
        for size in sizes:
            while piece := source.read(min(CHUNK, size - done)):
                digest.update(piece)
                done += len(piece)
            found[size] = digest.hexdigest()
    return found
