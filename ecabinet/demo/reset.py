"""Taking away a demo whose building was interrupted, so that it can be built from the start."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from search.engines.base import engine

FOLDERS = ("blobs", "search", "keys", "media", "packages", "facsimiles", "quarantine")


def clear_away() -> None:
    """Remove all tables and everything the build put into the data folder."""
    if connection.vendor == "sqlite":
        _remove_file()
    else:
        _drop_tables()
    for name in FOLDERS:
        shutil.rmtree(Path(settings.DATA_DIR) / name, ignore_errors=True)
    cache.clear()
    if settings.ELASTICSEARCH_URL:
        engine().begin_generation()
        engine().promote()


def _remove_file() -> None:
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{settings.DATABASES['default']['NAME']}{ending}").unlink(missing_ok=True)


def _drop_tables() -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        tables = ", ".join(quote(name) for name in connection.introspection.table_names(cursor))
        cursor.execute(f"DROP TABLE {tables} CASCADE")  # names from the catalogue, quoted
