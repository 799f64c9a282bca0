"""The clerk's agenda board and papers in a browser: order, uploads, and what happens when things go wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.browser.site import Site, serve
from tests.cast import pdf

pytestmark = pytest.mark.browser

SLOW_MS = 30_000
PREPARE = """
import django; django.setup()
import json
from datetime import timedelta
from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from meetings.actions import agenda, dossiers
from meetings.enums import DocumentRole, ItemKind
from meetings.models import Body
clerk, body = User.objects.get(email__startswith="thu-ky@"), Body.objects.get()
ministry, starts = Agency.objects.get(code="G13"), clock.now() + timedelta(days=9)
meeting = agenda.create_meeting(
    actor=clerk, body=body, title="Phiên họp", starts_at=starts, ends_at=starts + timedelta(hours=2)
)
items = [
    agenda.add_item(
        actor=clerk, meeting=meeting, title=title, kind=ItemKind.DISCUSSION, sponsor=ministry
    )
    for title in ("Một", "Hai", "Ba")
]
dossier = dossiers.create_dossier(actor=clerk, agency=ministry, title="Hồ sơ", item=items[0])
for role, title in ((DocumentRole.STATEMENT, "Tờ trình"), (DocumentRole.APPENDIX, "Phụ lục")):
    dossiers.add_document(actor=clerk, dossier=dossier, role=role, title=title)
