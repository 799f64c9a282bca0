"""Pictures of every screen, for looking at. Run by ``bin/screens``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.conftest import ARGUMENTS, SIZES
from tests.browser.site import Site, serve
from tests.conftest import CHROMIUM
from tests.screens_list import BEST, Screen, screens

ROOT = Path(__file__).resolve().parent.parent
OUT, DOCS = ROOT / "screens", ROOT / "docs" / "screens"
WALL = {"wall": (1920, 1080)}
SETTLED_MS = 15_000


def main(arguments: list[str]) -> int:
    """Render the screens named in the arguments, or all of them; says which page could not be opened."""
    OUT.mkdir(exist_ok=True)
    wanted = {argument for argument in arguments if not argument.startswith("--")}
    with serve(OUT / ".site") as site:
        site.manage("demo", "--only-prepare")
        chosen = [screen for screen in listed(site) if not wanted or screen.name in wanted]
        failed = render(site, chosen)
    if "--best" in arguments:
        refresh_docs()
    print(f"{len(chosen)} screens in {OUT}" + "".join(f"\n✗ {words}" for words in failed))
    return 1 if failed else 0


def listed(site: Site) -> list[Screen]:
    """The screens of this site's own database."""
    import django

    os.environ.update(site.environment)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    return list(screens())


def render(site: Site, chosen: Iterable[Screen]) -> list[str]:
    """Every screen at every size, language and theme; returns what went wrong."""
    failed: list[str] = []
    by_card: dict[str, list[Screen]] = {}
    for screen in chosen:
        by_card.setdefault(screen.card, []).append(screen)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for card, lang, theme in product(by_card, ("vi", "en"), ("light", "dark")):
            context = entered(browser, site, card, lang, theme)
            for screen in by_card[card]:
                failed += shoot(context, screen, lang, theme)
            context.close()
        browser.close()
    return failed


def entered(browser: Browser, site: Site, card: str, lang: str, theme: str) -> BrowserContext:
    """A browser of one role in one language and theme."""
    context = browser.new_context(base_url=site.url, locale=lang)
    look = {"django_language": lang, "ecabinet_look": f"{theme}.normal.0"}
    context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in look.items()])
    if card:
        prefer(card, lang, theme)
        page = context.new_page()
        page.goto("/account/login/")
        page.locator(f'form[action="/demo/enter/{card}/"] button').click()
        page.wait_for_url(lambda url: "/account/login/" not in url, wait_until="networkidle")
        page.close()
    return context


def prefer(card: str, lang: str, theme: str) -> None:
    """Someone signed in sees the look they chose, on every device."""
    from ecabinet.accounts.actions import choose_look
    from ecabinet.accounts.models import User
    from ecabinet.demo.cards import CARDS

    email = next(each.email for each in CARDS if each.key == card)
    user = User.objects.get(email=email)
    choose_look(actor=user, theme=theme, text_size="normal", high_contrast=False, language=lang)


def shoot(context: BrowserContext, screen: Screen, lang: str, theme: str) -> list[str]:
    failed = []
    page = context.new_page()
    for size, (width, height) in (WALL if screen.wall else SIZES).items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(screen.path)
        page.wait_for_load_state("networkidle", timeout=SETTLED_MS)
        page.screenshot(path=OUT / f"{screen.name}.{size}.{lang}.{theme}.png")
        if answer is None or answer.status >= 500:
            failed.append(f"{screen.path} as {screen.card or 'a stranger'}: {answer and answer.status}")
    page.close()
    return failed


def refresh_docs() -> None:
    """The dozen best, in Vietnamese and by day, with few colours so that they stay small."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in BEST:
        size = "wall" if name == "wall" else "desktop"
        picture = Image.open(OUT / f"{name}.{size}.vi.light.png").convert("RGB")
        picture.thumbnail((1440, 900))
        picture.quantize(128).save(DOCS / f"{name}.desktop.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
