"""Ballots taken at the door: by the rules of the API, with its answers, and everything else goes to it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client

from ecabinet.accounts.models import User
from ecabinet.asgi import http
from ecabinet.ledger.models import LedgerEntry
from meetings import ballot_door
from meetings.ballot_door import LONGEST, BallotDoor, Envelope
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.models import Ballot

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "t" * 32
TEXTUAL = ("content-language", "vary")


class Post:
    """A ballot as a page sends it; ``headers`` replaces those named."""

    def __init__(self, room: Room, poll: int, browser: Client | None, **headers: str) -> None:
        session = browser.cookies["sessionid"].value if browser else "none"
        told = {
            "host": "localhost",
            "origin": "http://localhost",
            "cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "x-csrftoken": TOKEN,
            "idempotency-key": "k",
            "content-type": "application/json",
        }
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "path": f"/api/v1/meetings/{room.meeting.pk}/polls/{poll}/cast",
            "query_string": b"",
            "client": ("127.0.0.1", 50_000),
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        }
        self.body = b'{"choice": "for"}'

    async def send(self, application: Any) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON of the answer; the body is sent in two pieces."""
        half = len(self.body) // 2
        parts = [(self.body[:half], True), (self.body[half:], False)]
        answer: dict[str, Any] = {"body": b""}

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.Event().wait()
            body, more = parts.pop(0)
            return {"type": "http.request", "body": body, "more_body": more}

        async def send(message: dict[str, Any]) -> None:
            answer["body"] += message.pop("body", b"")
            answer.update(message)

        await application(self.scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in answer["headers"]}
        return answer["status"], headers, json.loads(answer["body"])


