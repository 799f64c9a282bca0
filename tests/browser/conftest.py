"""Browser tests: the system's Chromium against a site of its own.

``browse`` opens pages and afterwards fails on any request to another host, any console error (a breach of
the content security policy is one) and any script error. ``axe`` says what a page gets wrong for people
who cannot see or point.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import Site, serve
from tests.conftest import CHROMIUM

# The answer 401, 403 or 404 that a test asks for is written to the console by Chromium itself.
EXPECTED_WORDS = "Failed to load resource: the server responded with a status of 4"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An empty demo site, shared by the run; a test that needs people or papers adds its own."""
    with serve(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with the last browser test of the process: while it lives, so does Playwright's event loop,
    in which neither an async test nor ``asyncio.run`` can be started.
    """
    # Playwright's own loop makes Django believe that it is inside an async view.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Browse:
    """Opens pages of one site and gathers what goes wrong on them."""

    browser: Browser
    site: Site
    problems: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        size: str = "desktop",
        *,
        lang: str = "vi",
        theme: str = "light",
        card: str = "",
        **options: object,
    ) -> Page:
        """A page in a browser of its own; ``card`` enters by that role card of the demo."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=lang, base_url=self.site.url, **options
        )
        look = {"django_language": lang, "ecabinet_look": f"{theme}.normal.0"}
        context.add_cookies([{"name": n, "value": v, "url": self.site.url} for n, v in look.items()])
        self.contexts.append(context)
        page = context.new_page()
        self._watch(page)
        if card:
            page.goto("/account/login/")
            page.locator(f'form[action="/demo/enter/{card}/"] button').click()
            # On a busy machine the click returns before the form is sent; the next address would cancel it.
            page.wait_for_url(lambda url: "/account/login/" not in url)
        return page

    def _watch(self, page: Page) -> None:
        page.on("request", lambda request: self._check_host(request.url))
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", lambda message: self._check_console(message.type, message.text))

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.site.url).netloc:
            self.problems.append(f"request to another host: {url}")

    def _check_console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED_WORDS):
            self.problems.append(f"console: {text}")


@pytest.fixture
def browse(chromium: Browser, site: Site) -> Iterator[Browse]:
    opened = Browse(chromium, site)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.problems == []


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """``assert axe(page) == []``: every finding as “rule: help (where)”.

    ``but``: pairs of a rule and a selector that are not ours to mend.
    """
    engine = Axe()

    def check(page: Page, *, but: Collection[tuple[str, str]] = ()) -> list[str]:
        found = []
        for one in engine.run(page).response["violations"]:
            places = [str(node["target"][0]) for node in one["nodes"]]
            ours = [place for place in places if (one["id"], place) not in but]
            if ours:
                found.append(f"{one['id']}: {one['help']} ({', '.join(ours[:4])})")
        return found

    return check
