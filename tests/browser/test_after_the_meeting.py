"""When the meeting is over: its course is stepped through, its minutes are written, sent and remarked on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

HELD = """
import django; django.setup()
from meetings.actions import live
from meetings.models import Meeting
from ecabinet.accounts.models import User
meeting, clerk = Meeting.objects.get(), User.objects.get(email__startswith="thu-ky@")
item = meeting.items.order_by("sort_order").first()
word = {"actor": clerk, "meeting_id": meeting.pk}
live.start(**word)
live.call_item(**word, item_id=item.pk)
live.record_conclusion(**word, item_id=item.pk, text="Giao Bộ Y tế hoàn thiện.")
live.adjourn(**word)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("after")) as served:
        yield served


@pytest.fixture(scope="module")
def meeting(site: Site) -> str:
    """A meeting of four events that is over."""
    made = site.python("-m", "tests.browser.live_cast").strip()
    site.python("-c", HELD)
    return made


def test_the_slider_goes_through_the_meeting(browse: Browse, meeting: str) -> None:
    page = browse(card="member")
    page.goto(f"/meetings/{meeting}/replay/?seq=1")
    expect(page.locator("#happened")).to_have_text("Khai mạc phiên họp")
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("End")
    expect(page.locator("#happened")).to_have_text("Bế mạc phiên họp")
    expect(slider).to_be_focused()
    slider.press("ArrowLeft")
    expect(page.locator("#happened")).to_contain_text("Ghi kết luận")
    expect(page.locator('.replay__log [aria-current="step"]')).to_contain_text("Ghi kết luận")
    assert browse.problems == []


def test_it_works_without_scripts(browse: Browse, meeting: str) -> None:
    page = browse(card="member", java_script_enabled=False)
    page.goto(f"/meetings/{meeting}/replay/?seq=0")
    page.get_by_role("link", name="Sau").click()
    expect(page.locator("#happened")).to_have_text("Khai mạc phiên họp")
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("End")
    page.get_by_role("button", name="Hiện", exact=True).click()
    expect(page.locator("#happened")).to_have_text("Bế mạc phiên họp")


def test_minutes_from_the_secretariat_to_a_member_and_back(browse: Browse, meeting: str) -> None:
    clerk = browse(card="secretariat")
    clerk.goto(f"/meetings/{meeting}/")
    clerk.get_by_role("link", name="Biên bản").click()
    clerk.get_by_role("button", name="Lập biên bản").click()
    clerk.get_by_label("Diễn biến nội dung 1").fill("Bộ Y tế trình bày tờ trình.")
    clerk.get_by_role("button", name="Lưu").click()
    clerk.get_by_role("button", name="Gửi các thành viên").click()
    expect(clerk.get_by_text("Đã gửi các thành viên, bản thứ 1")).to_be_visible()
    member = browse("phone", card="member")
    member.goto("/")
    member.get_by_role("link", name="Đọc và góp ý").click()
    expect(member.get_by_text("Bộ Y tế trình bày tờ trình.")).to_be_visible()
    expect(member.get_by_text("Giao Bộ Y tế hoàn thiện.")).to_be_visible()
    member.get_by_text("Góp ý về nội dung này").first.click()
    member.get_by_label("Góp ý", exact=True).first.fill("Đề nghị ghi rõ thời hạn.")
    member.get_by_role("button", name="Gửi góp ý").first.click()
    expect(member.get_by_text("Đề nghị ghi rõ thời hạn.")).to_be_visible()
    clerk.reload()
    expect(clerk.get_by_text("Đề nghị ghi rõ thời hạn.")).to_be_visible()
    assert browse.problems == []
