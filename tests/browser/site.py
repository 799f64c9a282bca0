"""A whole site of its own for the browser: migrated, with static files collected, served by daphne."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ecabinet.operations.processes import GRACE_SECONDS
from tests.services import ROOT, free_port

READY_WITHIN = 90.0
BUILT = ROOT / "frontend" / "static" / "dist" / "ecabinet.css"


@dataclass(frozen=True)
class Site:
    """``url`` without a slash at its end; ``environment`` for more processes of the same site."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command against this site; returns what it printed."""
        return self.python("-m", "django", *arguments)

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise AssertionError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def parts(self, *names: str) -> Iterator[None]:
        """The worker and the ticker, each as a process of its own."""
        commands = [[sys.executable, "-m", "django", name] for name in names]
        processes = [subprocess.Popen(each, env=self.environment, cwd=ROOT) for each in commands]
        try:
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=60)


def build_front_end() -> None:
    """Build what the browser loads, unless it stands there already."""
    if not BUILT.exists():
        subprocess.run(["node", "build.mjs"], cwd=ROOT / "frontend", check=True)


def environment(folder: Path, port: int, **settings: str) -> dict[str, str]:
    """The settings of a demo site with its data in ``folder``; shared services get a part of their own.

    ``settings`` are ``ECABINET_*`` variables that go before these.
    """
    return {
        **os.environ,
        **own_parts(port),
        "DJANGO_SETTINGS_MODULE": "ecabinet.settings",
        "PYTHONPATH": str(ROOT),
        "ECABINET_DEMO": "1",
        "ECABINET_HOST": "localhost",
        "ECABINET_PORT": str(port),
        "ECABINET_DATA_DIR": str(folder),
        **settings,
    }


def own_parts(port: int) -> dict[str, str]:
    """A database, a Redis database and an index prefix that no other site of this run uses."""
    found = {"ECABINET_ELASTICSEARCH_PREFIX": f"site-{port}"}
    if url := os.environ.get("ECABINET_DATABASE_URL"):
        name = f"site_{port}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # a name of our own making
        found["ECABINET_DATABASE_URL"] = f"{url.rpartition('/')[0]}/{name}"
    if url := os.environ.get("ECABINET_REDIS_URL"):
        found["ECABINET_REDIS_URL"] = f"{url.rpartition('/')[0]}/{2 + port % 14}"
    return found


@contextlib.contextmanager
def serve(folder: Path, **settings: str) -> Iterator[Site]:
    """Migrate, collect and serve until the block ends; ``settings`` as in ``environment``."""
    build_front_end()
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    site = Site(f"http://localhost:{port}", environment(folder, port, **settings))
    furnish(site, folder)
    with running(site, port, folder / "server.log"):
        yield site


def furnish(site: Site, folder: Path) -> None:
    """Tables and static files: the sites of one test run share what was made for the first of them."""
    shared = Path(os.environ.get("ECABINET_DATA_DIR", folder))
    static, tables = shared / "site-static", folder / "ecabinet.sqlite3"
    site.environment["ECABINET_STATIC_ROOT"] = str(static)
    with alone(shared / "site.lock"):
        if not (static / "staticfiles.json").exists() or shared == folder:
            site.manage("collectstatic", "--noinput", "-v", "0")
        pattern = shared / "site-pattern" / tables.name
        if shared == folder or tables.exists() or site.environment.get("ECABINET_DATABASE_URL"):
            site.manage("migrate", "-v", "0")
            return
        if not pattern.exists():
            pattern.parent.mkdir(exist_ok=True)
            making = {**site.environment, "ECABINET_DATA_DIR": str(pattern.parent)}
            Site(site.url, making).manage("migrate", "-v", "0")
    shutil.copy(pattern, tables)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def running(site: Site, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One server process of the site; a second one may run beside it on another port."""
    with log.open("wb") as out:
        command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(
            [*command, "ecabinet.asgi:application"],
            env=site.environment,
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_served(f"http://localhost:{port}/jsi18n/", process, log)
            yield process
        finally:
            end_server(process)


def end_server(process: subprocess.Popen[bytes]) -> None:
    """Stop it as the product's own supervisor does: asked first, by force after its grace.

    A request's thread that waits for daphne's loop when it ends (asgiref's ``AsyncToSync``) waits for ever.
    """
    process.terminate()
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_served(
    url: str, process: subprocess.Popen[bytes], log: Path, within: float = READY_WITHIN
) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=2):  # noqa: S310  # our own address
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
    raise AssertionError(f"The site did not come up:\n{log.read_text(errors='replace')[-3000:]}")
