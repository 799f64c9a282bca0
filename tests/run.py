"""All tests: once embedded (SQLite, tantivy), once on PostgreSQL + Redis + Elasticsearch where they are.

``bin/test`` runs this; arguments go to pytest. ``--embedded`` or ``--services`` runs one half only.
With CI set, a missing service is a failure instead of a plain word.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services

ROOM_BYTES = 4 * 1024**3

SERVICES = {
    "ECABINET_DATABASE_URL": ("PostgreSQL", services.postgresql, lambda: bool(services.find_postgresql())),
    "ECABINET_REDIS_URL": ("Redis", services.redis, lambda: bool(shutil.which("redis-server"))),
    "ECABINET_ELASTICSEARCH_URL": ("Elasticsearch", services.elasticsearch, services.find_elasticsearch),
}


def memory_folder() -> str | None:
    """Where files cost no disk syncs, if the machine has such a place with room."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > ROOM_BYTES else None


def pytest_run(environment: dict[str, str], arguments: list[str]) -> int:
    """Run pytest with a data folder of its own; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="ecabinet-tests-", dir=memory_folder()) as folder:
        base = {
            "ECABINET_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "ecabinet.settings",
            "ECABINET_DATA_DIR": folder,
        }
        quiet = {key: value for key, value in os.environ.items() if key not in SERVICES}
        # A file stays in one process: the tests of a browser file share a site and follow on one another.
        parallel = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
        command = [sys.executable, "-m", "pytest", *parallel, *arguments]
        return subprocess.run(command, env={**quiet, **base, **environment}, check=False).returncode


def embedded(arguments: list[str]) -> int:
    print("\n== SQLite and the embedded search ==", flush=True)
    return pytest_run({}, arguments)


def on_services(arguments: list[str]) -> int:
    with contextlib.ExitStack() as stack:
        environment, missing = {}, []
        for variable, (name, start, here) in SERVICES.items():
            if here():
                environment[variable] = stack.enter_context(start())
            else:
                missing.append(name)
        if missing:
            print(f"\nleft out, not on this machine: {', '.join(missing)}", flush=True)
        if missing and os.environ.get("CI"):
            return 1
        if not environment:
            return 0
        print(f"\n== {' + '.join(SERVICES[variable][0] for variable in environment)} ==", flush=True)
        # In a browser only the walk that needs the services: the other pages are the same on both sides. So
        # are files under attack: what judges them asks no service.
        same = ["--ignore", "tests/signing/attacks"]
        return pytest_run(environment, ["-m", "not browser or postgresql", *same, *arguments])


def main(arguments: list[str]) -> int:
    """Run the halves asked for; every half runs even if an earlier one failed."""
    halves = {"--embedded": embedded, "--services": on_services}
    chosen = [half for flag, half in halves.items() if flag in arguments] or list(halves.values())
    rest = [argument for argument in arguments if argument not in halves]
    codes = [half(rest) for half in chosen]
    # Needed on both halves; its tests start tokens of their own.
    if os.environ.get("CI") and not services.find_softhsm():
        print("\nleft out, not on this machine: SoftHSM2", flush=True)
        codes.append(1)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
