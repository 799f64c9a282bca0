"""What goes wrong in a sitting: two screens, double taps, no sockets, a killed server, an ended session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Browse
from tests.browser.live_hands import cast, choice, face, press, send, shows_ballot
from tests.browser.site import Site, running, serve
from tests.services import free_port

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

# What Chromium itself writes to the console when a test takes the server or its socket away.
CUT_OFF = ("net::ERR_", "WebSocket connection to")
TEN_MINUTES_SLOW = "const now = Date.now; Date.now = () => now() - 600000;"
STATES = """
import django; django.setup()
from tests import cast as casting
from ecabinet.accounts.models import User
from ecabinet.demo.cards import DOMAIN
from meetings.enums import MembershipRole
from meetings.actions import bodies
from meetings.models import Body
guest = casting.person("Guest")
User.objects.filter(pk=guest.pk).update(email=f"tu-phap@{DOMAIN}")
bodies.add_member(
    actor=User.objects.get(full_name="Manager"), body=Body.objects.get(), user=guest,
    role=MembershipRole.INVITEE, starts_on=casting.LONG_AGO,
)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("troubles")) as served:
        yield served


@pytest.fixture(scope="module")
def meeting(site: Site) -> str:
    made = site.python("-m", "tests.browser.live_cast").strip()
    site.python("-c", STATES)
    return made


class Room:
    """Opens places of the one meeting; a poll that a test leaves open is cancelled after it."""

    def __init__(self, browse: Browse, meeting: str) -> None:
        self.browse = browse
        self.meeting = meeting
        self.desk = self.enter("desktop", "secretariat", "desk")

    def enter(self, size: str, card: str, place: str = "live", *, before: str = "", **options: Any) -> Page:
        page = self.browse(size, card=card, **options)
        if before:
            page.add_init_script(before)
        page.goto(f"/meetings/{self.meeting}/{place}/")
        return page

    def state(self) -> Any:
        return self.desk.evaluate(
            """async () => (await (await fetch(
                JSON.parse(document.getElementById("live-config").textContent).api + "state?audience=desk"
            )).json()).state"""
        )

    def sit(self) -> None:
        """Everybody is here and the first item is on the table, whatever ran before."""
        state = self.state()
        seats = [seat["membership_id"] for seat in state["seats"]]
        send(self.desk, "presence", presence="present", membership_ids=seats)
        if state["meeting"]["state"] == "distributed":
            send(self.desk, "start")
        if not state["current"]:
            send(self.desk, f"items/{state['programme'][0]['id']}/call")

    def ask(self, question: str = "Thông qua?") -> int:
        """Opens a poll on the current item; returns its id."""
        answer = send(self.desk, "polls", item_id=self.state()["current"]["id"], question=question)
        assert answer["status"] == 200, answer
        return int(answer["id"])

    def close(self, poll: int) -> None:
        answer = send(self.desk, f"polls/{poll}/close")
        assert answer["status"] == 200, answer

    def tidy(self) -> None:
        poll = self.state()["poll"]
        if poll and poll["state"] == "open":
            send(self.desk, f"polls/{poll['id']}/cancel")


@pytest.fixture
def room(browse: Browse, meeting: str) -> Iterator[Room]:
    made = Room(browse, meeting)
    yield made
    made.tidy()
    browse.problems[:] = [each for each in browse.problems if not any(words in each for words in CUT_OFF)]


def test_a_double_click_does_one_thing(room: Room) -> None:
    """The second click must neither repeat the first nor press what has come under the pointer."""
    room.desk.get_by_role("button", name="Khai mạc phiên họp").dblclick()
    expect(room.desk.get_by_role("button", name="Sang nội dung 1").last).to_be_visible()
    assert room.state()["current"] is None
    room.sit()
    member = room.enter("phone", "member")
    expect(room.desk.get_by_role("button", name="Mở biểu quyết")).to_be_visible()
    room.desk.get_by_role("button", name="Mở biểu quyết").dblclick()
    expect(room.desk.get_by_role("button", name="Kết thúc biểu quyết")).to_be_visible()
    choice(member, "Tán thành").dblclick()
    face(member).get_by_role("button", name="Bỏ phiếu: Tán thành").dblclick()
    shows_ballot(member, "Tán thành")
    state = room.state()
    assert (state["poll"]["turnout"], state["votes"]) == (1, 1)
    # Opens the dialog; the second click falls through it and closes nothing.
    room.desk.get_by_role("button", name="Kết thúc biểu quyết").dblclick()
    expect(room.desk.get_by_role("dialog")).to_be_visible()
    assert room.state()["poll"]["state"] == "open"


