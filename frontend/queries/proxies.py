"""A member's own vote in a meeting: given to another, received from others, or free to give."""

from __future__ import annotations

from dataclasses import dataclass

from ecabinet.accounts.models import User
from meetings.enums import MeetingState
from meetings.models import Meeting, Membership, Proxy
from meetings.permissions import membership_of
from meetings.queries.live import voting_members
from meetings.queries.proxies import proxies_in_force


@dataclass(frozen=True)
class OwnProxy:
    given: Proxy | None
    received: tuple[Proxy, ...]
    offered: tuple[Membership, ...]  # who may still take the vote; empty where none may be given


def own_proxy(user: User, meeting: Meeting) -> OwnProxy | None:
    """None where the body allows no proxies, the meeting is over, or the person has no vote."""
    member = membership_of(user, meeting.body)
    over = meeting.state not in (MeetingState.DISTRIBUTED, MeetingState.IN_SESSION)
    if not meeting.body.proxies or over or member is None or not member.votes:
        return None
    rows = proxies_in_force(meeting)
    given = next((row for row in rows if row.represented_id == member.pk), None)
    received = tuple(row for row in rows if row.acting_id == member.pk)
    return OwnProxy(given, received, () if given or received else _offered(meeting, member, rows))


def _offered(meeting: Meeting, member: Membership, rows: tuple[Proxy, ...]) -> tuple[Membership, ...]:
    held = [row.acting_id for row in rows]
    gone = {row.represented_id for row in rows}
    return tuple(
        one
        for one in voting_members(meeting)
        if one != member and one.pk not in gone and held.count(one.pk) < meeting.body.proxies
    )