class Site:
    """The site behind the door; counts what the door does not take."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        await http(scope, receive, send)


def through_door(*posts: Post) -> tuple[list[tuple[int, dict[str, str], Any]], int]:
    """The answers, and how many of them the site gave."""
    site = Site()
    door = BallotDoor(site)

    async def all_at_once() -> list[tuple[int, dict[str, str], Any]]:
        return list(await asyncio.gather(*(post.send(door) for post in posts)))

    return asyncio.run(all_at_once()), site.asked


def voters(room: Room) -> list[User]:
    return [room.cast.chair, room.cast.member, room.cast.second]


def test_ballots_that_come_together_are_taken_with_the_apis_answers(room: Room) -> None:
    poll = room.open_poll()
    posts = [Post(room, poll, casting.fresh_client(user)) for user in voters(room)]
    answers, by_site = through_door(*posts)
    assert (by_site, Ballot.objects.filter(poll=poll).count()) == (0, 3)
    assert LedgerEntry.objects.filter(act="ballot.cast", subject=f"poll:{poll}").count() == 3
    for post, (status, headers, receipt) in zip(posts, answers, strict=True):
        again = asyncio.run(post.send(http))
        assert (status, receipt) == (200, again[2])
        # No text in it: nothing depends on the language or the cookie.
        theirs = {name: value for name, value in again[1].items() if name not in TEXTUAL}
        assert headers == theirs
    assert Ballot.objects.filter(poll=poll).count() == 3


def without_origin(post: Post) -> None:
    post.scope["headers"] = [
        row for row in post.scope["headers"] if row[0] not in (b"origin", b"x-csrftoken")
    ]


def body(content: bytes) -> Callable[[Post], None]:
    return lambda post: setattr(post, "body", content)


def path(end: str) -> Callable[[Post], None]:
    return lambda post: post.scope.update(path=post.scope["path"].rsplit("/polls/", 1)[0] + end)


Case = tuple[str, dict[str, str], Callable[[Post], None] | None, int, str]
REFUSED: list[Case] = [
    ("member", {"cookie": f"csrftoken={TOKEN}"}, None, 401, "signed_out"),
    ("member", {"x_csrftoken": "u" * 32}, None, 403, "csrf_failed"),
    ("member", {"origin": "http://evil.example"}, None, 403, "csrf_failed"),
    ("member", {}, without_origin, 403, "csrf_failed"),
    ("member", {"idempotency_key": ""}, None, 400, "key_missing"),
    ("member", {"idempotency_key": "k" * 65}, None, 400, "key_missing"),
    ("member", {}, body(b"{"), 400, "invalid_request"),
    ("member", {}, body(b'{"comment": ""}'), 422, "invalid_request"),
    ("member", {}, body(b'{"choice": "perhaps"}'), 400, "unknown_choice"),
    ("member", {}, body(b'{"choice": "for", "comment": "%s"}' % (b"x" * LONGEST)), 422, "invalid_request"),
    ("member", {}, path("/polls/999999/cast"), 404, "poll_not_found"),
    ("clerk", {}, None, 403, "no_mandate"),
    ("outsider", {}, None, 404, "meeting_not_found"),
]


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_plainly_right_goes_to_the_api(room: Room, case: Case) -> None:
    who, headers, change, status, code = case
    poll = room.open_poll()
    post = Post(room, poll, casting.fresh_client(getattr(room.cast, who)), **headers)
    if change:
        change(post)
    good = Post(room, poll, casting.fresh_client(room.cast.second))
    answers, by_site = through_door(post, good)
    assert by_site == 1
    assert [(answer[0], answer[2].get("code")) for answer in answers] == [(status, code), (200, None)]
    assert Ballot.objects.get(poll=poll).cast_by == room.cast.second


def test_old_proofs_locked_people_and_closed_polls_go_to_the_api(room: Room) -> None:
    poll = room.open_poll()
    stale = Post(room, poll, casting.client(room.cast.member))
    locked = Post(room, poll, casting.fresh_client(room.cast.second))
    User.objects.filter(pk=room.cast.second.pk).update(is_active=False)
    answers, by_site = through_door(stale, locked)
    assert [(answer[0], answer[2]["code"]) for answer in answers] == [
        (403, "step_up_required"),
        (401, "signed_out"),
    ]
    room.do("cancel_poll", poll_id=poll)
    late, _by_site = through_door(Post(room, poll, casting.fresh_client(room.cast.chair)))
    assert (late[0][0], late[0][2]["code"]) == (409, "poll_cancelled")
    assert (by_site, Ballot.objects.count()) == (2, 0)


def test_after_an_error_at_the_door_the_ballot_counts_once(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The worst moment: it is written already, and nobody was told."""
    poll, cast = room.open_poll(), ballot_door.cast_ballots

    def then_break(ballots: Sequence[ballot_door.OfferedBallot]) -> Any:
        cast(ballots)
        raise ConnectionError

    monkeypatch.setattr(ballot_door, "cast_ballots", then_break)
    answers, by_site = through_door(Post(room, poll, casting.fresh_client(room.cast.member)))
    assert (answers[0][0], answers[0][2]["revision"], by_site) == (200, 1, 1)
    assert Ballot.objects.filter(poll=poll).count() == 1
    assert "1 ballots go the long way" in caplog.text


def test_what_comes_while_ballots_are_written_shares_the_next_commit(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll, cast = room.open_poll(), ballot_door.cast_together
    trips: list[int] = []
    first, others = threading.Event(), threading.Event()

    def slowly(envelopes: Sequence[Envelope]) -> Any:
        trips.append(len(envelopes))
        first.set()
        assert others.wait(20)
        return cast(envelopes)

    monkeypatch.setattr(ballot_door, "cast_together", slowly)
    posts = [Post(room, poll, casting.fresh_client(user)) for user in voters(room)]
    door = BallotDoor(Site())

    async def one_then_two() -> list[Any]:
        begun = asyncio.create_task(posts[0].send(door))
        await asyncio.to_thread(first.wait, 20)
        rest = [asyncio.create_task(post.send(door)) for post in posts[1:]]
        while len(door._ballots._waiting) < 2:
            await asyncio.sleep(0)
        others.set()
        return [await begun, *(await asyncio.gather(*rest))]

    assert [answer[0] for answer in asyncio.run(one_then_two())] == [200, 200, 200]
    assert trips == [1, 2]
