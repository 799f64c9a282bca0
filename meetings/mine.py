"""What concerns only the person who asks: never pushed, always fetched."""

from __future__ import annotations

from django.db.models import Q

from ecabinet.accounts.models import User
from meetings.desk_types import MyRecusal
from meetings.enums import FloorState, ItemState, Presence
from meetings.models import (
    Attendance,
    FloorRequest,
    ItemPoll,
    Meeting,
    Membership,
    PositionStatement,
    Recusal,
)
from meetings.my_types import (
    Me,
    MyBallot,
    MyFloor,
    MyMandate,
    MyMandateBallot,
    MyPoll,
    MyPosition,
    MyProof,
    MyProxy,
    StepUp,
)
from meetings.permissions import can_chair, can_present, can_run_desk, can_vote, membership_of
from meetings.poll_view import membership_id, moment
from meetings.queries.live import current_item
from meetings.queries.proxies import proxies_in_force
from voting.enums import Entitlement, PollMode, PollState
from voting.models import Ballot, Elector, Poll
from voting.proofs import place_of
from voting.queries import ballot_of, receipt_of


def me(user: User, meeting: Meeting, step_up: StepUp) -> Me:
    """The reader's mandate, ballot, wish to speak and position in this meeting."""
    member = membership_of(user, meeting.body)
    return {
        "seq": meeting.seq,
        "user_id": user.pk,
        "mandate": _mandate(meeting, member) if member else None,
        "can_run_desk": can_run_desk(user, meeting),
        "is_chair": can_chair(user, meeting),
        "may_vote": can_vote(user, meeting),
        "step_up": step_up,
        "proxy": _proxy(meeting, member) if member and member.votes else None,
        "floor": _floor(meeting, member) if member else None,
        "poll": _poll(meeting, user),
        "position": _position(meeting, member) if member else None,
        "recusal": _recusal(meeting, member) if member else None,
        "may_present": _may_present(meeting, user),
    }


def _mandate(meeting: Meeting, member: Membership) -> MyMandate:
    row = Attendance.objects.filter(meeting=meeting, membership=member).first()
    return {
        "membership_id": member.pk,
        "role": member.role,
        "name": member.user.full_name,
        "office": member.office,
        "office_en": member.office_en,
        "votes": member.votes,
        "presence": row.presence if row else Presence.EXPECTED,
    }


def _floor(meeting: Meeting, member: Membership) -> MyFloor | None:
    rows = FloorRequest.objects.filter(item__meeting=meeting, item__state=ItemState.CURRENT)
    own = rows.filter(membership=member, state__in=(FloorState.WAITING, FloorState.SPEAKING)).first()
    if own is None:
        return None
    queue = list(rows.filter(state=FloorState.WAITING).values_list("pk", flat=True))
    place = queue.index(own.pk) + 1 if own.pk in queue else 0
    return {"request_id": own.pk, "state": own.state, "place": place}


def _poll(meeting: Meeting, user: User) -> MyPoll | None:
    """The newest poll of the current item, seen by this person."""
    rows = ItemPoll.objects.filter(item__meeting=meeting, item__state=ItemState.CURRENT)
    link = rows.exclude(poll__state=PollState.CANCELLED).select_related("poll").order_by("-pk").first()
    if link is None:
        return None
    rows_of = [
        _mandate_ballot(meeting, link.poll, user, elector) for elector in _my_electors(link.poll, user)
    ]
    own = next((row for row in rows_of if row["own"]), None)
    reason = own["why_not"] if own else "not_elector"
    return {
        "id": link.poll.pk,
        "may_cast": any(row["may_cast"] for row in rows_of),
        "why_not": reason,
        "ballot": own["ballot"] if own else None,
        "ballots": rows_of,
    }


def _my_electors(poll: Poll, user: User) -> list[Elector]:
    """The mandates this person has in the poll: the own one first, then those they act for."""
    rows = Elector.objects.filter(Q(user=user) | Q(proxy=user), poll=poll)
    return sorted(rows, key=lambda elector: elector.user_id != user.pk)


def _mandate_ballot(meeting: Meeting, poll: Poll, user: User, elector: Elector) -> MyMandateBallot:
    reason = _why_not(poll, user, elector)
    ballot = ballot_of(poll, elector.mandate)
    mine = ballot if ballot is not None and _is_mine(ballot, poll, elector, user) else None
    return {
        "membership_id": membership_id(elector.mandate),
        "name": elector.name,
        "own": elector.user_id == user.pk,
        "acting": elector.proxy_name,
        "may_cast": reason is None,
        "why_not": reason,
        "ballot": _ballot(mine, elector.mandate) if mine else None,
        "proof": _proof(meeting, mine, elector) if mine and poll.state == PollState.CLOSED else None,
    }


def _is_mine(ballot: Ballot, poll: Poll, elector: Elector, user: User) -> bool:
    """Whose hand cast it; at a roll call on paper, whose answer it was."""
    return (elector.user_id if poll.mode == PollMode.ROLL_CALL else ballot.cast_by_id) == user.pk


def _why_not(poll: Poll, user: User, elector: Elector) -> str | None:
    if elector.entitlement != Entitlement.PRESENT:
        return elector.entitlement
    if elector.caster_id != user.pk:
        return "represented"
    return None if poll.state == PollState.OPEN else "closed"


def _proof(meeting: Meeting, ballot: Ballot, elector: Elector) -> MyProof | None:
    place = place_of(ballot)
    if place is None:
        return None
    url = receipt_url(meeting.pk, ballot.poll_id, membership_id(elector.mandate))
    return {"index": place.index, "size": place.size, "url": url}


def receipt_url(meeting_id: int, poll_id: int, mandate: int) -> str:
    """Where the voter fetches the proof as a file to keep."""
    return f"/api/v1/meetings/{meeting_id}/polls/{poll_id}/receipts/{mandate}"


def _proxy(meeting: Meeting, member: Membership) -> MyProxy | None:
    """My vote given to another, and the votes given to me; None where the body allows no proxies."""
    if not meeting.body.proxies:
        return None
    rows = proxies_in_force(meeting)
    given = next((row for row in rows if row.represented_id == member.pk), None)
    return {
        "id": given.pk if given else 0,
        "acting": given.acting.user.full_name if given else "",
        "represented": [row.represented.user.full_name for row in rows if row.acting_id == member.pk],
    }


def _ballot(ballot: Ballot, mandate: str) -> MyBallot:
    return {
        "choice": ballot.choice,
        "revision": ballot.revision,
        "cast_at": moment(ballot.cast_at),
        "receipt": receipt_of(ballot, mandate).code,
    }


def _position(meeting: Meeting, member: Membership) -> MyPosition | None:
    rows = PositionStatement.objects.filter(
        item__meeting=meeting, item__state=ItemState.CURRENT, membership=member
    )
    own = rows.first()
    if own is None:
        return None
    return {"stance": own.stance, "comment": own.comment, "stated_at": moment(own.stated_at)}


def _recusal(meeting: Meeting, member: Membership) -> MyRecusal | None:
    rows = Recusal.objects.filter(item__meeting=meeting, item__state=ItemState.CURRENT, membership=member)
    own = rows.first()
    if own is None:
        return None
    polls = ItemPoll.objects.filter(item=own.item_id).exclude(poll__state=PollState.CANCELLED)
    return {
        "reason": own.reason,
        "note": own.note,
        "may_take_back": not polls.exists(),
        "hides_papers": meeting.body.recusal_hides_papers,
    }


def _may_present(meeting: Meeting, user: User) -> bool:
    item = current_item(meeting)
    return item is not None and can_present(user, item)
