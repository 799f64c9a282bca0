"""What screens show of the programme, the consent list and recusals: pure, from the facts."""

from __future__ import annotations

from meetings.desk_types import ItemMarks, PulledBy, RecusalView, Reopened
from meetings.models import AgendaItem, Recusal
from meetings.poll_view import moment
from meetings.queries.consent import Objector, is_listed
from meetings.queries.live import LiveFacts


def item_marks(facts: LiveFacts, item: AgendaItem) -> ItemMarks:
    pulled = facts.objectors.get(item.pk, [])
    adoption = facts.adoptions.get(item.pk)
    return {
        "in_block": is_listed(item) and not pulled,
        "pulled_by": [_pulled_by(one) for one in pulled],
        "against": facts.against.get(item.pk, 0),
        "adopted_at": moment(adoption.adopted_at) if adoption else None,
        "reopened": _reopened(item),
    }


def _pulled_by(one: Objector) -> PulledBy:
    return {"membership_id": one.membership_id, "name": one.name, "stance": one.stance}


def _reopened(item: AgendaItem) -> Reopened | None:
    return {"at": moment(item.reopened_at), "reason": item.reopen_reason} if item.reopened_at else None


def takes_no_part(facts: LiveFacts, membership_id: int) -> bool:
    """In the item on the table."""
    current = facts.current
    here = (row for row in facts.recusals if current and row.item_id == current.pk)
    return any(row.membership_id == membership_id for row in here)


def recusal_view(row: Recusal) -> RecusalView:
    return {
        "item_id": row.item_id,
        "membership_id": row.membership_id,
        "reason": row.reason,
        "note": row.note,
    }