def test_two_screens_of_one_member_end_on_the_same_ballot(room: Room) -> None:
    room.sit()
    phone, tablet = room.enter("phone", "member"), room.enter("tablet", "member")
    poll = room.ask()
    for screen in (phone, tablet):
        expect(face(screen).locator(".vote")).to_have_count(3)
    cast(phone, "Tán thành")
    shows_ballot(tablet, "Tán thành")
    press(tablet, "Đổi phiếu trước khi kết thúc")
    cast(tablet, "Không tán thành")
    shows_ballot(phone, "Không tán thành")
    receipt = face(tablet).locator(".receipt__facts").inner_text()
    expect(face(phone).locator(".receipt__facts")).to_have_text(receipt, use_inner_text=True)
    room.close(poll)
    expect(face(phone)).to_contain_text("Phiếu đã bỏ: Không tán thành")
    votes = {row["choice"] for row in room.state()["poll"]["results"] if row["standing"] == "voted"}
    assert votes == {"against"}


def test_without_sockets_the_room_asks_again(room: Room) -> None:
    room.sit()
    member = room.browse("desktop", card="member")
    member.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    member.goto(f"/meetings/{room.meeting}/live/")
    expect(member.get_by_text("bằng cách hỏi lại")).to_be_visible()
    poll = room.ask()
    expect(face(member).locator(".vote")).to_have_count(3)
    cast(member, "Tán thành")
    room.close(poll)
    expect(face(member).locator(".verdict")).to_be_visible()


