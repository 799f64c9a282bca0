"""A full sitting in browsers: chair, clerk, wall and eight members, whose minutes then equal the log.

One member loses the network for a minute, one votes on two devices, one takes no part in the item, one
cannot come and has another vote in their place.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.live_hands import cast, choice, face, press, send, shows_ballot
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
# Thirteen browsers and a server share the machine: what is waited for may take its time.
WAIT_MS = 120_000
AWAY_SECONDS = 60
CUT_OFF = ("net::ERR_", "WebSocket connection to")
MEMBERS = ("member", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
AGAINST = "seventh"
AWAY, ACTING = "eighth", "second"
ALLOW = "import django; django.setup(); from meetings.models import Body; Body.objects.update(proxies=1)"
CONCLUSION = "Thống nhất thông qua, Bộ Y tế hoàn thiện văn bản."

TOLD = """
import django; django.setup()
import json
from meetings.minutes_facts import minutes_facts
from meetings.models import LiveEvent, Meeting
from meetings.replay import differences
from voting.models import Ballot
meeting = Meeting.objects.get()
ballots = Ballot.objects.order_by("revision").values_list("elector__name", "choice")
events = LiveEvent.objects.order_by("seq").values("seq", "kind", "body", "at")
print(json.dumps({
    "facts": minutes_facts(meeting),
    "events": list(events),
    "ballots": list(ballots),
    "differences": differences(meeting),
}, default=str))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("sitting")) as served:
        yield served


@dataclass
class Sitting:
    """Everybody of ``tests.browser.sitting_cast``, each in a browser of their own."""

    browse: Browse
    cast: dict[str, Any]

    def enter(self, who: str, size: str, place: str = "live") -> Page:
        page = self.browse(size)
        page.set_default_timeout(WAIT_MS)
        session = self.cast["people"][who]["session"]
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.browse.site.url}])
        page.goto(f"/meetings/{self.cast['meeting']}/{place}/")
        return page

    def mandate(self, who: str) -> int:
        return int(self.cast["people"][who]["mandate"])


@pytest.fixture
def sitting(browse: Browse, site: Site) -> Iterator[Sitting]:
    expect.set_options(timeout=WAIT_MS)
    cast = json.loads(site.python("-m", "tests.browser.sitting_cast"))
    site.python("-c", ALLOW)
    yield Sitting(browse, cast)
    browse.problems[:] = [each for each in browse.problems if not any(words in each for words in CUT_OFF)]


def test_a_full_sitting_and_its_minutes(sitting: Sitting, site: Site) -> None:
    desk, chair = sitting.enter("clerk", "desktop", "desk"), sitting.enter("chair", "tablet")
    wall = sitting.enter("clerk", "desktop", "wall")
    _delegate(sitting)
    sizes = cycle(("phone", "tablet", "desktop"))
    members = {who: sitting.enter(who, next(sizes)) for who in MEMBERS if who != AWAY}
    for page in (chair, *members.values()):
        press(page, "Tôi có mặt")
        expect(face(page)).to_contain_text("Đã ghi nhận có mặt")
    expect(desk.locator(".desk__turnout")).to_contain_text("8/9")
    press(desk, "Khai mạc phiên họp")
    press(desk, "Sang nội dung 1")
    _discuss(desk, members)
    second_device = sitting.enter("member", "desktop")
    _vote(sitting, desk, chair, members, second_device)
    _gavel(desk, [chair, *members.values(), second_device], wall)
    _conclude(desk)
    _minutes_equal_the_log(sitting, json.loads(site.python("-c", TOLD)))


def _delegate(sitting: Sitting) -> None:
    page = sitting.enter(AWAY, "phone")
    page.goto(f"/meetings/{sitting.cast['meeting']}/")
    mine = page.locator(".meeting__proxy")
    mine.get_by_role("combobox").select_option(str(sitting.mandate(ACTING)))
    mine.get_by_role("button", name="Ủy quyền biểu quyết").click()
    expect(mine.get_by_role("button")).to_have_text("Rút lại ủy quyền")
    expect(mine.locator("b")).to_have_text(ACTING.capitalize())
    page.context.close()


def _discuss(desk: Page, members: dict[str, Page]) -> None:
    """One takes no part, one speaks."""
    press(members["third"], "Tôi rút khỏi nội dung này")
    dialog = members["third"].get_by_role("dialog")
    dialog.get_by_label("Xung đột lợi ích").check()
    dialog.get_by_role("button", name="Rút khỏi nội dung này").click()
    expect(members["third"].get_by_text("Ông/bà đã rút khỏi nội dung này.")).to_be_visible()
    press(members["fourth"], "Xin phát biểu")
    press(desk, "Mời Fourth phát biểu")
    expect(members["fourth"].get_by_role("timer")).to_be_visible()
    press(desk, "Dừng lời")
    expect(members["fourth"].get_by_role("timer")).to_have_count(0)


