"""Real PostgreSQL, Redis, Elasticsearch, SoftHSM2 for the tests, started apart and stopped again."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 90.0


def call(*command: str) -> None:
    """Run a command quietly from a folder that every user may enter."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def find_postgresql() -> Path | None:
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    candidates = [*folders, *([Path(found).resolve().parent] if found else [])]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def find_elasticsearch() -> bool:
    return bool(shutil.which("java")) and bool(shutil.which("mvn"))


def find_softhsm() -> str:
    """The path of SoftHSM2's library, or nothing; Debian keeps it in a folder of its own."""
    places = sorted(Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))
    places += sorted(Path("/usr/local/lib").glob("**/libsofthsm2.so"))
    return str(places[0]) if places and shutil.which("softhsm2-util") else ""


def as_ordinary_user(folder: Path) -> list[str]:
    """The words that put a command under a user that is not root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A cluster of its own; yields its URL. Durable settings: the tests prove durability."""
    programs = find_postgresql()
    if programs is None:
        raise FileNotFoundError("initdb")
    with tempfile.TemporaryDirectory(prefix="ecabinet-pg-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        user = as_ordinary_user(folder)
        data, control = str(folder / "data"), str(programs / "pg_ctl")
        init = [str(programs / "initdb"), "-D", data, "-U", "ecabinet", "-A", "trust", "-E", "UTF8"]
        call(*user, *init)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        log = str(folder / "log")
        start = [control, "-D", data, "-o", options, "-l", log, "-w", "start"]
        call(*user, *start)
        try:
            yield f"postgresql://ecabinet@127.0.0.1:{port}/postgres"
        finally:
            stop = [control, "-D", data, "-m", "immediate", "stop"]
            call(*user, *stop)


@contextlib.contextmanager
def redis(port: int = 0) -> Iterator[str]:
    """A Redis without persistence, on a free port unless told; yields its URL."""
    port = port or free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def elasticsearch() -> Iterator[str]:
    """The minimal Elasticsearch by ``bin/elasticsearch``; yields its URL."""
    port = free_port()
    program = str(ROOT / "bin" / "elasticsearch")
    subprocess.run([program, "start", str(port)], check=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([program, "stop", str(port)], check=True)


@dataclass(frozen=True)
class Token:
    """A software token: ``configuration`` is what SOFTHSM2_CONF must say where it is used."""

    library: str
    label: str
    pin: str
    configuration: Path

    @property
    def folder(self) -> Path:
        """Where SoftHSM2 keeps the token's objects."""
        return self.configuration.parent / "tokens"

    def initialise(self) -> None:
        """Make the token new and empty, with the same label and PIN, in the next free slot."""
        command = ["softhsm2-util", "--init-token", "--free", "--label", self.label]
        command += ["--pin", self.pin, "--so-pin", f"{self.pin}-officer"]
        environment = {**os.environ, "SOFTHSM2_CONF": str(self.configuration)}
        subprocess.run(command, check=True, capture_output=True, env=environment)


@contextlib.contextmanager
def softhsm(label: str = "ecabinet-tests") -> Iterator[Token]:
    """An empty token in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="ecabinet-token-") as name:
        configuration = Path(name) / "softhsm2.conf"
        configuration.write_text(
            f"directories.tokendir = {name}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        (Path(name) / "tokens").mkdir(mode=0o700)
        token = Token(find_softhsm(), label, "0492-tests", configuration)
        token.initialise()
        yield token


def wait_for_port(
    port: int, process: subprocess.Popen[bytes] | None = None, within: float = READY_WITHIN
) -> None:
    """Return once something listens on the port; raise when the process ends or time is over."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
