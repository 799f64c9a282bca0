"""Loads of ``tests.load``, each on a new site in a folder on the disk, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import psycopg

from tests import services


def databases() -> Iterator[tuple[str, dict[str, str]]]:
    """Name and settings of each database on this machine; PostgreSQL is started for as long as it is used."""
    yield "SQLite", {}
    if services.find_postgresql():
        with services.postgresql() as url:
            yield "PostgreSQL", {"ECABINET_DATABASE_URL": url}


def run(name: str, *arguments: int, **settings: str) -> Any:
    """The outcome of one load in processes of its own, on an empty database."""
    if url := settings.get("ECABINET_DATABASE_URL"):
        with psycopg.connect(url, autocommit=True) as database:
            database.execute("DROP SCHEMA public CASCADE")
            database.execute("CREATE SCHEMA public")
    with tempfile.TemporaryDirectory(prefix="ecabinet-bench-") as folder:
        command = [sys.executable, "-m", "tests.load", name, folder, *map(str, arguments)]
        done = subprocess.run(
            command, env=environment(folder, settings), stdout=subprocess.PIPE, text=True, check=True
        )
    return json.loads(done.stdout.splitlines()[-1])


def environment(folder: str, settings: dict[str, str]) -> dict[str, str]:
    own = {"ECABINET_DATA_DIR": folder, "ECABINET_PORT": str(services.free_port())}
    # Long runs: who signed in at the beginning may still vote at the end.
    lasting = {"ECABINET_STEP_UP_SECONDS": "86400", "ECABINET_DEMO": "1"}
    return {**os.environ, **own, **lasting, **settings}
