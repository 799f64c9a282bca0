"""Votes beyond the plain motion, on screens: a proxy, an amendment, options, the proof of a ballot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.browser.live_hands import cast, choice, face, press, send
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

ALLOW = "import django; django.setup(); from meetings.models import Body; Body.objects.update(proxies=1)"
WORDS = "Thời hạn lấy ý kiến là 30 ngày."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With the ticker, which places ballots in the ledger."""
    with serve(tmp_path_factory.mktemp("votes")) as served, served.parts("tick"):
        yield served


@pytest.fixture(scope="module")
def meeting(site: Site) -> str:
    made = site.python("-m", "tests.browser.live_cast").strip()
    site.python("-c", ALLOW)
    return made


@dataclass
class Room:
    desk: Page
    chair: Page
    member: Page
    wall: Page


@pytest.fixture
def room(browse: Browse, meeting: str) -> Room:
    seats = {
        "desk": ("desktop", "secretariat", "desk"),
        "chair": ("tablet", "chair", "live"),
        "member": ("phone", "member", "live"),
        "wall": ("desktop", "secretariat", "wall"),
    }
    pages = {}
    for name, (size, card, place) in seats.items():
        pages[name] = browse(size, card=card)
        pages[name].goto(f"/meetings/{meeting}/{place}/")
    return Room(**pages)


def test_a_proxy_an_amendment_and_options(room: Room, axe: Callable[[Page], list[str]]) -> None:
    for member in (room.chair, room.member):
        press(member, "Tôi có mặt")
        expect(face(member)).to_contain_text("Đã ghi nhận có mặt")
    _give_a_proxy(room.desk, axe)
    press(room.desk, "Khai mạc phiên họp")
    press(room.desk, "Sang nội dung 1")
    _put_an_amendment(room.desk)
    expect(room.member.locator(".amendment")).to_contain_text(WORDS)
    expect(room.wall.locator(".amendment")).to_contain_text(WORDS)
    _cast_for_two(room, axe)
    _close(room.desk)
    expect(room.wall.locator(".verdict__answer")).to_have_text("Được thông qua")
    expect(room.desk.locator(".desk__vote")).to_contain_text("Second (Member biểu quyết thay)")
    _hold_the_proof(room.member)
    _choose_an_option(room, axe)
    _vote_again(room)


def _give_a_proxy(desk: Page, axe: Callable[[Page], list[str]]) -> None:
    desk.get_by_role("button", name="Ủy quyền biểu quyết").click()
    dialog = desk.get_by_role("dialog", name="Ủy quyền biểu quyết")
    dialog.get_by_label("Thành viên vắng mặt").select_option(label="Second")
    dialog.get_by_label("Người biểu quyết thay").select_option(label="Member")
    record = dialog.get_by_role("button", name="Ghi nhận ủy quyền")
    expect(record).to_be_disabled()
    dialog.get_by_label("Văn bản ủy quyền đã nhận").fill("Công văn số 12")
    record.click()
    expect(dialog.locator(".roll__row")).to_contain_text("Second (Member biểu quyết thay)")
    expect(dialog.locator(".roll__row")).to_contain_text("Công văn số 12")
    assert axe(desk) == []
    dialog.get_by_role("button", name="Đóng").click()


def _put_an_amendment(desk: Page) -> None:
    desk.get_by_label("Nội dung sửa đổi", exact=True).check()
    desk.get_by_label("Điều, khoản được sửa đổi").fill("Khoản 2 Điều 3")
    desk.get_by_label("Nội dung mới").fill(WORDS)
    press(desk, "Mở biểu quyết")
    expect(desk.locator(".desk__turnout")).to_contain_text("0/3")


def _mandate(page: Page, name: str) -> Locator:
    return face(page).locator(".mandate").filter(has_text=name)


