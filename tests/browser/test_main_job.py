"""The main job from end to end, each person in a browser of their own.

Prepare → distribute → read → position → call → floor → poll → close → verdict → sign → archive →
search → verify: once on the embedded parts with one server, once on PostgreSQL, Redis and
Elasticsearch with two.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from ecabinet.demo.content.agendas import NOW
from ecabinet.demo.content.papers import papers_of, printed
from tests.browser.conftest import Browse
from tests.browser.site import Site, running, serve
from tests.services import free_port

pytestmark = pytest.mark.browser

TITLE = "Bảo đảm an ninh nguồn nước"
CARDS = ("secretariat", "chair", "member", "member-2", "member-3", "member-4", "member-5", "archivist")
MEMBERS = CARDS[2:7]
WATER = NOW[2]
# The worker prints, seals and archives in the background; the page shows each step as it happens.
SLOW_MS = 60_000


@dataclass
class People:
    """One page for each card."""

    pages: dict[str, Page]

    def __getitem__(self, card: str) -> Page:
        return self.pages[card]

    @property
    def members(self) -> list[Page]:
        return [self.pages[card] for card in MEMBERS]


@contextlib.contextmanager
def house(folder: Path, *, second_server: bool) -> Iterator[tuple[Site, Site]]:
    """A site with its people, worker and ticker; the second site is the same one by another server."""
    with serve(folder) as site, contextlib.ExitStack() as stack:
        site.python("-m", "tests.browser.house")
        stack.enter_context(site.parts("worker", "signer", "tick"))
        other = site
        if second_server:
            port = free_port()
            other = Site(f"http://localhost:{port}", {**site.environment, "ECABINET_PORT": str(port)})
            stack.enter_context(running(other, port, folder / "second.log"))
        yield site, other


def enter(chromium: Browser, sites: tuple[Site, Site]) -> tuple[Browse, Browse, People]:
    """Everybody signed in by their role card; every other person on the other server."""
    browsers = Browse(chromium, sites[0]), Browse(chromium, sites[1])
    pages = {card: browsers[place % 2]("desktop", card=card) for place, card in enumerate(CARDS)}
    for page in pages.values():
        page.set_default_timeout(15_000)
    return *browsers, People(pages)


def press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


class MainJob:
    """The steps in their order; each leaves what the next one needs."""

    def __init__(self, people: People, folder: Path) -> None:
        self.people, self.folder = people, folder
        self.clerk = people["secretariat"]
        self.meeting = self.item = self.notation = ""

    def prepare(self) -> None:
        page, starts = self.clerk, timezone.localtime() + timedelta(minutes=10)
        page.goto("/admin/meetings/new/")
        page.fill("[name=title]", "Phiên họp kiểm thử")
        page.fill("[name=starts_at]", f"{starts:%d/%m/%Y %H:%M}")
        page.fill("[name=ends_at]", f"{starts + timedelta(hours=2):%d/%m/%Y %H:%M}")
        # By keyboard: the calendar of the last field opens when it likes, and may lie over the button.
        page.locator("form button[type=submit]").last.press("Enter")
        page.wait_for_url(re.compile(r"/admin/meetings/(\d+)/board/"))
        self.meeting = re.findall(r"/meetings/(\d+)/", page.url)[0]
        page.goto(f"/admin/items/new/?meeting={self.meeting}")
        page.fill("[name=title]", TITLE)
        page.fill("[name=minutes]", "30")
        page.locator("form button[type=submit]").last.click()
        page.wait_for_url(re.compile("/board/"))
        self.item = page.locator("[data-item]").first.get_attribute("data-item") or ""
        self._submit_dossier(page)

    def _submit_dossier(self, page: Page) -> None:
        page.goto(f"/admin/dossiers/new/?item={self.item}")
        page.locator("#id_agency-chooser [data-chooser-action-choose]:visible").first.click()
        page.locator(".modal-body").get_by_role("link", name="Bộ Y tế").click()
        page.fill("[name=title]", TITLE)
        papers = list(papers_of(WATER, "Bộ Y tế", timezone.localdate()))
        for place, paper in enumerate(papers):
            page.locator("#id_documents-ADD").click()
            page.locator(f"[name=documents-{place}-role]").select_option(paper.role.value)
            page.fill(f"[name=documents-{place}-title]", paper.title)
        page.locator("form button[type=submit]").last.click()
        page.wait_for_url(re.compile(r"/dossiers/\d+/papers/"))
        for paper in papers:
            path = self.folder / f"{paper.role.value}.pdf"
            path.write_bytes(printed(paper))
            section = page.locator("section.paper", has_text=paper.title).first
            section.locator("input[type=file]").set_input_files(path)
            section.locator("button[type=submit]").first.click()
            expect(
                page.locator(f"section.paper:has-text('{paper.title}') .house__name").first
            ).to_be_visible()

    def distribute(self) -> None:
        page = self.clerk
        page.goto(f"/admin/meetings/{self.meeting}/distribute/")
        page.fill("[name=note]", "Họp đột xuất theo yêu cầu của Thủ tướng.")
        page.locator("form.house__form button[type=submit]").click()
        page.wait_for_url(re.compile("/board/"))

    def read(self) -> None:
        page = self.people["member"]
        page.goto(f"/meetings/{self.meeting}/")
        page.get_by_role("link", name="Dự thảo").first.click()
        expect(page.locator("[data-pages] canvas").first).to_be_visible()
        page.goto(f"/meetings/{self.meeting}/")

    def state_position(self) -> None:
        page = self.people["member"]
        page.locator(f"#stance-{self.item} summary").click()
        page.locator(f"#stance-{self.item} input[value=agree_comment]").check(force=True)
        page.locator(f"#stance-{self.item} textarea").fill("Làm rõ nguồn kinh phí.")
        press(page.locator(f"#stance-{self.item}"), "Gửi ý kiến")
        expect(page.locator(f"#stance-{self.item}")).to_contain_text("Làm rõ nguồn kinh phí.")

    def sit(self) -> None:
        desk = self.clerk
        desk.goto(f"/meetings/{self.meeting}/desk/")
        for page in (*self.people.members, self.people["chair"]):
            page.goto(f"/meetings/{self.meeting}/live/")
            press(page, "Tôi có mặt")
            expect(page.locator(".ballot__state")).to_contain_text("Đã ghi nhận có mặt")
        press(desk, "Khai mạc phiên họp")
        press(desk, "Sang nội dung 1")
        for page in self.people.members:
            expect(page.locator("h1")).to_have_text(TITLE)

    def speak(self) -> None:
        speaker, desk = self.people["member-2"], self.clerk
        press(speaker, "Xin phát biểu")
        desk.locator(".speakers .speaker button").first.click()
        expect(self.people["member-3"].get_by_role("timer")).to_be_visible()
        press(desk, "Dừng lời")
        expect(self.people["member-3"].get_by_role("timer")).to_have_count(0)

    def vote(self) -> None:
        desk = self.clerk
        press(desk, "Mở biểu quyết")
        choices = ["Tán thành"] * 4 + ["Không tán thành"]
        for page, words in zip(self.people.members, choices, strict=True):
            self._cast(page, words)
        self._cast(self.people["chair"], "Tán thành")
        expect(desk.locator(".desk__turnout")).to_contain_text("6/6")
        press(desk, "Kết thúc biểu quyết")
        press(desk.get_by_role("dialog"), "Kết thúc, công bố")
        for page in (desk, *self.people.members):
            expect(page.locator(".verdict__answer")).to_have_text("Được thông qua")
            expect(page.locator(".verdict__reason")).to_contain_text("5")

    def _cast(self, page: Page, words: str) -> None:
        face = page.locator(".ballot__state")
        face.get_by_role("button", name=words, exact=True).click()
        face.get_by_role("button", name=f"Bỏ phiếu: {words}").click()
        expect(face.get_by_text("Phiếu đã được ghi nhận")).to_be_visible()

    def decide(self) -> None:
        desk = self.clerk
        desk.get_by_role("link", name="Soạn quyết định trình ký").click()
        expect(desk.locator("[name=content]")).to_have_value(re.compile("Điều 1"))
        desk.locator("[name=public]").check()
        desk.locator("form.decision__form button[type=submit]").click()
        expect(desk.locator(".stages .is-done")).to_have_count(2, timeout=SLOW_MS)
        self.notation = desk.locator("h1 ~ *, .docno").first.inner_text().replace("\n", "").strip()

    def sign(self) -> None:
        page = self.people["chair"]
        page.goto("/sign/")
        press(page, "Ký 1 hồ sơ")
        press(page, "Ký ngay")
        expect(page.locator(".tray__sealed")).to_be_visible(timeout=SLOW_MS)
        expect(self.clerk.locator(".stages .is-done")).to_have_count(5, timeout=SLOW_MS)

    def find(self) -> None:
        page = self.people["archivist"]
        self._search(page, "01 nq cp")
        expect(page.locator(".pinned")).to_contain_text("01/NQ-CP")
        self._search(page, "nguyen tac bao ve moi truong")
        hit = page.locator(".record, .pinned").first
        expect(hit).to_contain_text(TITLE)
        hit.locator("a[href*='/read/']").first.click()
        expect(page.locator("[data-pages] canvas").first).to_be_visible()

    def _search(self, page: Page, query: str) -> None:
        """Ask until the indexer, which works in the background, has come so far."""
        deadline = time.monotonic() + SLOW_MS / 1000
        page.goto(f"/search/?q={quote_plus(query)}")
        while not page.locator(".pinned, .record").count() and time.monotonic() < deadline:
            page.reload()

    def verify(self, stranger: Page) -> None:
        page = self.people["archivist"]
        page.goto("/search/?q=01/NQ-CP")
        page.locator(".pinned h2 a").click()
        address = page.url.rstrip("/") + "/file"
        original = page.request.get(address).body()
        genuine, changed = self.folder / "genuine.pdf", self.folder / "changed.pdf"
        genuine.write_bytes(original)
        changed.write_bytes(original[:2000] + bytes([original[2000] ^ 1]) + original[2001:])
        for path, verdict in ((genuine, "genuine"), (changed, "changed")):
            stranger.goto("/verify/")
            stranger.set_input_files("#file", path)  # sent as soon as it is chosen
            expect(stranger.locator("main.verify")).to_have_attribute(
                "data-verdict", verdict, timeout=SLOW_MS
            )


def walk(chromium: Browser, folder: Path, *, second_server: bool) -> None:
    with house(folder, second_server=second_server) as sites:
        first, second, people = enter(chromium, sites)
        job = MainJob(people, folder)
        for step in (
            job.prepare,
            job.distribute,
            job.read,
            job.state_position,
            job.sit,
            job.speak,
            job.vote,
            job.decide,
            job.sign,
            job.find,
        ):
            step()
        job.verify(first("desktop"))
        for browse in (first, second):
            for context in browse.contexts:
                context.close()
        assert first.problems + second.problems == []


def test_the_main_job(chromium: Browser, tmp_path: Path) -> None:
    walk(chromium, tmp_path / "site", second_server=False)


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.elasticsearch
def test_the_main_job_with_two_servers(chromium: Browser, tmp_path: Path) -> None:
    walk(chromium, tmp_path / "site", second_server=True)
