"""What concerns only the person who asks: never pushed, always fetched."""

from __future__ import annotations

from ecabinet.accounts.models import User
from meetings.desk_types import MyRecusal
from meetings.enums import FloorState, ItemState, Presence
from meetings.live_types import Me, MyBallot, MyFloor, MyMandate, MyPoll, MyPosition, StepUp
from meetings.models import (
    Attendance,
    FloorRequest,
    ItemPoll,
    Meeting,
    Membership,
    PositionStatement,
    Recusal,
)
from meetings.permissions import can_chair, can_present, can_run_desk, can_vote, membership_of
from meetings.poll_view import mandate_key, moment
from meetings.queries.live import current_item
from voting.enums import Entitlement, PollState
from voting.models import Elector, Poll
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
        "floor": _floor(meeting, member) if member else None,
        "poll": _poll(meeting, user, member),
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


def _poll(meeting: Meeting, user: User, member: Membership | None) -> MyPoll | None:
    """The newest poll of the current item, seen by this person."""
    rows = ItemPoll.objects.filter(item__meeting=meeting, item__state=ItemState.CURRENT)
    link = rows.exclude(poll__state=PollState.CANCELLED).select_related("poll").order_by("-pk").first()
    if link is None:
        return None
    mandate = mandate_key(member.pk) if member else ""
    elector = Elector.objects.filter(poll=link.poll, mandate=mandate, user=user).first()
    reason = _why_not(link.poll, elector)
    return {
        "id": link.poll.pk,
        "may_cast": reason is None,
        "why_not": reason,
        "ballot": _ballot(link.poll, mandate) if elector else None,
    }


def _why_not(poll: Poll, elector: Elector | None) -> str | None:
    if elector is None:
        return "not_elector"
    if poll.state != PollState.OPEN:
        return "closed"
    return None if elector.entitlement == Entitlement.PRESENT else elector.entitlement


def _ballot(poll: Poll, mandate: str) -> MyBallot | None:
    ballot = ballot_of(poll, mandate)
    if ballot is None:
        return None
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
