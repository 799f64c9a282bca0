"""Around the vote: the consent list, taking no part, a point of order, the presenter, the roll call."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.live_hands import face, press, send
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

LISTED = (
    "import django; django.setup(); from meetings.models import AgendaItem; "
    "first = AgendaItem.objects.order_by('sort_order', 'pk')[0]; "
    "AgendaItem.objects.exclude(pk=first.pk).update(consent=True)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own: here a meeting runs."""
    with serve(tmp_path_factory.mktemp("desk")) as served:
        yield served


@pytest.fixture(scope="module")
def meeting(site: Site) -> str:
    pk = site.python("-m", "tests.browser.live_cast").strip()
    site.python("-c", LISTED)
    return pk


def test_around_the_vote(browse: Browse, meeting: str, axe: Callable[..., list[str]]) -> None:
    desk = browse("desktop", card="secretariat")
    desk.goto(f"/meetings/{meeting}/desk/")
    member = browse("phone", card="member")
    member.goto(f"/meetings/{meeting}/live/")
    second = browse("desktop", card="member-2")
    second.goto(f"/meetings/{meeting}/live/")
    for page in (member, second):
        press(page, "Tôi có mặt")
        expect(face(page)).to_contain_text("Đã ghi nhận có mặt")
    press(desk, "Khai mạc phiên họp")
    _consent(desk, member, axe)
    press(desk, "Sang nội dung 1")
    _no_part(desk, member, axe)
    _order(desk, second, axe)
    _page(desk, member, second)
    _roll(desk, axe)


def _consent(desk: Page, member: Page, axe: Callable[..., list[str]]) -> None:
    """The list is adopted from the keyboard; what it holds was in view of who may bring an item up."""
    member.locator("summary", has_text="1 nội dung sẽ thông qua không thảo luận").click()
    expect(member.get_by_role("button", name="Đưa nội dung 2 ra thảo luận")).to_be_visible()
    assert axe(member) == []
    desk.get_by_role("button", name="Thông qua 1 nội dung không thảo luận").first.press("Enter")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("Nghị quyết về nhà ở xã hội")
    assert axe(desk) == []
    # For half a second after something has moved no press is taken: it may have been meant for another thing.
    expect(desk.locator(".is-settling")).to_have_count(0)
    dialog.get_by_role("button", name="Gõ búa: thông qua 1 nội dung").press("Enter")
    adopted = desk.locator(".desk__run .run", has_text="nhà ở xã hội")
    expect(adopted).to_contain_text("thông qua không thảo luận")
    expect(dialog).to_be_hidden()
    expect(member.get_by_text("sẽ thông qua không thảo luận")).to_have_count(0)


def _no_part(desk: Page, member: Page, axe: Callable[..., list[str]]) -> None:
    press(member, "Tôi rút khỏi nội dung này")
    dialog = member.get_by_role("dialog")
    assert axe(member) == []
    dialog.get_by_label("Xung đột lợi ích").check()
    dialog.get_by_role("button", name="Rút khỏi nội dung này").press("Enter")
    expect(member.get_by_text("Ông/bà đã rút khỏi nội dung này.")).to_be_visible()
    press(desk, "Rút khỏi nội dung: 1")
    expect(desk.get_by_role("dialog")).to_contain_text("Xung đột lợi ích")
    assert axe(desk) == []
    desk.get_by_role("dialog").get_by_role("button", name="Đóng").click()


def _order(desk: Page, second: Page, axe: Callable[..., list[str]]) -> None:
    press(second, "Ý kiến về thủ tục")
    expect(desk.locator(".speaker__point")).to_have_text("Ý kiến về thủ tục")
    press(desk, "Mời Second phát biểu")
    expect(second.locator(".live__speaker .label")).to_have_text("Ý kiến về thủ tục")
    press(desk, "Dừng lời")
    press(desk, "Thời gian phát biểu")
    expect(desk.get_by_role("dialog")).to_contain_text("Second")
    assert axe(desk) == []
    desk.get_by_role("dialog").get_by_role("button", name="Đóng").click()


def _page(desk: Page, member: Page, second: Page) -> None:
    """Who follows is taken along; a hand on the paper ends it until the switch is pressed."""
    paper = second.locator(".live__paper-name .small")
    expect(paper).to_contain_text("1")
    state = second.evaluate("JSON.parse(document.getElementById('live-config').textContent).api")
    version = second.evaluate(
        "url => fetch(url + 'state').then(a => a.json()).then(f => f.state.current.draft.version_id)", state
    )
    assert send(desk, "present", version_id=version, page=2)["status"] == 200
    expect(paper).to_have_text("Trang 2/2")
    expect(member.locator(".live__presented")).to_have_count(1)
    second.locator(".live__frame").press("Home")
    switch = second.get_by_role("button", name="Theo người trình bày")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(paper).to_have_text("Trang 2/2")


def _roll(desk: Page, axe: Callable[..., list[str]]) -> None:
    desk.get_by_role("link", name="Gọi tên biểu quyết trên giấy").click()
    expect(desk.locator(".roll-call__list > li")).to_have_count(3)
    assert axe(desk) == []
    desk.emulate_media(media="print")
    expect(desk.locator(".roll-call__signed")).to_be_visible()
