"""How many may do a heavy thing at once, over all processes of this machine."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError


@contextmanager
def place(work: str, *, places: int) -> Iterator[None]:
    """One of ``places`` for ``work`` (a plain name), for the length of the block; nobody waits in line.

    Raises DomainError ``busy`` (503) when all are taken. The system itself gives back the place of a
    process that died.
    """
    folder = Path(settings.DATA_DIR) / "places"
    folder.mkdir(parents=True, exist_ok=True)
    held = next(filter(None, (_taken(folder / f"{work}-{number}") for number in range(places))), None)
    if held is None:
        raise DomainError("busy", _("Many files are being checked just now. Try again in a minute."), 503)
    with held:
        yield


def _taken(path: Path) -> IO[str] | None:
    """The file with its lock, which goes when it is closed; None when another holds it."""
    handle = path.open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle
