"""The pages a stranger meets: nothing to find for axe, in both languages and themes, on three screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SIZES, Browse

pytestmark = pytest.mark.browser

PAGES = ("/account/login/", "/styleguide/", "/account/password/reset/", "/nowhere/")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_pages_for_strangers_are_accessible(
    browse: Browse, axe: Callable[[Page], list[str]], lang: str, theme: str, size: str
) -> None:
    page = browse(size, lang=lang, theme=theme)
    for path in PAGES:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == lang
        assert axe(page) == [], path
        overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert page.evaluate(overflow) is False, f"{path} is wider than the screen"


def test_preferences_hold_on_the_next_page_without_scripts(browse: Browse) -> None:
    page = browse("desktop", java_script_enabled=False)
    page.goto("/styleguide/")
    page.locator("details.prefs summary").last.click()
    page.get_by_label("Tối").check()
    page.get_by_label("Rất lớn").check()
    page.get_by_role("checkbox", name="Tương phản cao").check()
    page.get_by_role("button", name="Áp dụng").click()
    page.goto("/account/login/")
    html = page.locator("html")
    assert html.get_attribute("data-theme") == "dark"
    assert html.get_attribute("data-text") == "larger"
    assert html.get_attribute("data-contrast") == "more"


def test_language_changes_with_one_press(browse: Browse) -> None:
    page = browse("phone")
    page.goto("/styleguide/")
    page.locator("details.prefs summary").last.click()
    with page.expect_navigation():
        page.get_by_label("English").check()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/styleguide/")
