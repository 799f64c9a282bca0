"""Where index documents come from: a higher room registers a source when its app is ready."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from search.rules.documents import IndexDocument

Build = Callable[[int], Iterable[IndexDocument]]
AllIds = Callable[[], Iterable[int]]
Visible = Callable[[Collection[int], Collection[str]], Collection[int]]

KEY_SHIFT = 40  # record keys are (source code << 40) + object id: one number for both engines


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of searchable object.

    ``build(id)`` makes its pages from the database as it is now, none when it must not be found.
    ``all_ids()`` names everything a new index must hold.
    ``visible(ids, tokens)`` asks the database which of the ids a holder of these tokens may see:
    an index lags behind, so nothing is shown on its word alone.
    """

    name: str
    build: Build
    all_ids: AllIds
    visible: Visible

    @property
    def code(self) -> int:
        return source_code(self.name)


_sources: dict[str, Source] = {}


def source_code(name: str) -> int:
    """A number under 2**20 that stands for the source in record keys."""
    return zlib.crc32(name.encode()) & 0xFFFFF


def record_key(source: str, record: int) -> int:
    """The key of one record among all sources; ``record`` must be under 2**40."""
    return (source_code(source) << KEY_SHIFT) + record


def register(name: str, build: Build, *, all_ids: AllIds, visible: Visible) -> None:
    """Make a source known under a name that must not change later; registering twice replaces it."""
    clash = [other for other in _sources if other != name and source_code(other) == source_code(name)]
    if clash:
        raise ValueError(f"the source names {name} and {clash[0]} have the same code: choose another name")
    _sources[name] = Source(name, build, all_ids, visible)


def unregister(name: str) -> None:
    """Forget a source; what it has indexed stays until the next ``reindex``."""
    _sources.pop(name, None)


def get(name: str) -> Source | None:
    return _sources.get(name)


def each() -> Iterator[Source]:
    yield from list(_sources.values())