def _cast_for_two(room: Room, axe: Callable[[Page], list[str]]) -> None:
    """Each mandate has its own mark, which neither a push nor a look at the other takes back."""
    page = room.member
    expect(face(page).locator(".mandate")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    choice(page, "Tán thành").click()
    _mandate(page, "Thay Second").click()
    expect(choice(page, "Tán thành")).not_to_have_attribute("aria-pressed", "true")
    choice(page, "Không tán thành").click()
    place = choice(page, "Không tán thành").bounding_box()
    cast(room.chair, "Tán thành")
    expect(room.wall.locator(".wall__big")).to_have_text("1/3")
    expect(choice(page, "Không tán thành")).to_have_attribute("aria-pressed", "true")
    assert choice(page, "Không tán thành").bounding_box() == place
    page.reload()
    expect(choice(page, "Không tán thành")).to_have_attribute("aria-pressed", "true")
    assert axe(page) == []
    _mandate(page, "Phiếu của tôi").click()
    expect(choice(page, "Tán thành")).to_have_attribute("aria-pressed", "true")
    face(page).get_by_role("button", name="Bỏ phiếu: Tán thành").click()
    expect(_mandate(page, "Phiếu của tôi")).to_contain_text("Tán thành")
    press(page, "Phiếu tiếp theo: Thay Second")
    face(page).get_by_role("button", name="Bỏ phiếu: Không tán thành").click()
    expect(_mandate(page, "Thay Second")).to_contain_text("Không tán thành")
    assert axe(page) == []
    expect(room.desk.locator(".desk__turnout")).to_contain_text("3/3")


def _close(desk: Page) -> None:
    press(desk, "Kết thúc biểu quyết")
    desk.get_by_role("dialog").get_by_role("button", name="Kết thúc, công bố").click()
    expect(desk.locator(".desk__vote .verdict__answer")).to_be_visible()


def _hold_the_proof(page: Page) -> None:
    """One proof for each ballot, once the ledger has placed it."""
    own = face(page).locator(".ballot__own li")
    expect(own).to_have_count(2)
    expect(own.get_by_role("link", name="Lưu bằng chứng")).to_have_count(2)
    with page.expect_download() as waiting:
        own.nth(1).get_by_role("link").click()
    kept = waiting.value.path().read_text()
    assert '"choice":"against"' in kept
    assert "c2sp.org/tlog-proof@v1" in kept


def _choose_an_option(room: Room, axe: Callable[[Page], list[str]]) -> None:
    press(room.desk, "Đưa ra câu hỏi khác")
    room.desk.get_by_label("Nhiều phương án", exact=True).check()
    press(room.desk, "Thêm phương án")
    for letter, words in (("A", "Đà Nẵng"), ("B", "Cần Thơ"), ("C", "Huế")):
        room.desk.get_by_label(f"Phương án {letter}", exact=True).fill(words)
    assert axe(room.desk) == []
    press(room.desk, "Mở biểu quyết")
    expect(face(room.member).locator(".vote")).to_have_count(5)
    choice(room.member, "Huế").click()
    cast(room.chair, "Huế")
    expect(room.wall.locator(".wall__big")).to_have_text("1/3")
    expect(choice(room.member, "Huế")).to_have_attribute("aria-pressed", "true")
    assert axe(room.member) == []
    face(room.member).get_by_role("button", name="Bỏ phiếu: Huế").click()
    press(room.member, "Phiếu tiếp theo: Thay Second")
    cast(room.member, "Đà Nẵng")
    _close(room.desk)
    expect(room.wall.locator(".verdict__reason")).to_contain_text("Huế")
    expect(room.wall.locator(".wall__tally div").nth(2)).to_contain_text("Huế")
    expect(room.wall.locator(".seat--option .seat__letter").first).to_be_visible()
    assert axe(room.wall) == []


def _vote_again(room: Room) -> None:
    press(room.desk, "Biểu quyết lại")
    dialog = room.desk.get_by_role("dialog")
    dialog.get_by_label("Lý do").fill("Có thành viên bấm nhầm")
    dialog.get_by_role("button", name="Biểu quyết lại").click()
    expect(face(room.member).locator(".vote")).to_have_count(5)
    expect(room.member.locator(".live__room")).to_contain_text("Biểu quyết lại: Có thành viên bấm nhầm")
    refused = send(room.desk, "adjourn")
    assert (refused["status"], refused["code"]) == (409, "poll_open")
    for member in (room.chair, room.member):
        cast(member, "Cần Thơ")
    _close(room.desk)
    gone = room.desk.locator(".votes-before__gone")
    expect(gone).to_have_count(1)
    expect(gone).to_contain_text("đã biểu quyết lại")
