"""The live room over HTTP: a real sign-in, real JSON, refusals with code and words."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client

from ecabinet.accounts.models import User
from meetings.models import LiveEvent
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db


def signed_in(user: User, *, fresh: bool = True) -> Client:
    browser = casting.client(user)
    if fresh:
        prove(browser, user)
    return browser


def prove(browser: Client, user: User) -> None:
    """As a sign-in by passkey just now leaves it in the session."""
    request = HttpRequest()
    request.session = browser.session
    record_authentication(request, user, "mfa", type="webauthn")
    request.session.save()


def send(browser: Client, room: Room, path: str, data: Any = None, key: str = "k") -> Any:
    url = f"/api/v1/meetings/{room.meeting.pk}/{path}"
    return browser.post(url, data or {}, "application/json", headers={"Idempotency-Key": key})


def test_state_is_cached_by_its_head(room: Room) -> None:
    browser = signed_in(room.cast.member)
    url = f"/api/v1/meetings/{room.meeting.pk}/state"
    answer = browser.get(url)
    assert (answer.status_code, answer.json()["type"], answer.json()["seq"]) == (200, "state", 5)
    tag = answer["ETag"]
    unchanged = browser.get(url, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["Server-Now"] >= answer["Server-Now"]
    room.do("end_item", item_id=room.item.pk)
    newer = browser.get(url, headers={"If-None-Match": tag})
    assert (newer.status_code, newer.json()["seq"]) == (200, 6)


def test_the_desk_is_not_for_members(room: Room) -> None:
    url = f"/api/v1/meetings/{room.meeting.pk}/state?audience=desk"
    assert signed_in(room.cast.member).get(url).status_code == 403
    assert signed_in(room.cast.clerk).get(url).json()["state"]["desk"] is not None
    assert signed_in(room.cast.outsider).get(url).status_code == 404
    assert Client().get(url).status_code == 401
    wrong = signed_in(room.cast.clerk).get(url.replace("desk", "everyone"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")


def test_casting_needs_a_recent_proof_and_answers_with_a_receipt(room: Room) -> None:
    poll = room.open_poll()
    browser = signed_in(room.cast.member, fresh=False)
    refused = send(browser, room, f"polls/{poll}/cast", {"choice": "for"})
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert refused.json()["details"]["url"]
    assert not Ballot.objects.exists()
    prove(browser, room.cast.member)
    receipt = send(browser, room, f"polls/{poll}/cast", {"choice": "for"})
    assert receipt.status_code == 200
    again = send(browser, room, f"polls/{poll}/cast", {"choice": "for"})
    assert again.json() == receipt.json()
    mine = browser.get(f"/api/v1/meetings/{room.meeting.pk}/me").json()
    assert mine["poll"]["ballot"]["receipt"] == receipt.json()["receipt"]
    assert (mine["may_vote"], mine["can_run_desk"], mine["poll"]["may_cast"]) == (True, False, True)


def test_refusals_come_with_code_and_words(room: Room) -> None:
    poll = room.open_poll()
    member, clerk = signed_in(room.cast.member), signed_in(room.cast.clerk)
    cases = [
        (member, f"polls/{poll}/cast", {"choice": "perhaps"}, 400, "unknown_choice"),
        (clerk, f"polls/{poll}/cast", {"choice": "for"}, 403, "no_mandate"),
        (member, f"polls/{poll}/close", {}, 403, "denied"),
        (clerk, "start", {}, 409, "already_started"),
        (clerk, "polls/0/close", {}, 404, "poll_not_found"),
    ]
    for browser, path, data, status, code in cases:
        answer = send(browser, room, path, data)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["message"]
    answer = send(member, room, f"polls/{poll}/cast", {"choice": "for"}, key="")
    assert answer.json()["code"] == "key_missing"
    assert send(clerk, room, f"polls/{poll}/close", {}, key="c").status_code == 200
    late = send(member, room, f"polls/{poll}/cast", {"choice": "for"})
    assert (late.status_code, late.json()["code"]) == (409, "poll_closed")


def test_a_poll_opens_once_and_closes_once(room: Room) -> None:
    clerk = signed_in(room.cast.clerk)
    asked = {"item_id": room.item.pk}
    poll = send(clerk, room, "polls", asked, key="o").json()["id"]
    assert send(clerk, room, "polls", asked, key="o").json()["id"] == poll
    second = send(clerk, room, "polls", asked, key="p")
    assert (second.status_code, second.json()["code"]) == (409, "poll_open")
    closed = send(clerk, room, f"polls/{poll}/close", key="c")
    assert send(clerk, room, f"polls/{poll}/close", key="c").json() == closed.json()
    for path in (f"polls/{poll}/close", f"polls/{poll}/cancel"):
        again = send(clerk, room, path, key="d")
        assert (again.status_code, again.json()["code"]) == (409, "poll_not_open")
    assert list(Poll.objects.values_list("pk", "state")) == [(poll, "closed")]


def test_who_has_no_ballot_is_told_why_and_leaves_none(room: Room) -> None:
    room.do("set_presence", room.cast.second, presence="absent")
    path = f"polls/{room.open_poll()}/cast"
    cases = [(room.cast.second, 403, "elector_absent"), (room.cast.outsider, 404, "meeting_not_found")]
    for user, status, code in cases:
        answer = send(signed_in(user), room, path, {"choice": "for"})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["message"]
    assert not Ballot.objects.exists()
    assert signed_in(room.cast.outsider).get(f"/api/v1/meetings/{room.meeting.pk}/me").status_code == 404


def test_a_command_sent_twice_is_done_once(room: Room) -> None:
    browser = signed_in(room.cast.member)
    first = send(browser, room, "floor/request", key="ask")
    again = send(browser, room, "floor/request", key="ask")
    assert first.json() == again.json()
    assert first.json()["kind"] == "floor.requested"
    assert LiveEvent.objects.filter(kind="floor.requested").count() == 1


def test_commands_need_the_csrf_token(room: Room) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(room.cast.clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = f"/api/v1/meetings/{room.meeting.pk}/adjourn"
    answer = browser.post(url, {}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    room.meeting.refresh_from_db()
    assert room.meeting.state == "in_session"


def test_every_command_of_the_desk_and_the_floor_has_its_address(room: Room) -> None:
    clerk, member = signed_in(room.cast.clerk), signed_in(room.cast.member)
    item = room.item.pk
    floor = send(member, room, "floor/request", key="1").json()["id"]
    steps = [
        (clerk, f"floor/{floor}/give", {"minutes": 2}, "floor.given"),
        (clerk, f"floor/{floor}/extend", {}, "floor.extended"),
        (member, f"floor/{floor}/end", {}, "floor.ended"),
        (member, "floor/request", {}, "floor.requested"),
        (member, "floor/withdraw", {}, "floor.withdrawn"),
        (clerk, f"items/{item}/conclusion", {"text": "Thống nhất."}, "item.concluded"),
        (clerk, "polls", {"item_id": item, "question": "Thông qua?"}, "poll.opened"),
    ]
    for number, (browser, path, data, kind) in enumerate(steps):
        answer = send(browser, room, path, data, key=f"s{number}")
        assert answer.status_code == 200, answer.content
        assert answer.json()["kind"] == kind
    poll = LiveEvent.objects.get(kind="poll.opened").body["poll"]
    steps = [
        (clerk, f"polls/{poll}/cancel", {"reason": "Nhầm"}, "poll.cancelled"),
        (clerk, f"items/{item}/end", {}, "item.ended"),
        (clerk, f"items/{room.other.pk}/postpone", {"reason": "Chờ"}, "item.postponed"),
        (clerk, f"items/{room.other.pk}/call", {}, "item.called"),
        (member, "presence", {"presence": "remote"}, "presence.set"),
        (clerk, "adjourn", {}, "meeting.adjourned"),
    ]
    for number, (browser, path, data, kind) in enumerate(steps):
        answer = send(browser, room, path, data, key=f"t{number}")
        assert answer.status_code == 200, answer.content
        assert answer.json()["kind"] == kind
