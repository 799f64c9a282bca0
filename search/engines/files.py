"""The embedded index on disk: generations as folders, roles as pointer files, one writer at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines.base import Role


class Generations:
    """``folder/pages-…`` are generations; the files ``live`` and ``building`` hold the name of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The only writer among all processes and threads, until the block ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def of(self, role: Role) -> Path | None:
        """The folder in this role, None when there is none."""
        try:
            name = (self.folder / role).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self.folder / name if name else None

    def create(self, role: Role) -> Path:
        """A new empty folder in this role; the one before it goes."""
        before = self.of(role)
        path = self.folder / f"pages-{time.time_ns()}"
        path.mkdir()
        self._point(role, path.name)
        self._remove(before)
        return path

    def promote(self) -> None:
        """``building`` becomes ``live``: killed in between, both name the same folder, and that is right."""
        before, built = self.of("live"), self.of("building")
        if built is None:
            raise LookupError("no generation is being built")
        self._point("live", built.name)
        (self.folder / "building").unlink()
        if before != built:
            self._remove(before)

    def _point(self, role: Role, name: str) -> None:
        temporary = self.folder / f".{role}.new"
        with temporary.open("w", encoding="ascii") as handle:
            handle.write(name)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(self.folder / role)

    def _remove(self, path: Path | None) -> None:
        if path is not None and path != self.of("live"):
            shutil.rmtree(path, ignore_errors=True)
