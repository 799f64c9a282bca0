"""What was put to the vote on an item, and what of it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meetings.enums import DECIDING_POLLS, PollKind
from meetings.models import AgendaItem, ItemPoll
from voting.enums import PollState


def closed_polls(item: AgendaItem) -> list[ItemPoll]:
    """All polls with a result on the item, in the order in which they were held."""
    rows = ItemPoll.objects.filter(item=item, poll__state=PollState.CLOSED)
    return list(rows.select_related("poll").order_by("poll__closed_at", "pk"))


def superseded(polls: Iterable[ItemPoll]) -> set[int]:
    """Ids of the polls in whose place a later one with a result has come."""
    closed = (link for link in polls if link.poll.state == PollState.CLOSED)
    return {link.revote_of_id for link in closed if link.revote_of_id}


def deciding(polls: Sequence[ItemPoll]) -> ItemPoll | None:
    """The poll that decides the item: the last one with a result on the text itself or its options."""
    closed = [link for link in polls if link.poll.state == PollState.CLOSED and link.kind in DECIDING_POLLS]
    return closed[-1] if closed else None


def adopted_amendments(polls: Sequence[ItemPoll]) -> list[ItemPoll]:
    """Amendments that were adopted and still stand, in order."""
    gone = superseded(polls)
    standing = [
        link
        for link in polls
        if link.kind == PollKind.AMENDMENT
        and link.poll.state == PollState.CLOSED
        and link.pk not in gone
        and (link.poll.verdict or {}).get("adopted")
    ]
    return sorted(standing, key=lambda link: (link.number, link.pk))
