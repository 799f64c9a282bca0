"""Ballots of many members, cast together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ecabinet.accounts.models import User
from ecabinet.common.errors import DomainError
from ecabinet.common.sparse import answered
from meetings.models import ItemPoll, Meeting
from meetings.permissions import members_of, readers_of
from meetings.poll_view import mandate_key
from meetings.snapshots import push_turnout
from voting import actions as voting
from voting.ballots import BallotRequest
from voting.receipts import Receipt


@dataclass(frozen=True)
class OfferedBallot:
    """What ``cast_ballot`` takes."""

    actor: User
    meeting_id: int
    poll_id: int
    choice: str
    key: str
    comment: str = ""
    mandate: int | None = None


def cast_ballots(ballots: Sequence[OfferedBallot]) -> list[Receipt | None]:
    """``cast_ballot`` for many at once: returns after their common COMMIT, in their order.

    None where there is anything to say against a ballot: nothing of it is written, and ``cast_ballot``
    tells the reason.
    """
    answers = answered(_requests(ballots), voting.cast_all)
    receipts = [None if isinstance(answer, DomainError) else answer for answer in answers]
    for pk in {each.meeting_id for each, receipt in zip(ballots, receipts, strict=True) if receipt}:
        push_turnout(pk)
    return receipts


def _requests(ballots: Sequence[OfferedBallot]) -> list[BallotRequest | None]:
    """For each what is put to the poll, or None: it may not be read, or the actor holds no mandate there."""
    meetings = Meeting.objects.select_related("body").in_bulk({each.meeting_id for each in ballots})
    actors = {each.actor.pk for each in ballots}
    halls = {pk: _Hall(meeting, actors) for pk, meeting in meetings.items()}
    return [halls[each.meeting_id].request(each) if each.meeting_id in halls else None for each in ballots]


class _Hall:
    """The polls of a meeting, who may read it, and the mandates of these persons in its body."""

    def __init__(self, meeting: Meeting, actors: Collection[int]) -> None:
        self._polls = set(ItemPoll.objects.filter(item__meeting=meeting).values_list("poll", flat=True))
        self._readers = readers_of(meeting)
        self._members = members_of(meeting.body, actors)

    def request(self, ballot: OfferedBallot) -> BallotRequest | None:
        member = self._members.get(ballot.actor.pk)
        if member is None or ballot.actor.pk not in self._readers or ballot.poll_id not in self._polls:
            return None
        mandate = mandate_key(ballot.mandate or member.pk)
        return BallotRequest(ballot.actor, ballot.poll_id, mandate, ballot.choice, ballot.key, ballot.comment)