def _vote(sitting: Sitting, desk: Page, chair: Page, members: dict[str, Page], other: Page) -> None:
    """The fifth is away from before the opening for a minute; the first changes on another device."""
    lost, since = members["fifth"], time.monotonic()
    lost.context.set_offline(True)
    expect(lost.get_by_text("Mất nối")).to_be_visible()
    press(desk, "Mở biểu quyết")
    expect(face(members["third"]).locator(".vote")).to_have_count(0)
    cast(members["member"], "Không tán thành")
    shows_ballot(other, "Không tán thành")
    press(other, "Đổi phiếu trước khi kết thúc")
    cast(other, "Tán thành")
    shows_ballot(members["member"], "Tán thành")
    for who in ("fourth", "sixth"):
        cast(members[who], "Tán thành")
    _vote_for_two(members[ACTING])
    cast(members[AGAINST], "Không tán thành")
    cast(chair, "Tán thành")
    # The minute is what is tested: the screen must find its way back after it.
    lost.wait_for_timeout(max(0.0, AWAY_SECONDS - (time.monotonic() - since)) * 1000)
    lost.context.set_offline(False)
    expect(face(lost).locator(".vote")).to_have_count(3)
    cast(lost, "Tán thành")
    refused = send(members["third"], f"polls/{_poll(desk)}/cast", choice="for")
    assert (refused["status"], refused["code"]) == (403, "elector_recused")


def _vote_for_two(page: Page) -> None:
    """Their own ballot, and that of the member who is away."""
    for mandate in ("Phiếu của tôi", f"Thay {AWAY.capitalize()}"):
        own = face(page).locator(".mandate").filter(has_text=mandate)
        own.click()
        choice(page, "Tán thành").click()
        press(page, "Bỏ phiếu: Tán thành")
        expect(own).to_contain_text("Tán thành")


def _poll(desk: Page) -> int:
    state = desk.evaluate(
        """async () => (await (await fetch(
            JSON.parse(document.getElementById("live-config").textContent).api + "state?audience=desk"
        )).json()).state.poll.id"""
    )
    return int(state)


def _gavel(desk: Page, screens: list[Page], wall: Page) -> None:
    """One verdict on every screen."""
    press(desk, "Kết thúc biểu quyết")
    desk.get_by_role("dialog").get_by_role("button", name="Kết thúc, công bố").click()
    sentence = desk.locator(".desk__vote .verdict__reason")
    expect(sentence).to_be_visible()
    words = sentence.inner_text()
    for screen in (*screens, wall):
        expect(screen.locator(".verdict__answer")).to_have_text("Được thông qua")
        expect(screen.locator(".verdict__reason")).to_have_text(words)


def _conclude(desk: Page) -> None:
    desk.get_by_label("Kết luận của chủ tọa").press_sequentially(CONCLUSION)
    press(desk, "Sang nội dung 2")
    expect(desk.locator("h1")).to_have_text("Nghị quyết về nhà ở xã hội")
    press(desk, "Hoãn nội dung 2")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Lý do").fill("Chờ ý kiến")
    dialog.get_by_role("button", name="Hoãn", exact=True).click()
    expect(dialog).to_be_hidden()
    press(desk, "Bế mạc")
    desk.get_by_role("dialog").get_by_role("button", name="Bế mạc").click()
    expect(desk.get_by_text("Phiên họp đã bế mạc").first).to_be_visible()


def _minutes_equal_the_log(sitting: Sitting, told: dict[str, Any]) -> None:
    """Read the log a second way, event by event, and find the same in the facts."""
    facts, log = told["facts"], told["events"]
    assert told["differences"] == []
    assert [row["seq"] for row in log] == list(range(1, len(log) + 1))
    assert facts["log"]["seq"] == len(log)

    here = {pk for row in _of(log, "presence.set") for pk in row["body"]["memberships"]}
    seats = {seat["membership"]: seat["presence"] for seat in facts["attendance"] if seat["votes"]}
    assert {pk for pk, presence in seats.items() if presence == "present"} == here
    assert len(here) == len(MEMBERS)  # the chair, and all but one of them

    first, second = facts["items"]
    assert [row["body"]["item"] for row in _of(log, "item.called")] == [first["item"], second["item"]]
    assert (first["state"], second["state"], second["reason"]) == ("done", "postponed", "Chờ ý kiến")
    assert first["conclusion"] == _of(log, "item.concluded")[-1]["body"]["text"] == CONCLUSION
    (given,) = _of(log, "floor.given")
    (speech,) = first["speeches"]
    assert speech["membership"] == given["body"]["membership"] == sitting.mandate("fourth")
    (recusal,) = first["recusals"]
    assert recusal["membership"] == sitting.mandate("third")
    _polls_equal(sitting, first["polls"], _of(log, "poll.closed"), told["ballots"])


def _polls_equal(sitting: Sitting, polls: Any, closed: Any, ballots: Any) -> None:
    (poll,), (event,) = polls, closed
    verdict = event["body"]
    assert (poll["poll"], poll["verdict"]["adopted"]) == (verdict["poll"], verdict["adopted"])
    counts = {row["choice"]: row["votes"] for row in poll["verdict"]["counts"]}
    assert counts == verdict["counts"] == {"for": 7, "against": 1, "abstain": 0}
    by_name = {row["name"]: row["choice"] for row in poll["results"] if row["standing"] == "voted"}
    assert by_name == dict(ballots)
    assert by_name[AGAINST.capitalize()] == "against"
    assert [row["name"] for row in poll["results"] if row["standing"] == "recused"] == ["Third"]
    assert poll["proxies"] == [{"name": AWAY.capitalize(), "acting": ACTING.capitalize()}]
    assert sitting.mandate("third") in {row["membership_id"] for row in poll["results"]}


def _of(log: Any, kind: str) -> list[Any]:
    return [row for row in log if row["kind"] == kind]
