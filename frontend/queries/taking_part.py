"""How the reader takes part in each item: may they pull it, have they withdrawn from it."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.enums import MeetingState, RecusalReason
from meetings.models import ItemPoll, Recusal
from meetings.queries import Programme, ProgrammeItem
from meetings.queries.consent import Objector, is_listed, objectors
from voting.enums import PollState

OPEN = (MeetingState.DISTRIBUTED, MeetingState.IN_SESSION)


@dataclass(frozen=True)
class TakingPart:
    """The reader and one item; ``objectors`` keep it off the consent list."""

    objectors: tuple[Objector, ...]
    may_pull: bool
    recusal: Recusal | None
    may_recuse: bool
    may_take_back: bool

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return RecusalReason.choices


def taking_part(plan: Programme) -> dict[int, TakingPart]:
    """By item, in a constant number of queries."""
    items = [row.item for row in plan.items]
    pulled = objectors(plan.meeting, items)
    own = Recusal.objects.filter(item__in=items, membership=plan.membership)
    recusals = {row.item_id: row for row in own}
    polls = ItemPoll.objects.filter(item__in=items).exclude(poll__state=PollState.CANCELLED)
    polled = set(polls.values_list("item_id", flat=True))
    active = plan.votes and plan.meeting.state in OPEN
    return {
        row.item.pk: _one(row, tuple(pulled.get(row.item.pk, ())), recusals, active, row.item.pk in polled)
        for row in plan.items
    }


def _one(
    row: ProgrammeItem,
    pulled: tuple[Objector, ...],
    recusals: dict[int, Recusal],
    active: bool,
    polled: bool,
) -> TakingPart:
    recusal = recusals.get(row.item.pk)
    return TakingPart(
        objectors=pulled,
        may_pull=active and is_listed(row.item) and not pulled,
        recusal=recusal,
        may_recuse=active and recusal is None and not polled and not row.on_paper,
        may_take_back=active and recusal is not None and not polled,
    )
