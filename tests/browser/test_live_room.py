"""Desk, three members and the wall in one meeting: from checking in to the verdict on every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.live_hands import cast, choice, face, press
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
# Five browsers and a server share the machine: what is waited for may take its time.
expect.set_options(timeout=60_000)

ITEM = "Nghị quyết về an ninh nguồn nước"
LOOK = (
    "import django; django.setup(); from ecabinet.accounts.models import User; "
    "User.objects.update(language='{lang}', theme='{theme}')"
)
CUT_OFF = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own: here a meeting runs, and what one test leaves is what the next one finds."""
    with serve(tmp_path_factory.mktemp("live")) as served:
        yield served


@pytest.fixture(scope="module")
def meeting(site: Site) -> str:
    return site.python("-m", "tests.browser.live_cast").strip()


@dataclass
class Room:
    desk: Page
    chair: Page
    member: Page
    second: Page
    wall: Page

    @property
    def members(self) -> tuple[Page, Page, Page]:
        return self.chair, self.member, self.second

    @property
    def screens(self) -> tuple[Page, ...]:
        return self.desk, *self.members, self.wall


@pytest.fixture
def room(browse: Browse, meeting: str) -> Iterator[Room]:
    """Everybody in the room, each in a browser of their own."""
    seats = {
        "desk": ("desktop", "secretariat", "desk"),
        "chair": ("tablet", "chair", "live"),
        "member": ("phone", "member", "live"),
        "second": ("desktop", "member-2", "live"),
        "wall": ("desktop", "secretariat", "wall"),
    }
    pages = {}
    for name, (size, card, place) in seats.items():
        pages[name] = browse(size, card=card)
        pages[name].goto(f"/meetings/{meeting}/{place}/")
    yield Room(**pages)
    # Where a test cuts the network, Chromium says so on the console.
    browse.problems[:] = [problem for problem in browse.problems if CUT_OFF not in problem]


def test_a_meeting_from_check_in_to_the_verdict_on_every_screen(
    room: Room, axe: Callable[[Page], list[str]]
) -> None:
    for member in room.members:
        press(member, "Tôi có mặt")
        expect(face(member)).to_contain_text("Đã ghi nhận có mặt")
    expect(room.desk.locator(".desk__turnout")).to_contain_text("3/3")
    press(room.desk, "Khai mạc phiên họp")
    press(room.desk, "Sang nội dung 1")
    for screen in room.screens:
        expect(screen.locator("h1")).to_have_text(ITEM)

    press(room.second, "Xin phát biểu")
    press(room.desk, "Mời Second phát biểu")
    for screen in room.screens:
        expect(screen.get_by_role("timer")).to_be_visible()
    press(room.desk, "1 phút")
    expect(room.wall.locator(".wall__clock")).to_contain_text("6 phút")

    press(room.desk, "Mở biểu quyết")
    for member in room.members:
        expect(face(member).locator(".vote")).to_have_count(3)
    assert axe(room.member) == []
    _vote(room)
    _close(room, axe)


def _vote(room: Room) -> None:
    """A push leaves a half-filled ballot alone; a ballot can be changed; a reload ends on the same screen."""
    choice(room.member, "Không tán thành").click()
    marked = choice(room.member, "Không tán thành")
    before = marked.bounding_box()
    cast(room.second, "Tán thành")
    expect(room.wall.locator(".wall__big")).to_have_text("1/3")
    expect(marked).to_have_attribute("aria-pressed", "true")
    assert marked.bounding_box() == before
    cast(room.member, "Không tán thành")
    press(room.member, "Đổi phiếu trước khi kết thúc")
    cast(room.member, "Tán thành")
    receipt = face(room.member).locator(".receipt__facts").inner_text()
    room.member.reload()
    expect(face(room.member).locator(".receipt__facts")).to_have_text(receipt, use_inner_text=True)
    expect(room.desk.locator(".desk__turnout")).to_contain_text("2/3")
    _lose_the_network(room.chair)


def _lose_the_network(page: Page) -> None:
    """What was marked stays; nothing can be cast, and nothing is kept back to be sent later."""
    choice(page, "Tán thành").click()
    page.context.set_offline(True)
    expect(face(page)).to_contain_text("Chưa bỏ được phiếu lúc này.")
    expect(page.get_by_text("Mất nối")).to_be_visible()
    page.context.set_offline(False)
    expect(choice(page, "Tán thành")).to_have_attribute("aria-pressed", "true")


def _close(room: Room, axe: Callable[[Page], list[str]]) -> None:
    """Who has not voted is named before the vote is closed; one verdict stands everywhere."""
    room.second.context.set_offline(True)
    expect(room.second.get_by_text("Mất nối")).to_be_visible()
    press(room.desk, "Kết thúc biểu quyết")
    dialog = room.desk.get_by_role("dialog")
    expect(dialog).to_contain_text("Chair")
    assert axe(room.desk) == []
    dialog.get_by_role("button", name="Kết thúc, công bố").click()
    sentence = room.desk.locator(".desk__vote .verdict__reason")
    expect(sentence).to_contain_text("2")
    words = sentence.inner_text()
    room.second.context.set_offline(False)
    for screen in (*room.members, room.wall):
        expect(screen.locator(".verdict__answer")).to_have_text("Được thông qua")
        expect(screen.locator(".verdict__reason")).to_have_text(words)
    expect(room.desk.get_by_role("link", name="Soạn quyết định trình ký")).to_be_visible()


def test_what_is_typed_is_saved_and_never_overwritten(room: Room) -> None:
    field = room.desk.get_by_label("Kết luận của chủ tọa")
    field.press_sequentially("Giao Bộ Y tế chủ trì")
    expect(room.desk.locator(".desk__conclusion [role=status]")).to_contain_text("đã lưu")
    field.press_sequentially(" ")
    press(room.chair, "Xin phát biểu")
    expect(room.desk.locator(".speakers .speaker")).to_have_count(1)
    expect(field).to_have_value("Giao Bộ Y tế chủ trì ")
    room.desk.reload()
    expect(field).to_have_value("Giao Bộ Y tế chủ trì")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_screen_is_accessible(
    browse: Browse, axe: Callable[[Page], list[str]], meeting: str, lang: str, theme: str
) -> None:
    browse.site.python("-c", LOOK.format(lang=lang, theme=theme))
    places = [("phone", "member", "live"), ("desktop", "member", "live")]
    places += [
        ("tablet", "secretariat", "desk"),
        ("desktop", "secretariat", "desk"),
        ("desktop", "chair", "wall"),
    ]
    for size, card, place in places:
        page = browse(size, lang=lang, card=card, theme=theme)
        page.goto(f"/meetings/{meeting}/{place}/")
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.get_by_role("status").first).to_be_attached()
        assert axe(page) == [], (place, size)
        overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert page.evaluate(overflow) is False, f"{place} is wider than the {size} screen"
