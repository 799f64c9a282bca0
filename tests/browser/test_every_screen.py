"""Every screen of the demo cabinet, in both languages and themes: accessible, never too wide, quiet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SIZES, Browse
from tests.browser.site import Site, serve
from tests.screens_list import Screen

pytestmark = pytest.mark.browser

# These two are laid out anew on a tablet; the others only flow.
ALSO_ON_TABLET = ("desk", "board")
WALL = (1920, 1080)
SETTLED_MS = 30_000
LISTED = (
    "import django; django.setup(); import json; from dataclasses import asdict; "
    "from tests.screens_list import screens; print(json.dumps([asdict(each) for each in screens()]))"
)
LOOK = (
    "import django; django.setup(); from ecabinet.accounts.models import User; "
    "User.objects.update(language='{lang}', theme='{theme}')"
)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# The list of headings that Wagtail draws beside a form: closed, it has nothing to focus, and it is Wagtail's.
WAGTAILS_OWN = (("scrollable-region-focusable", ".w-minimap__list"),)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole demo cabinet, without its worker and ticker: nothing moves while it is looked at."""
    with serve(tmp_path_factory.mktemp("screens")) as served:
        served.manage("demo", "--only-prepare")
        yield served


@pytest.fixture(scope="module")
def by_card(site: Site) -> dict[str, list[Screen]]:
    """Screens by the role card that sees them."""
    listed = [Screen(**each) for each in json.loads(site.python("-c", LISTED).splitlines()[-1])]
    listed.sort(key=lambda screen: screen.card)
    return {card: list(group) for card, group in groupby(listed, key=lambda screen: screen.card)}


def windows(screen: Screen) -> list[tuple[int, int]]:
    """Sizes in CSS pixels at which a screen is looked at."""
    if screen.wall:
        return [WALL]
    names = ("phone", "tablet", "desktop") if screen.name in ALSO_ON_TABLET else ("phone", "desktop")
    return [SIZES[name] for name in names]


def findings(page: Page, axe: Callable[..., list[str]], screen: Screen, lang: str) -> Iterator[str]:
    """What is wrong with one screen, in words."""
    page.goto(screen.path)
    if page.locator("html").get_attribute("lang") != lang:
        yield "is in another language"
    for width, height in windows(screen):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_load_state("networkidle", timeout=SETTLED_MS)
        yield from (f"at {width} px: {found}" for found in axe(page, but=WAGTAILS_OWN))
        if page.evaluate(TOO_WIDE):
            yield f"is wider than {width} px"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_screen(
    browse: Browse, axe: Callable[..., list[str]], by_card: dict[str, list[Screen]], lang: str, theme: str
) -> None:
    browse.site.python("-c", LOOK.format(lang=lang, theme=theme))
    wrong = []
    for card, screens in by_card.items():
        page = browse(lang=lang, theme=theme, card=card)
        for screen in screens:
            wrong += [f"{screen.name} {words}" for words in findings(page, axe, screen, lang)]
        page.context.close()
    assert wrong == []


def reach(page: Page, selector: str) -> None:
    """Tab to what the selector names; each stop on the way must show where it is."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(selector) => { const at = document.activeElement, style = getComputedStyle(at);"
            " const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none';"
            " return [at.matches(selector), shown, at.outerHTML.slice(0, 120)]; }",
            selector,
        )
        assert found[1], f"focus is not visible: {found[2]}"
        if found[0]:
            return
    raise AssertionError(f"not reached by keyboard: {selector}")


def press_on(page: Page, selector: str) -> None:
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_an_officer_works_by_keyboard_alone(browse: Browse) -> None:
    """From the open request to the certificate, then held back and resumed."""
    page = browse(card="registrar", lang="vi")
    page.goto("/register/")
    press_on(page, 'main a[href^="/register/requests/"]')
    press_on(page, 'form[action$="/approve/"] button')
    press_on(page, 'form[action$="/issue/"] button')
    press_on(page, 'main a[href^="/register/certificates/"]')
    reach(page, "#suspend-reason")
    page.keyboard.press("ArrowDown")
    press_on(page, 'form[action$="/suspend/"] button')
    assert page.locator(".certificate__state .mark--final").count() == 1
    press_on(page, 'form[action$="/resume/"] button')
    assert page.locator(".certificate__state .mark--adopted").count() == 1
