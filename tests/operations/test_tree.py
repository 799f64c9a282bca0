"""A whole site as real processes: what happens to the parts, to questions and to jobs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.site import environment
from tests.operations.test_processes import alive, wait_until
from tests.services import ROOT, free_port

PARTS = 4  # server, worker, signer, ticker


@dataclass
class Tree:
    parent: subprocess.Popen[str]
    port: int
    environment: dict[str, str]

    def health(self) -> dict[str, object]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=120) as reply:
                return dict(json.load(reply))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused))

    def children(self) -> set[int]:
        found = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children").read_text().split()
        return {int(pid) for pid in found if alive(int(pid))}

    def ready(self) -> bool:
        return bool(self.health()["ready"])


def call(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ecabinet", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An empty site with its tables; the console speaks English."""
    port = free_port()
    made = environment(tmp_path_factory.mktemp("tree"), port) | {"LC_ALL": "C"}
    done = call(made, "migrate", "-v", "0")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(params=["daphne", "uvicorn"])
def tree(site: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Tree]:
    command, made = [sys.executable, "-m", "ecabinet", "serve"], site | {"ECABINET_SERVER": request.param}
    parent = subprocess.Popen(command, env=made, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()  # it listens
    grown = Tree(parent, int(site["ECABINET_PORT"]), made)
    wait_until(grown.ready, 180)
    yield grown
    before = grown.children() if parent.poll() is None else set()
    parent.terminate()
    assert parent.wait(120) == 0
    parent.stdout.close()
    assert not any(alive(pid) for pid in before)


def test_killed_parts_come_back_and_a_question_meanwhile_is_answered(tree: Tree) -> None:
    before = tree.children()
    assert len(before) == PARTS
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert "ready" in tree.health()  # the door stays open while nobody is behind it
    wait_until(lambda: len(tree.children() - before) == PARTS)
    wait_until(tree.ready, 180)


def test_a_second_tree_on_the_same_folder_or_port_is_refused(tree: Tree, tmp_path: Path) -> None:
    same_folder = call({**tree.environment, "ECABINET_PORT": str(free_port())}, "serve")
    assert same_folder.returncode == 1
    assert f"(process {tree.parent.pid})" in same_folder.stderr
    same_port = call({**tree.environment, "ECABINET_DATA_DIR": str(tmp_path)}, "serve")
    assert same_port.returncode == 1
    assert f"port {tree.port} (Address already in use)" in same_port.stderr
    assert f"ECABINET_PORT={tree.port + 1}" in same_port.stderr


def test_a_demo_does_not_listen_to_the_whole_network_unasked(site: dict[str, str]) -> None:
    refused = call(site, "serve", "--host", "192.0.2.1")
    assert refused.returncode == 1
    assert refused.stderr.startswith("✗ Demo mode refuses the host name “192.0.2.1”")


def test_a_folder_that_cannot_be_made_is_named(site: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = call({**site, "ECABINET_DATA_DIR": str(tmp_path / "file" / "data")}, "demo")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"✗ Cannot write in {tmp_path}/file/data (Not a directory).")


HALF = """
import django; django.setup()
from ecabinet.demo.build import BEGUN, _note, build, is_half_built
from ecabinet.demo.cast import assemble, found
from ecabinet.demo.reset import clear_away
from django.core.management import call_command
from ecabinet.operations.health import database
call_command("migrate", verbosity=0)
_note(BEGUN); assemble()
assert is_half_built() and found()
clear_away()
assert database()
call_command("migrate", verbosity=0)
assert not is_half_built() and not found() and not database()
"""


def test_half_a_demo_is_cleared_away_whole(tmp_path: Path) -> None:
    made = environment(tmp_path, free_port())
    done = subprocess.run(
        [sys.executable, "-c", HALF], env=made, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "keys").rglob("*.p12")) == []