print(json.dumps([meeting.pk, dossier.pk]))
"""


@dataclass(frozen=True)
class Work:
    """Addresses of one prepared meeting."""

    board: str
    papers: str
    distribute: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("clerk")) as served:
        served.python("-m", "tests.browser.house")
        yield served


@pytest.fixture
def work(site: Site) -> Work:
    """A meeting of three items of its own for each test; the first has a dossier of two papers."""
    meeting, dossier = json.loads(site.python("-c", PREPARE).splitlines()[-1])
    admin = f"/admin/meetings/{meeting}"
    return Work(f"{admin}/board/", f"/admin/dossiers/{dossier}/papers/", f"{admin}/distribute/")


@pytest.fixture
def page(browse: Browse) -> Page:
    opened = browse("desktop", card="secretariat")
    opened.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    return opened


def titles(page: Page) -> Locator:
    return page.locator(".slot__title")


def drag(page: Page, what: int, onto: int) -> None:
    """Carries an item; lets go once the list has made room for it, as a hand that looks does."""
    grips, title = page.locator("[data-grip]"), titles(page).nth(what).inner_text()
    start, end = grips.nth(what).bounding_box(), grips.nth(onto).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 8, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + 40, steps=8)
    for step in range(50):  # a list that was just changing looks again only when the pointer moves
        page.mouse.move(end["x"] + 8, end["y"] - 10 + step % 2, steps=8)
        if titles(page).nth(onto).inner_text() == title:
            break
        page.wait_for_timeout(100)
    page.mouse.up()


def paper(page: Page, title: str) -> Locator:
    return page.locator("section.paper", has=page.get_by_role("heading", name=title, exact=True))


def choose(row: Locator, path: Path) -> None:
    row.locator("input[type=file]").set_input_files(path)


def send(row: Locator) -> None:
    row.get_by_role("button", name="Tải lên và kiểm tra").click()


def test_items_are_ordered_by_drag_by_buttons_and_by_keys(page: Page, work: Work) -> None:
    page.goto(work.board)
    drag(page, 2, 0)
    expect(page.get_by_role("status").get_by_text("Đã đưa “Ba” tới thứ 1.")).to_be_visible()
    expect(titles(page)).to_have_text(["Ba", "Một", "Hai"])
    page.get_by_role("button", name="Hoàn tác").click()
    expect(titles(page)).to_have_text(["Một", "Hai", "Ba"])
    titles(page).first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(titles(page)).to_have_text(["Hai", "Một", "Ba"])
    page.get_by_role("button", name="Đưa nội dung 3 lên").click()
    expect(titles(page)).to_have_text(["Hai", "Ba", "Một"])
    page.reload()
    expect(titles(page)).to_have_text(["Hai", "Ba", "Một"])


def test_who_comes_second_is_told_and_sees_the_stored_order(page: Page, work: Work) -> None:
    page.goto(work.board)
    other = page.context.new_page()
    other.goto(work.board)
    other.get_by_role("button", name="Đưa nội dung 1 xuống").click()
    expect(titles(other)).to_have_text(["Hai", "Một", "Ba"])
    drag(page, 2, 0)
    expect(page.get_by_role("alert")).to_contain_text("Người khác đã sửa")
    expect(page.get_by_role("alert")).not_to_contain_text("Tới lỗi đầu tiên")
    expect(titles(page)).to_have_text(["Hai", "Một", "Ba"])


BREAK_OFF = """() => {
    const text = Response.prototype.text;
    Response.prototype.text = () => {
        Response.prototype.text = text;
        return Promise.reject(new TypeError("network error"));
    };
}"""


def test_an_answer_that_breaks_off_does_not_stop_the_board(page: Page, work: Work) -> None:
    page.goto(work.board)
    page.evaluate(BREAK_OFF)
    page.get_by_role("button", name="Đưa nội dung 1 xuống").click()
    expect(page.get_by_role("alert")).to_contain_text("Máy chủ không trả lời")
    page.get_by_role("button", name="Đưa nội dung 1 xuống").click()
    expect(titles(page)).to_have_text(["Hai", "Ba", "Một"])


def test_an_ended_session_leaves_the_order_as_it_was(page: Page, work: Work) -> None:
    page.goto(work.board)
    page.context.clear_cookies(name="sessionid")
    drag(page, 2, 0)
    expect(page.get_by_role("alert")).to_contain_text("Phiên làm việc đã hết.")
    expect(titles(page)).to_have_text(["Một", "Hai", "Ba"])
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.locator('form[action^="/demo/enter/secretariat/"] button').click()
    page.goto(work.board)
    expect(titles(page)).to_have_text(["Một", "Hai", "Ba"])


def test_the_control_for_files_is_in_words_and_works_by_keyboard(
    page: Page, work: Work, tmp_path: Path
) -> None:
    # Listening before the page is there: asked for beside a press, the browser may still show its own window.
    page.on("filechooser", lambda chooser: None)
    page.goto(work.papers)
    row = paper(page, "Tờ trình")
    expect(row.get_by_text("Chọn tệp PDF")).to_be_visible()
    row.locator("input[type=file]").focus()
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Enter")
    asked.value.set_files(pdf(tmp_path, "to-trinh.pdf"))
    expect(row.get_by_text("to-trinh.pdf · 0,0 MB")).to_be_visible()
    send(row)
    expect(row.get_by_role("status")).to_have_text("Đã nhận: Tờ trình, phiên bản 1, 2 trang.")
    expect(row.get_by_role("link", name="Phiên bản 1")).to_be_visible()


def test_a_file_is_dragged_onto_its_paper(page: Page, work: Work, tmp_path: Path) -> None:
    page.goto(work.papers)
    row, data = paper(page, "Phụ lục"), pdf(tmp_path).read_bytes().hex()
    carried = page.evaluate_handle(
        """([name, hex]) => {
            const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name, { type: "application/pdf" }));
            return carried;
        }""",
        ["phu-luc.pdf", data],
    )
    row.dispatch_event("dragover", {"dataTransfer": carried})
    expect(page.locator("section.paper.is-over")).to_have_count(1)
    row.dispatch_event("drop", {"dataTransfer": carried})
    expect(row.get_by_text("phu-luc.pdf")).to_be_visible()
    send(row)
    expect(row.get_by_role("link", name="Phiên bản 1")).to_be_visible()
    expect(paper(page, "Tờ trình").get_by_role("link", name="Phiên bản 1")).to_have_count(0)


def test_uploads_that_fail_say_why_and_take_nothing_in(page: Page, work: Work, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_text("no PDF")
    page.goto(work.papers)
    row = paper(page, "Tờ trình")
    choose(row, bad)
    send(row)
    expect(row.get_by_role("alert")).to_contain_text("không phải PDF")
    choose(row, pdf(tmp_path, "good.pdf"))
    expect(row.get_by_role("alert")).to_have_count(0)
    page.context.clear_cookies(name="sessionid")
    send(row)
    expect(row.get_by_role("status")).to_contain_text("Phiên làm việc đã hết. Tệp chưa được nhận.")
    again = row.get_by_role("link", name="Đăng nhập lại")
    expect(again).to_have_attribute("href", f"/account/login/?next={quote(work.papers, safe='')}")
    expect(row.get_by_role("link", name="Phiên bản 1")).to_have_count(0)


def test_after_a_broken_connection_the_upload_can_be_repeated(
    browse: Browse, page: Page, work: Work, tmp_path: Path
) -> None:
    page.goto(work.papers)
    row = paper(page, "Tờ trình")
    choose(row, pdf(tmp_path, "good.pdf"))
    page.route("**/upload/", lambda route: route.abort())
    send(row)
    expect(row.get_by_role("status")).to_contain_text("chưa biết tệp đã được nhận hay chưa")
    page.unroute("**/upload/")
    send(row)
    expect(row.get_by_role("link", name="Phiên bản 1")).to_be_visible()
    # What Chromium itself writes about the connection that was cut on purpose.
    browse.problems[:] = [each for each in browse.problems if "net::ERR_FAILED" not in each]


def test_a_double_click_distributes_once(page: Page, work: Work, tmp_path: Path) -> None:
    page.goto(work.papers)
    for title in ("Tờ trình", "Phụ lục"):
        choose(paper(page, title), pdf(tmp_path, f"{len(title)}.pdf"))
        send(paper(page, title))
        expect(paper(page, title).get_by_role("link", name="Phiên bản 1")).to_be_visible()
    page.goto(work.board)
    for left in ("Ba", "Hai"):
        row = page.locator("[data-item]", has=page.get_by_role("link", name=left, exact=True))
        row.get_by_role("button", name="Để lại phiên sau").click()
        expect(titles(page).filter(has_text=left)).to_have_count(1)
        expect(page.locator(".slots--off")).to_contain_text(left)
    page.goto(work.distribute)
    page.get_by_role("button", name="Phát hành tới").dblclick()
    page.wait_for_url(f"**{work.board}")
    page.get_by_role("link", name="Đã phát hành gì cho ai").click()
    expect(page.get_by_role("heading", name="Phát hành lần")).to_have_count(1)