def test_a_killed_server_loses_no_ballot(
    chromium: Browser, site: Site, meeting: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port, folder = free_port(), tmp_path_factory.mktemp("killed")
    browse = Browse(chromium, replace(site, url=f"http://localhost:{port}"))
    with running(browse.site, port, folder / "first.log") as server:
        room = Room(browse, meeting)
        room.sit()
        member, second = room.enter("phone", "member"), room.enter("phone", "member-2")
        poll = room.ask()
        cast(member, "Tán thành")
        receipt = face(member).locator(".receipt__facts").inner_text()
        choice(second, "Không biểu quyết").click()
        server.kill()
        expect(face(second)).to_contain_text("Ý đã chọn “Không biểu quyết” vẫn giữ")
        expect(room.desk.get_by_role("alert").first).to_be_visible()
    with running(browse.site, port, folder / "second.log"):
        expect(choice(second, "Không biểu quyết")).to_have_attribute("aria-pressed", "true")
        face(second).get_by_role("button", name="Bỏ phiếu: Không biểu quyết").click()
        shows_ballot(second, "Không biểu quyết")
        expect(face(member).locator(".receipt__facts")).to_have_text(receipt, use_inner_text=True)
        room.close(poll)
        for screen in (member, second):
            expect(face(screen).locator(".verdict")).to_be_visible()
        assert room.state()["poll"]["turnout"] == 2
        for context in browse.contexts:
            context.close()
    assert [each for each in browse.problems if not any(words in each for words in CUT_OFF)] == []


def test_a_session_that_ended_brings_the_mark_back_after_signing_in(room: Room) -> None:
    room.sit()
    member = room.enter("phone", "member")
    room.ask()
    choice(member, "Tán thành").click()
    other = member.context.new_page()
    other.goto("/account/logout/")
    other.locator("main form button[type=submit]").click()
    member.wait_for_url("**/account/login/**")
    member.locator('form[action="/demo/enter/member/"] button').click()
    expect(choice(member, "Tán thành")).to_have_attribute("aria-pressed", "true")
    assert room.state()["poll"]["turnout"] == 0
    face(member).get_by_role("button", name="Bỏ phiếu: Tán thành").click()
    shows_ballot(member, "Tán thành")


def test_the_mark_of_one_member_is_not_shown_to_the_next(room: Room) -> None:
    room.sit()
    member = room.enter("phone", "member")
    room.ask()
    choice(member, "Tán thành").click()
    member.goto("/account/logout/")
    member.locator("main form button[type=submit]").click()
    member.goto("/account/login/")
    member.locator('form[action="/demo/enter/member-2/"] button').click()
    member.wait_for_url(lambda url: "/account/login/" not in url)
    member.goto(f"/meetings/{room.meeting}/live/")
    expect(face(member).locator(".vote")).to_have_count(3)
    expect(face(member).locator("[aria-pressed]")).to_have_count(0)


def test_who_comes_late_is_told_why_there_is_no_ballot(room: Room) -> None:
    room.sit()
    member = room.enter("phone", "member")
    away = next(seat for seat in room.state()["seats"] if seat["name"] == "Member")["membership_id"]
    send(room.desk, "presence", presence="absent", membership_ids=[away], reason="Đến muộn")
    poll = room.ask()
    send(member, "presence", presence="present")
    expect(face(member)).to_contain_text("Khi mở biểu quyết chưa được ghi nhận có mặt")
    refused = send(member, f"polls/{poll}/cast", choice="for")
    assert (refused["status"], refused["code"]) == (403, "elector_absent")
    expect(face(member).locator(".vote")).to_have_count(0)


def test_a_wrong_clock_of_the_device_changes_no_countdown(room: Room) -> None:
    room.sit()
    member = room.enter("phone", "member", before=TEN_MINUTES_SLOW)
    asked = send(member, "floor/request")["id"]
    send(room.desk, f"floor/{asked}/give", minutes=90)
    for screen in (member, room.desk):
        expect(screen.get_by_role("timer")).to_have_text(re.compile(r"^1:(30:00|2\d:\d\d)$"))
    send(room.desk, f"floor/{asked}/end")


def test_an_invitee_checks_in_and_asks_to_speak(room: Room) -> None:
    """Also after a vote on the item, whose result stands where they check in otherwise."""
    room.sit()
    room.close(room.ask())
    guest = room.enter("phone", "member-3")
    expect(face(guest).locator(".verdict")).to_be_visible()
    press(guest, "Tôi có mặt")
    press(guest, "Xin phát biểu")
    expect(room.desk.locator(".speakers")).to_contain_text("Guest")
    press(guest, "Thôi phát biểu")
    expect(room.desk.locator(".speakers .speaker")).to_have_count(0)


def test_voting_and_the_desk_by_keyboard_alone(room: Room, axe: Callable[[Page], list[str]]) -> None:
    room.sit()
    room.close(room.ask())
    member, desk = room.enter("desktop", "member"), room.desk
    desk.get_by_role("button", name="Đưa ra câu hỏi khác").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#h-vote")).to_be_focused()
    expect(desk.locator("ec-live-desk.is-settling")).to_have_count(0)
    desk.get_by_role("button", name="Mở biểu quyết").focus()
    desk.keyboard.press("Enter")
    close_vote = desk.get_by_role("button", name="Kết thúc biểu quyết")
    expect(close_vote).to_be_visible()
    # The button is gone; who works by keyboard goes on from the heading of the vote.
    expect(desk.locator("#h-vote")).to_be_focused()
    expect(member.get_by_role("status").filter(has_text="Đã mở biểu quyết")).to_be_attached()
    choice(member, "Không tán thành").focus()
    member.keyboard.press("Enter")
    confirm = face(member).get_by_role("button", name="Bỏ phiếu: Không tán thành")
    expect(confirm).to_be_enabled()
    member.keyboard.press("Tab")
    member.keyboard.press("Tab")
    expect(confirm).to_be_focused()
    member.keyboard.press("Enter")
    shows_ballot(member, "Không tán thành")
    expect(face(member)).to_be_focused()

    close_vote.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog").get_by_role("button", name="Kết thúc, công bố")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(close_vote).to_be_focused()
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(desk.locator("ec-live-desk.is-settling")).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(desk.locator(".desk__vote .verdict")).to_be_visible()
    expect(desk.locator("#h-vote")).to_be_focused()
    expect(member.get_by_role("status").filter(has_text="Không được thông qua")).to_be_attached()
    assert axe(member) == []
    assert axe(desk) == []


def test_screens_out_of_contact_say_so_to_everybody(room: Room, axe: Callable[[Page], list[str]]) -> None:
    room.sit()
    screens = [
        (room.desk, ".reading--lost"),
        (room.enter("desktop", "secretariat", "wall"), ".wall__lost"),
        (room.enter("phone", "member"), ".live-bar__link--off"),
    ]
    for screen, sign in screens:
        screen.context.set_offline(True)
        expect(screen.locator(sign)).to_be_visible()
        assert axe(screen) == [], sign
        screen.context.set_offline(False)
        expect(screen.locator(sign)).to_have_count(0)


def test_an_item_is_put_off_with_a_reason_and_called_again(room: Room) -> None:
    room.sit()
    number = room.state()["current"]["number"]
    room.desk.get_by_label("Kết luận của chủ tọa").press_sequentially("Chờ ý kiến thẩm định.")
    press(room.desk, f"Hoãn nội dung {number}")
    dialog = room.desk.get_by_role("dialog")
    dialog.get_by_label("Lý do").fill("Chờ Bộ Tư pháp")
    dialog.get_by_role("button", name="Hoãn", exact=True).click()
    expect(dialog).to_be_hidden()
    assert room.state()["programme"][number - 1]["state"] == "postponed"
    row = room.desk.locator(".desk__run .run").nth(number - 1)
    row.hover()
    row.get_by_role("button", name=f"Sang nội dung {number}").click()
    expect(room.desk.get_by_label("Kết luận của chủ tọa")).to_have_value("Chờ ý kiến thẩm định.")


LONG = "Thông qua Nghị quyết về bảo đảm an ninh nguồn nước cho sản xuất và sinh hoạt mùa khô " * 4
BOX = "document.querySelector('.live__ballot').getBoundingClientRect().toJSON()"


@pytest.mark.parametrize("size", ["normal", "larger"])
def test_nothing_moves_under_a_finger(room: Room, size: str) -> None:
    """At 390 × 844 with a question of 340 characters: one height, the confirm button always in its place."""
    room.sit()
    member = room.enter("phone", "member")
    page = room.enter("phone", "member", "live")
    member.evaluate("size => { document.documentElement.dataset.text = size }", size)
    poll = room.ask(LONG)
    expect(face(member).locator(".vote")).to_have_count(3)
    boxes = [member.evaluate(BOX)]
    confirm = face(member).locator(".ballot__cast")
    place = confirm.bounding_box()
    choice(member, "Tán thành").click()
    expect(face(member).get_by_role("button", name="Bỏ phiếu: Tán thành")).to_be_in_viewport(ratio=1)
    assert confirm.bounding_box() == place
    boxes.append(member.evaluate(BOX))
    # A push of somebody else's ballot, and one of my own cast elsewhere.
    cast(room.enter("phone", "member-2"), "Tán thành")
    expect(choice(member, "Tán thành")).to_have_attribute("aria-pressed", "true")
    boxes.append(member.evaluate(BOX))
    face(member).get_by_role("button", name="Bỏ phiếu: Tán thành").click()
    shows_ballot(member, "Tán thành")
    shows_ballot(page, "Tán thành")
    boxes.append(member.evaluate(BOX))
    room.close(poll)
    expect(face(member).locator(".verdict")).to_be_visible()
    boxes.append(member.evaluate(BOX))
    assert all(box == boxes[0] for box in boxes), boxes
