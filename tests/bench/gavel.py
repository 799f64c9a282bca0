"""From the last signature to “found by search”: worker and ticker run as they do on a site."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import services
from tests.bench import Row

LIMIT_SECONDS = 5.0
DECISIONS = 5


def rows(runs: int = DECISIONS) -> list[Row]:
    """One row per engine; Elasticsearch only where it can be started. ``runs``: decisions."""
    found = [_row("embedded index", {}, runs)]
    if services.find_elasticsearch():
        with services.elasticsearch() as url:
            found.append(_row("Elasticsearch", {"ECABINET_ELASTICSEARCH_URL": url}, runs))
    return found


def _row(engine: str, environment: dict[str, str], runs: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="ecabinet-bench-") as folder:
        env = {**os.environ, **environment, "ECABINET_DATA_DIR": folder, "ECABINET_DEMO": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.gavel", folder, str(runs)],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    seconds = json.loads(done.stdout.splitlines()[-1])
    slowest = max(seconds)
    middle = statistics.median(seconds)
    what = f"last signature to found, {engine}, slowest of {len(seconds)} (median {middle:.2f})"
    return Row(what, slowest, "s", "limit", LIMIT_SECONDS, "at most 5 s", slowest <= LIMIT_SECONDS)


@contextlib.contextmanager
def _parts() -> Iterator[None]:
    """Worker and ticker as processes of their own."""
    commands = [[sys.executable, "-m", "django", name] for name in ("worker", "tick")]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def measure(folder: Path, decisions: int) -> list[float]:
    """Seconds from the signer's gesture to the first search that finds the decision, one per decision."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from ecabinet.operations.models import Heartbeat
    from tests.bench._sitting import adopted, found, prepared, sign

    cast, items = adopted(folder, decisions)
    with _parts():
        while Heartbeat.objects.count() < 2:
            time.sleep(0.1)
        seconds = []
        for item in items:
            notation = prepared(cast, item)
            started = time.monotonic()
            sign(cast)
            while not found(cast, notation):
                time.sleep(0.02)
            seconds.append(time.monotonic() - started)
    return seconds


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
