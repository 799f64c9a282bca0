"""Examinations of the machine and its folders; each returns its trouble in words, or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils.translation import gettext as _

from ecabinet.common import clock
from ecabinet.ledger.keys import key_path, signer
from ecabinet.ledger.models import LedgerEntry
from signing.custody.pkcs12 import opens

LOW_DISK_BYTES = 2 * 1024**3
CLOCK_OFF = timedelta(seconds=5)
FONTS = ("tinos-400-normal", "tinos-400-italic", "tinos-700-normal", "tinos-700-italic")


def disk() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free > LOW_DISK_BYTES:
        return ""
    return _("Only %(free)d MB are free under %(folder)s; make room for papers.") % {
        "free": free // 1024**2,
        "folder": settings.DATA_DIR,
    }


def printing() -> str:
    try:
        import weasyprint  # noqa: F401 - importing it is the test
    except OSError:
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return _("Pango is missing; run: %(command)s") % {"command": f"apt-get install {packages}"}
    missing = [name for name in FONTS if not finders.find(f"fonts/official/{name}.woff2")]
    if missing:
        words = _("Fonts of printed documents are missing: %s. Restore frontend/static from the release.")
        return words % ", ".join(missing)
    return ""


def front_end() -> str:
    if not finders.find("dist/ecabinet.css"):
        return _("The front end is not built; run bin/setup.")
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return _("Static files are not collected; run “ecabinet collectstatic --no-input”.")
    return ""


def clock_is_right() -> str:
    """Against the newest act of the ledger and, where it is another machine, the database's clock."""
    now = clock.now()
    newest = LedgerEntry.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    if newest is not None and newest - now > CLOCK_OFF:
        words = _(
            "The clock stands before the newest act of the ledger (%s). Set it, for instance with chrony."
        )
        return words % clock.exactly(newest)
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        off: timedelta = abs(cursor.fetchone()[0] - clock.now())
    if off <= CLOCK_OFF:
        return ""
    words = _(
        "The clocks of this machine and of the database differ by %d s. Set both, for instance with chrony."
    )
    return words % int(off.total_seconds())


def signing_keys() -> str:
    """Private, and the ones the present password opens."""
    folder = Path(settings.KEYS_DIR)
    open_to_others = [
        path for path in _private(folder) if path.stat().st_size and path.stat().st_mode & 0o077
    ]
    if open_to_others:
        words = _("Others can read %(path)s. Run: chmod -R go= %(folder)s")
        return words % {"path": open_to_others[0], "folder": folder}
    if key_path().exists():
        signer()
    if not all(opens(path.stem) for path in folder.glob("custody/*.p12")):
        return _(
            "The signing keys cannot be opened: ECABINET_KEYS_PASSWORD (or ECABINET_SECRET_KEY, where it is "
            "not set) is not the one they were made with. Put it back."
        )
    return ""


def _private(folder: Path) -> Iterator[Path]:
    """Every file under the folder, and first the ones that this user cannot even read."""
    for where, _folders, names in os.walk(folder, onerror=_raise):
        for name in names:
            path = Path(where) / name
            if not os.access(path, os.R_OK):
                raise PermissionError(13, "Permission denied", str(path))
            yield path


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # no keys yet
        raise error
