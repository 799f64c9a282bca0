"""What ``ecabinet demo`` does before it serves: tables, static files, the cabinet itself."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecabinet.demo.build import PeopleHere, Say, build, is_built, is_half_built
from ecabinet.demo.reset import clear_away
from ecabinet.operations.health import database

# What the tables, files and compressed static files of a built demo take, with some room.
ROOM_BYTES = 200 * 1024**2


def prepare(say: Say) -> None:
    """Make everything that is not there yet. Stopped half-way, the next call completes it."""
    collect(say)
    if not database() and is_built():
        return
    _room()
    _migrate(say)
    if is_half_built():
        say(gettext_noop("the demo was not finished last time: building it from the start"))
        clear_away()
        _migrate(say)
    try:
        build(say)
    except PeopleHere:
        words = _("This database holds people but no demo. Choose an empty folder: ECABINET_DATA_DIR=…")
        raise CommandError(words) from None


def collect(say: Say) -> None:
    """Collect static files unless the same ones were collected before; development serves the sources."""
    if settings.DEBUG:
        return
    stamp, now = Path(settings.STATIC_ROOT) / ".collected", _static_mark()
    if stamp.exists() and stamp.read_text() == now:
        return
    _room()
    say(gettext_noop("collecting static files"))
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(now)


def _migrate(say: Say) -> None:
    if database():
        say(gettext_noop("preparing the database"))
        call_command("migrate", verbosity=0)


def _room() -> None:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < ROOM_BYTES:
        words = _(
            "Only %(free)d MB are free in %(folder)s, the demo needs %(needed)d. Make room, or choose "
            "another folder: ECABINET_DATA_DIR=…"
        )
        numbers = {"free": free // 1024**2, "needed": ROOM_BYTES // 1024**2}
        raise CommandError(words % {"folder": settings.DATA_DIR, **numbers})


def _static_mark() -> str:
    """Changes when a static file of ours or an installed package does."""
    own = Path(settings.BASE_DIR) / "frontend" / "static"
    files = sorted(f"{path} {path.stat().st_mtime_ns}" for path in own.rglob("*") if path.is_file())
    lock = (Path(settings.BASE_DIR) / "requirements.lock").read_text()
    return hashlib.sha256("\n".join([*files, lock]).encode()).hexdigest()
