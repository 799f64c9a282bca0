"""Screens through the real ASGI application: session cookie, Origin, hub, heartbeat."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from ecabinet.accounts.models import User
from ecabinet.asgi import application
from ecabinet.common import clock
from ecabinet.realtime.hub import QUEUE, hub
from meetings.actions import live
from meetings.consumers import meeting_socket
from meetings.models import LiveEvent, Meeting, Membership
from meetings.queries.live import head_of
from meetings.snapshots import topic_of
from tests import cast as casting
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20  # seconds until a condition that never comes true fails the test


def socket(room: Room, browser: Client | None, audience: str = "member", origin: str = "") -> Any:
    cookies = (
        "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items()) if browser else ""
    )
    headers = [(b"host", b"localhost"), (b"origin", (origin or "http://localhost").encode())]
    return WebsocketCommunicator(
        application,
        f"/ws/meetings/{room.meeting.pk}/?audience={audience}",
        headers=[*headers, (b"cookie", cookies.encode())],
    )


class Screen:
    """A client as the page is one: keeps the newest state, notes beats and the close."""

    def __init__(self, communicator: Any) -> None:
        self.communicator = communicator
        self.state: dict[str, Any] = {}
        self.beat: dict[str, Any] = {}
        self.closed: int | None = None

    async def open(self) -> Screen:
        connected, _ = await self.communicator.connect(timeout=PATIENCE)
        assert connected
        return self

    async def until(self, condition: Callable[[Screen], object]) -> Screen:
        async with asyncio.timeout(PATIENCE):
            while not condition(self):
                self._take(await self.communicator.receive_output(timeout=PATIENCE))
        return self

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closed = message["code"]
            return
        frame = json.loads(message["text"])
        if frame["type"] == "beat":
            self.beat = frame
        elif (frame["seq"], frame["votes"]) >= (self.state.get("seq", 0), self.state.get("votes", 0)):
            self.state = frame["state"]

    async def leave(self) -> None:
        await self.communicator.disconnect(timeout=PATIENCE)


async def signed_in(user: User) -> Client:
    browser: Client = await database_sync_to_async(casting.client)(user)
    return browser


async def watch(room: Room, user: User, audience: str = "member") -> Screen:
    return await Screen(socket(room, await signed_in(user), audience)).open()


async def do(room: Room, name: str, actor: User | None = None, **words: object) -> LiveEvent:
    event: LiveEvent = await database_sync_to_async(room.do)(name, actor, **words)
    return event


async def head(room: Room) -> tuple[int, int]:
    newest = await database_sync_to_async(head_of)(room.meeting.pk)
    assert newest is not None
    return newest.seq, newest.votes


def shows(newest: tuple[int, int]) -> Callable[[Screen], bool]:
    return lambda screen: (screen.state.get("seq"), screen.state.get("votes")) == newest


async def test_all_screens_end_on_the_same_state(room: Room) -> None:
    cast = room.cast
    first, second = await watch(room, cast.member), await watch(room, cast.member)
    lost = await watch(room, cast.second)
    await lost.until(lambda screen: screen.state)
    await lost.leave()
    poll = (await do(room, "open_poll", item_id=room.item.pk)).body["poll"]
    ballot = {"meeting_id": room.meeting.pk, "poll_id": poll, "choice": "for", "key": "k"}
    await database_sync_to_async(live.cast_ballot)(actor=cast.member, **ballot)
    await first.until(lambda screen: screen.state.get("votes") == 1)
    assert first.state["poll"]["turnout"] == 1
    await do(room, "close_poll", poll_id=poll)
    newest = await head(room)
    late, again = await watch(room, cast.chair), await watch(room, cast.second)
    screens = [await screen.until(shows(newest)) for screen in (first, second, late, again)]
    assert all(screen.state == screens[0].state for screen in screens)
    assert screens[0].state["poll"]["verdict"]["sentence_en"].startswith("2 of 3 members needed")
    for screen in screens:
        await screen.leave()
    assert hub.local_count([topic_of(room.meeting.pk, "member")]) == 0


async def test_a_push_that_got_lost_is_healed_by_the_heartbeat(room: Room) -> None:
    screen = await watch(room, room.cast.member)
    await screen.until(lambda s: s.state)

    def elsewhere() -> None:
        """Another process writes and its push never arrives."""
        Meeting.objects.filter(pk=room.meeting.pk).update(seq=room.meeting.seq + 50, place="Phòng khác")

    await database_sync_to_async(elsewhere)()
    await screen.until(shows(await head(room)))
    assert screen.state["meeting"]["place"] == "Phòng khác"
    await screen.until(lambda s: s.beat.get("seq") == s.state["seq"])
    assert screen.beat["screens"] == 1
    await screen.leave()


async def test_each_audience_has_its_own_state(room: Room) -> None:
    desk, wall = await watch(room, room.cast.clerk, "desk"), await watch(room, room.cast.clerk, "projector")
    await desk.until(lambda s: s.state)
    await wall.until(lambda s: s.state)
    assert desk.state["desk"] is not None
    assert (wall.state["desk"], wall.state["current"]["papers"]) == (None, [])
    for screen in (desk, wall):
        await screen.leave()


@pytest.mark.parametrize(
    ("who", "audience", "code"),
    [
        ("", "member", 4401),
        ("outsider", "member", 4403),
        ("member", "desk", 4403),
        ("member", "everyone", 4404),
    ],
)
async def test_who_may_not_watch_is_told_why(room: Room, who: str, audience: str, code: int) -> None:
    browser = await signed_in(getattr(room.cast, who)) if who else None
    screen = await Screen(socket(room, browser, audience)).open()
    await screen.until(lambda s: s.closed)
    assert (screen.closed, screen.state) == (code, {})


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://localhost:9", "null"])
async def test_another_site_gets_no_socket(room: Room, origin: str) -> None:
    connected, _ = await socket(room, await signed_in(room.cast.member), origin=origin).connect(PATIENCE)
    assert not connected


def sign_out(room: Room, browser: Client) -> None:
    browser.logout()


def lock_out(room: Room, browser: Client) -> None:
    User.objects.filter(pk=room.cast.member.pk).update(is_active=False)


def dismiss(room: Room, browser: Client) -> None:
    Membership.objects.filter(user=room.cast.member).update(ends_on=clock.today().replace(year=2021))


@pytest.mark.parametrize(("end", "code"), [(sign_out, 4401), (lock_out, 4401), (dismiss, 4403)])
async def test_access_that_ended_closes_the_socket(
    room: Room, end: Callable[[Room, Client], None], code: int
) -> None:
    browser = await signed_in(room.cast.member)
    screen = await Screen(socket(room, browser)).open()
    await screen.until(lambda s: s.state)
    await database_sync_to_async(end)(room, browser)
    await screen.until(lambda s: s.closed)
    assert screen.closed == code


async def test_what_a_client_sends_is_not_listened_to(room: Room) -> None:
    screen = await watch(room, room.cast.clerk, "desk")
    await screen.communicator.send_to(text_data='{"type": "adjourn"}')
    await screen.until(lambda s: s.beat and s.state)
    assert screen.state["meeting"]["state"] == "in_session"
    await screen.leave()


async def test_a_slow_socket_is_told_to_start_over(room: Room) -> None:
    browser = await signed_in(room.cast.member)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    sent: list[dict[str, Any]] = []
    open_gate, stuck = asyncio.Event(), asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        if '"slow"' in message.get("text", ""):
            stuck.set()
            await open_gate.wait()
        sent.append(message)

    scope = {
        "cookies": {settings.SESSION_COOKIE_NAME: key},
        "query_string": b"audience=member",
        "url_route": {"kwargs": {"pk": str(room.meeting.pk)}},
    }
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await inbox.put({"type": "websocket.connect"})
    running = asyncio.create_task(meeting_socket(scope, inbox.get, send))
    topic = topic_of(room.meeting.pk, "member")
    async with asyncio.timeout(PATIENCE):
        while not hub.local_count([topic]):
            await asyncio.sleep(0)
        hub.deliver(topic, b'{"slow"}')
        await stuck.wait()
        for _ in range(QUEUE + 1):
            hub.deliver(topic, b"{}")
        # Deliveries are handed over in order: when this one has run, all before it have.
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        open_gate.set()
        await running
    assert sent[-1] == {"type": "websocket.close", "code": 4409, "reason": "resync"}
