"""Votes given to another member: who may, when they sleep, and that no mandate ever counts twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from meetings import mine
from meetings.actions import live
from meetings.actions.bodies import add_member
from meetings.decision_files import _poll_data
from meetings.models import ItemPoll, LiveEvent, Proxy
from meetings.models.proxies import Proxy as Row
from meetings.projection import live_state
from meetings.queries.proxies import awake
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.models import Ballot, Elector, Poll
from voting.queries import current_ballots, tally

pytestmark = pytest.mark.django_db
FRESH: mine.StepUp = {"fresh": True, "url": ""}


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    """Nobody is here yet; each member may act for one other."""
    made = Room(tmp_path)
    allow(made, 1)
    return made


def allow(room: Room, proxies: int, **settings: object) -> None:
    for name, value in {"proxies": proxies, **settings}.items():
        setattr(room.cast.body, name, value)
    room.cast.body.save()


def mandate(room: Room, user: User) -> int:
    return int(room.cast.body.memberships.get(user=user).pk)


def give(room: Room, giver: User, acting: User) -> int:
    return int(room.do("give_proxy", giver, acting=mandate(room, acting)).body["proxy"])


def refusal(act: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        act()
    assert str(caught.value)
    return caught.value.code, caught.value.status


def sit(room: Room, *here: User) -> None:
    room.do("start")
    room.check_in(*here)
    room.do("call_item", item_id=room.item.pk)


def vote(room: Room, poll: int, user: User, choice: str, *, on: User | None = None, key: str = "k") -> None:
    of = mandate(room, on) if on else None
    live.cast_ballot(
        actor=user, meeting_id=room.meeting.pk, poll_id=poll, choice=choice, mandate=of, key=f"{key}{of}"
    )


def test_one_member_casts_two_mandates_each_with_its_own_choice(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member)
    poll = room.open_poll()
    vote(room, poll, cast.member, "for")
    vote(room, poll, cast.member, "against", on=cast.second)
    vote(room, poll, cast.chair, "for")
    room.do("close_poll", poll_id=poll)
    rows = {b.elector.name: (b.choice, b.cast_by) for b in current_ballots(Poll.objects.get(pk=poll))}
    assert rows == {
        "Chair": ("for", cast.chair),
        "Member": ("for", cast.member),
        "Second": ("against", cast.member),
    }
    view = live_state(room.meeting, "projector")["poll"]
    assert view is not None
    assert {row["membership_id"]: row["proxy"] for row in view["results"]} == {
        mandate(room, cast.chair): "",
        mandate(room, cast.member): "",
        mandate(room, cast.second): "Member",
    }
    assert (view["verdict"] or {})["in_favour"] == 2
    opened = LiveEvent.objects.get(kind="poll.opened").body
    assert [(row["represented"], row["acting"]) for row in opened["proxies"]] == [("Second", "Member")]
    kept = _poll_data(ItemPoll.objects.get(poll=poll))["ballots"]
    assert isinstance(kept, list)
    assert [(row["name"], row.get("cast_by")) for row in kept] == [
        ("Chair", None),
        ("Member", None),
        ("Second", "Member"),
    ]


def test_a_card_for_each_mandate_with_its_own_receipt(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member)
    poll = room.open_poll()
    vote(room, poll, cast.member, "against", on=cast.second)
    mine_now = mine.me(cast.member, room.meeting, FRESH)["poll"]
    assert mine_now is not None
    own, other = mine_now["ballots"]
    assert (own["own"], own["ballot"], own["may_cast"]) == (True, None, True)
    assert (other["own"], other["name"], (other["ballot"] or {})["choice"]) == (False, "Second", "against")
    vote(room, poll, cast.member, "for")
    own, other = (mine.me(cast.member, room.meeting, FRESH)["poll"] or {})["ballots"]
    assert own["ballot"]["receipt"] != other["ballot"]["receipt"]
    theirs = mine.me(cast.second, room.meeting, FRESH)["poll"]
    assert theirs is not None
    assert (theirs["may_cast"], theirs["why_not"], theirs["ballot"]) == (False, "represented", None)
    assert theirs["ballots"][0]["acting"] == "Member"


def test_a_member_who_is_here_votes_themselves(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member, cast.second)
    poll = room.open_poll()
    on_behalf = lambda: vote(room, poll, cast.member, "for", on=cast.second)  # noqa: E731  # two words
    assert refusal(on_behalf) == ("not_elector", 403)
    vote(room, poll, cast.second, "for")
    assert not Elector.objects.exclude(proxy=None).exists()
    desk = live_state(room.meeting, "desk")["desk"]
    assert desk is not None
    assert [row["asleep"] for row in desk["proxies"]] == [True]


def test_a_proxy_whose_holder_is_away_votes_for_nobody(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member, cast.second)
    room.do("set_presence", cast.second, presence="absent")
    room.do("set_presence", cast.member, presence="absent")
    allow(room, 1, rule_preset="consensus")
    assert refusal(room.open_poll) == ("no_quorum", 409)
    assert live_state(room.meeting, "member")["attendance"]["represented"] == 0


def test_who_takes_no_part_in_an_item_neither_votes_for_others_nor_is_voted_for(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member)
    room.do("declare_recusal", cast.member, item_id=room.item.pk, reason="conflict")
    shown = {seat["membership_id"]: seat["proxy"] for seat in live_state(room.meeting, "member")["seats"]}
    assert shown[mandate(room, cast.second)] == ""
    poll = room.open_poll()
    assert standings(poll) == {"Chair": "present", "Member": "recused", "Second": "absent"}
    on_behalf = lambda: vote(room, poll, cast.member, "for", on=cast.second)  # noqa: E731  # two words
    assert refusal(on_behalf) == ("not_elector", 403)
    room.do("cancel_poll", poll_id=poll)
    room.do("take_back_recusal", cast.member, item_id=room.item.pk)
    room.do(
        "declare_recusal",
        item_id=room.item.pk,
        reason="conflict",
        membership_id=mandate(room, cast.second),
    )
    poll = room.open_poll()
    assert standings(poll) == {"Chair": "present", "Member": "present", "Second": "recused"}
    assert refusal(on_behalf) == ("not_elector", 403)


def standings(poll: int) -> dict[str, str]:
    """Of a poll in which nobody acts for another."""
    rows = Elector.objects.filter(poll=poll)
    assert {row.proxy_id for row in rows} == {None}
    return {row.name: row.entitlement for row in rows}


def test_at_a_roll_call_on_paper_each_mandate_is_answered_on_the_sheet(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member)
    words = {cast.chair: "for", cast.member: "for", cast.second: "absent"}
    answers = {mandate(room, user): word for user, word in words.items()}
    entered = room.do("enter_roll_call", item_id=room.item.pk, answers=answers, held_at=clock.now())
    room.do("confirm_roll_call", cast.chair, item_id=room.item.pk, digest=entered.body["digest"])
    poll = ItemPoll.objects.get()
    assert standings(poll.poll_id) == {"Chair": "present", "Member": "present", "Second": "absent"}
    assert poll.poll.text_sha256 == poll.basis["draft"]


def test_what_was_frozen_stays_when_members_come_and_settings_change(room: Room) -> None:
    cast = room.cast
    given = give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member)
    poll = room.open_poll()
    before = list(Elector.objects.filter(poll=poll).values())
    room.do("set_presence", cast.second, presence="present")
    allow(room, 0)
    Proxy.objects.filter(pk=given).delete()
    assert list(Elector.objects.filter(poll=poll).values()) == before
    assert refusal(lambda: vote(room, poll, cast.second, "for")) == ("elector_represented", 403)
    vote(room, poll, cast.member, "for", on=cast.second)
    vote(room, poll, cast.member, "for")
    room.do("close_poll", poll_id=poll)
    assert tally(Poll.objects.get(pk=poll)).in_favour == 2
    assert Ballot.objects.count() == 2
    assert not Elector.objects.filter(poll=room.open_poll()).exclude(proxy=None).exists()


def test_a_proxy_ends_until_a_poll_opens(room: Room) -> None:
    cast = room.cast
    given = give(room, cast.second, cast.member)
    sit(room, cast.chair, cast.member)
    poll = room.open_poll()
    revoke = lambda user: room.do("revoke_proxy", user, proxy_id=given)  # noqa: E731  # two words
    assert refusal(lambda: revoke(cast.second)) == ("poll_open", 409)
    room.do("cancel_poll", poll_id=poll)
    assert refusal(lambda: revoke(cast.chair.__class__.objects.get(full_name="Outsider"))) == (
        "meeting_not_found",
        404,
    )
    revoke(cast.second)
    assert refusal(lambda: revoke(cast.second)) == ("proxy_not_found", 404)
    kinds = LiveEvent.objects.filter(kind__startswith="proxy.").values_list("kind", "body__represented")
    assert list(kinds) == [(kind, mandate(room, cast.second)) for kind in ("proxy.given", "proxy.revoked")]
    assert LedgerEntry.objects.filter(act__startswith="proxy.").count() == 2
    give(room, cast.second, cast.chair)


def test_who_may_give_a_vote_to_whom(room: Room) -> None:
    cast = room.cast
    member, second = mandate(room, cast.member), mandate(room, cast.second)
    to = lambda user, acting, **words: room.do("give_proxy", user, acting=acting, **words)  # noqa: E731  # short
    assert refusal(lambda: to(cast.member, member)) == ("proxy_is_self", 400)
    assert refusal(lambda: to(cast.member, 0)) == ("member_not_found", 404)
    assert refusal(lambda: to(cast.member, member, represented=second)) == ("denied", 403)
    assert refusal(lambda: to(cast.clerk, member)) == ("no_mandate", 403)
    assert refusal(lambda: to(cast.clerk, member, represented=second)) == ("note_missing", 400)
    given = to(cast.clerk, member, represented=second, note="Công văn số 12")
    assert Proxy.objects.get().note == "Công văn số 12"
    assert "Công văn" not in str(bytes(LedgerEntry.objects.get(act="proxy.given").body), "utf-8")
    assert refusal(lambda: to(cast.second, mandate(room, cast.chair))) == ("proxy_given", 409)
    assert refusal(lambda: to(cast.member, mandate(room, cast.chair))) == ("proxy_chain", 409)
    assert refusal(lambda: to(cast.chair, second)) == ("proxy_chain", 409)
    assert refusal(lambda: to(cast.chair, member)) == ("proxy_full", 409)
    room.do("revoke_proxy", cast.clerk, proxy_id=given.body["proxy"])
    allow(room, 0)
    assert refusal(lambda: to(cast.second, member)) == ("proxies_not_allowed", 409)


def test_after_the_adjournment_nothing_is_given(room: Room) -> None:
    sit(room, room.cast.chair, room.cast.member)
    room.do("adjourn")
    act = lambda: give(room, room.cast.second, room.cast.member)  # noqa: E731  # two words
    assert refusal(act) == ("proxies_closed", 409)


def test_represented_members_make_a_quorum_only_where_the_body_says_so(room: Room) -> None:
    cast = room.cast
    give(room, cast.second, cast.chair)
    sit(room, cast.chair)
    assert refusal(room.open_poll) == ("no_quorum", 409)
    assert live_state(room.meeting, "member")["attendance"]["quorate"] is False
    allow(room, 1, proxies_in_quorum=True)
    room.meeting.refresh_from_db()
    shown = live_state(room.meeting, "member")["attendance"]
    assert (shown["present"], shown["represented"], shown["quorate"]) == (1, 1, True)
    assert Poll.objects.get(pk=room.open_poll()).electors.filter(entitlement="present").count() == 2


def test_a_mandate_that_gave_its_vote_is_named_when_it_is_to_be_removed(room: Room) -> None:
    give(room, room.cast.second, room.cast.member)
    body = type(room.cast.body).objects.get()
    body.memberships = [row for row in body.memberships.all() if row.user_id != room.cast.second.pk]
    from meetings.actions.bodies import save_body

    assert refusal(lambda: save_body(actor=room.cast.manager, body=body)) == ("membership_used", 409)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=12),
    here=st.sets(st.integers(1, 8)),
    limit=st.integers(0, 3),
)
def test_nobody_acts_for_more_than_allowed_and_no_mandate_twice(
    pairs: list[tuple[int, int]], here: set[int], limit: int
) -> None:
    from meetings.models import Membership

    people = {pk: Membership(pk=pk) for pk in range(1, 9)}
    once = {giver: acting for giver, acting in pairs if giver != acting}
    rows = [Row(represented=people[giver], acting=people[acting]) for giver, acting in once.items()]
    acts = awake(rows, limit=limit, voting=set(people), here=here)
    held = [member.pk for member in acts.values()]
    assert all(held.count(pk) <= limit for pk in held)
    assert not set(acts) & here
    assert set(held) <= here


def test_several_mandates_of_one_hand_count_once_each(room: Room) -> None:
    """However often and for whomever one person casts, there is one vote per mandate."""
    cast = room.cast
    extra = [casting.person(f"Extra {n}") for n in range(3)]
    for user in extra:
        add_member(actor=cast.manager, body=cast.body, user=user, starts_on=casting.LONG_AGO)
    allow(room, 3, proxies_in_quorum=True)
    for user in extra:
        give(room, user, cast.member)
    sit(room, cast.chair, cast.member, cast.second)
    poll = room.open_poll()
    for turn in ("first", "second"):
        for user in (None, *extra):
            vote(room, poll, cast.member, "for", on=user, key=turn)
    assert Ballot.objects.count() == 8
    room.do("close_poll", poll_id=poll)
    verdict = tally(Poll.objects.get(pk=poll))
    assert (verdict.in_favour, verdict.base, verdict.silent, verdict.adopted) == (4, 6, 2, True)
