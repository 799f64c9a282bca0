"""Taking no part in an item: out of its polls, in the log, and without its papers where the body says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecabinet.ledger.models import LedgerEntry
from frontend.queries.meetings import unread
from meetings.actions import live
from meetings.mine import me
from meetings.models import DocumentVersion, Membership, Recusal
from meetings.permissions import can_read_version
from meetings.projection import live_state
from meetings.queries import programme
from tests import cast as casting
from tests.meetings.live_room import Room
from tests.meetings.test_live_commands import refusal
from voting.models import Elector, Poll

pytestmark = pytest.mark.django_db
STEP_UP: Any = {"fresh": True, "url": ""}


def seat(room: Room) -> Membership:
    return room.cast.body.memberships.get(user=room.cast.member)


def recuse(room: Room, **words: object) -> None:
    room.do("declare_recusal", room.cast.member, item_id=room.item.pk, reason="conflict", **words)


def test_who_withdrew_has_no_ballot_stands_apart_in_the_result_and_in_the_log(room: Room) -> None:
    recuse(room, note=" Là cổ đông ")
    poll, cast = room.open_poll(), room.cast
    assert Elector.objects.get(poll=poll, user=cast.member).entitlement == "recused"
    vote = {"meeting_id": room.meeting.pk, "poll_id": poll, "choice": "for", "key": "k"}
    assert refusal(lambda: live.cast_ballot(actor=cast.member, **vote)) == ("elector_recused", 403)
    for user in (cast.chair, cast.second):
        live.cast_ballot(actor=user, **vote)
    room.do("close_poll", poll_id=poll)
    verdict = Poll.objects.get(pk=poll).verdict
    # The Government's rule keeps the mandate in the base; it is never counted as an abstention.
    assert (verdict["recused"], verdict["counts"]["abstain"], verdict["base"]) == (1, 0, 3)
    told = bytes(LedgerEntry.objects.get(act="recusal.declared").body).decode()
    assert json.loads(told)["details"]["class"] == "conflict"
    assert "cổ đông" not in told


def test_the_rule_says_whether_the_base_shrinks(room: Room) -> None:
    room.cast.body.rule_preset = "simple-majority-present"
    room.cast.body.save()
    recuse(room)
    poll = room.open_poll()
    view = live_state(room.meeting, "desk")["poll"]
    assert view is not None
    assert (view["base"], view["expected"], view["electors"]) == (2, 2, 3)
    room.do("close_poll", poll_id=poll)


def test_who_is_away_is_absent_whether_recused_or_not(room: Room) -> None:
    recuse(room)
    room.do("set_presence", room.cast.member, presence="absent")
    poll = room.open_poll()
    assert Elector.objects.get(poll=poll, user=room.cast.member).entitlement == "absent"


def test_seats_and_desk_show_it_and_only_the_desk_says_why(room: Room) -> None:
    recuse(room, note="Là cổ đông")
    for audience in ("member", "observer", "projector", "desk"):
        state = live_state(room.meeting, audience)
        assert [s["name"] for s in state["seats"] if s["recused"]] == ["Member"]
        assert ("cổ đông" in str(state)) is (audience == "desk")
    mine = me(room.cast.member, room.meeting, STEP_UP)["recusal"]
    assert mine == {
        "reason": "conflict",
        "note": "Là cổ đông",
        "may_take_back": True,
        "hides_papers": False,
    }
    assert me(room.cast.second, room.meeting, STEP_UP)["recusal"] is None


def test_it_can_be_taken_back_until_a_poll_was_opened(room: Room) -> None:
    item = {"item_id": room.item.pk}
    back = lambda: room.do("take_back_recusal", room.cast.member, **item)  # noqa: E731  # two words
    assert refusal(back) == ("not_recused", 409)
    recuse(room)
    assert refusal(lambda: recuse(room)) == ("already_recused", 409)
    room.do("cancel_poll", poll_id=room.open_poll())
    assert back().kind == "recusal.taken_back"
    assert not Recusal.objects.exists()
    recuse(room)
    poll = room.open_poll()
    assert refusal(back) == ("item_polled", 409)
    late = lambda: room.do("declare_recusal", room.cast.second, **item, reason="other")  # noqa: E731
    assert refusal(late) == ("poll_open", 409)
    room.do("close_poll", poll_id=poll)
    assert refusal(back) == ("item_polled", 409)


def test_the_desk_records_it_for_a_member_and_members_only_their_own(room: Room) -> None:
    words = {"item_id": room.item.pk, "reason": "other", "membership_id": seat(room).pk}
    assert refusal(lambda: room.do("declare_recusal", room.cast.second, **words)) == ("denied", 403)
    room.do("declare_recusal", **words)
    assert Recusal.objects.get().membership == seat(room)
    assert refusal(lambda: room.do("declare_recusal", item_id=room.item.pk, reason="other")) == (
        "no_mandate",
        403,
    )
    wrong = lambda: room.do("declare_recusal", room.cast.second, item_id=room.item.pk, reason="x")  # noqa: E731
    assert refusal(wrong) == ("unknown_reason", 422)


def test_papers_are_withheld_while_it_lasts_where_the_body_says_so(room: Room) -> None:
    versions = list(DocumentVersion.objects.all())
    browser, cast = casting.client(room.cast.member), room.cast
    address = f"/papers/{versions[0].pk}/file"
    recuse(room)
    assert browser.get(address).status_code == 200
    cast.body.recusal_hides_papers = True
    cast.body.save()
    assert not any(can_read_version(cast.member, version) for version in versions)
    assert browser.get(address).status_code == 404
    assert browser.get(f"/papers/{versions[0].pk}/").status_code == 404
    assert not unread(cast.member).exists()
    assert programme(room.meeting, cast.member).papers == ()
    assert f"/papers/{versions[0].pk}/" not in browser.get(f"/meetings/{room.meeting.pk}/").content.decode()
    assert can_read_version(cast.second, versions[0])
    assert len(programme(room.meeting, cast.second).papers) == 3
    room.do("take_back_recusal", cast.member, item_id=room.item.pk)
    assert browser.get(address).status_code == 200
