"""A member opens the programme, reads a paper, finds words in it and states a position, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Browse
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
CARD = "member"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("reading")) as served:
        yield served


@pytest.fixture(scope="module")
def meeting(site: Site) -> str:
    return site.python("-m", "tests.browser.live_cast").strip()


def open_paper(page: Page, meeting: str, place: int = 0) -> None:
    page.goto(f"/meetings/{meeting}/")
    page.locator(".paper").nth(place).click()
    expect(page.locator(".leaf[data-painted]").first).to_be_visible()


def test_reading_finding_and_going_on(browse: Browse, meeting: str) -> None:
    page = browse("desktop", card=CARD)
    page.goto(f"/meetings/{meeting}/")
    unread = page.locator(".mark--unread").count()
    with page.expect_response("**/progress") as receipt:
        open_paper(page, meeting)
    assert receipt.value.status == 204
    page.locator("[data-desk]").press("End")
    expect(page.locator('.leaf[data-page="2"][data-painted]')).to_be_visible()
    page.locator("#find").fill("page 1")
    expect(page.locator("[data-found]")).to_have_text("1/1")
    expect(page.locator(".leaf__mark--current")).to_be_visible()
    page.locator(".reader-bar__next").click()
    expect(page.locator(".leaf[data-painted]").first).to_be_visible()
    page.goto(f"/meetings/{meeting}/")
    assert page.locator(".mark--unread").count() < unread


def test_reading_begins_where_it_stopped(browse: Browse, meeting: str) -> None:
    page = browse("tablet", card=CARD)
    open_paper(page, meeting)
    address = page.url.partition("?")[0]
    page.locator("[data-desk]").press("End")
    expect(page.locator("#page-now")).to_have_value("2")
    page.goto(address)
    expect(page.locator('.leaf[data-page="2"][data-painted]')).to_be_visible()
    expect(page.locator("#page-now")).to_have_value("2")


def test_without_scripts_the_file_itself_is_one_press_away(browse: Browse, meeting: str) -> None:
    page = browse("desktop", card=CARD, java_script_enabled=False)
    page.goto(f"/meetings/{meeting}/")
    page.locator(".paper").first.click()
    link = page.locator(".reader__plain a")
    expect(link).to_be_visible()
    assert page.request.get(str(link.get_attribute("href"))).status == 200


def test_position_is_refused_in_place_and_then_sent(browse: Browse, meeting: str) -> None:
    page = browse("phone", card=CARD)
    page.goto(f"/meetings/{meeting}/")
    control = page.locator(".stance").first
    control.locator("summary").click()
    control.locator("input[value=object]").check()
    control.locator("button[type=submit]").click()
    expect(control.get_by_role("alert")).to_be_visible()
    expect(control.locator("input[value=object]")).to_be_checked()
    control.locator("textarea").fill("Chưa rõ nguồn kinh phí.")
    control.locator("button[type=submit]").click()
    expect(control.locator(".stance__saved")).to_be_visible()
    expect(control.locator(".stance__said")).to_have_text("Chưa rõ nguồn kinh phí.")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_a_member_are_accessible(
    browse: Browse, axe: Callable[[Page], list[str]], meeting: str, theme: str, size: str
) -> None:
    page = browse(size, theme=theme, card=CARD)
    for path in ("/", "/meetings/", f"/meetings/{meeting}/"):
        page.goto(path)
        assert axe(page) == [], path
    open_paper(page, meeting)
    assert axe(page) == []
