"""The data folder: usable, and used by one process tree only."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from django.core.management import CommandError
from django.utils.translation import gettext as _

LOCK = "in-use"


def claim(folder: Path) -> int:
    """Take the folder for this process and the ones it starts; the kernel lets go when the last ends.

    Returns the open lock, to be kept. Raises CommandError when the folder is in use or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unusable(folder, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _in_use(folder, os.read(lock, 20).decode(errors="replace").strip()) from None
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        raise unusable(folder, error) from None
    return lock


def unusable(folder: Path, error: OSError) -> CommandError:
    words = _(
        "Cannot write in %(folder)s (%(why)s). Mend that, or choose another folder: ECABINET_DATA_DIR=…"
    )
    return CommandError(words % {"folder": folder, "why": error.strerror or error})


def _in_use(folder: Path, process: str) -> CommandError:
    words = _(
        "E-Cabinet runs on %(folder)s already (process %(process)s). Stop it first, or choose another "
        "folder and port: ECABINET_DATA_DIR=…, ECABINET_PORT=…"
    )
    return CommandError(words % {"folder": folder, "process": process})
