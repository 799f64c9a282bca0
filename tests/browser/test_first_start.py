"""``ecabinet demo`` in an empty folder: what a newcomer sees first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Browse
from tests.browser.site import Site, build_front_end, environment, wait_until_served
from tests.services import ROOT, free_port

pytestmark = pytest.mark.browser

CARDS = ("chair", "member", "secretariat", "archivist")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    build_front_end()
    folder, port = tmp_path_factory.mktemp("first-start"), free_port()
    log = folder / "demo.log"
    site = Site(f"http://localhost:{port}", environment(folder / "data", port))
    with log.open("wb") as out:
        command = [sys.executable, "-m", "ecabinet", "demo"]
        tree = subprocess.Popen(command, env=site.environment, cwd=ROOT, stdout=out, stderr=out)
        try:
            wait_until_served(f"{site.url}/healthz", tree, log, within=300)
            yield site
        finally:
            tree.terminate()
            assert tree.wait(timeout=60) == 0


@pytest.mark.parametrize("card", CARDS)
def test_every_role_enters_the_demo_as_it_comes_up(chromium: Browser, demo: Site, card: str) -> None:
    browse = Browse(chromium, demo)
    page = browse("phone", card=card)
    page.goto("/")
    expect(page.locator("h1").first).to_be_visible()
    size = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('font-size')")
    assert size != "16px"  # the style sheet has come
    for context in browse.contexts:
        context.close()
    assert browse.problems == []
