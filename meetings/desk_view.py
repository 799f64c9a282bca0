"""What screens show of the programme, the consent list and recusals: pure, from the facts."""

from __future__ import annotations

from meetings.desk_types import (
    ItemMarks,
    Presenter,
    PulledBy,
    RecusalView,
    Reopened,
    RollCallView,
    SpeechView,
)
from meetings.models import AgendaItem, FloorRequest, Recusal, RollCall
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
        "roll_call": _last_roll_call(facts, item),
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


def speaker_name(row: FloorRequest) -> str:
    """Who stands at the microphone: the member, or the substitute of an absent one."""
    return row.substitute or row.membership.user.full_name


def in_place_of(row: FloorRequest) -> str:
    return row.membership.user.full_name if row.substitute else ""


def speeches(facts: LiveFacts) -> list[SpeechView]:
    """Finished ones, by time."""
    spoken = [row for row in facts.floor if row.given_at and row.ended_at]
    return [_speech(row) for row in sorted(spoken, key=lambda row: (row.given_at, row.pk))]


def _speech(row: FloorRequest) -> SpeechView:
    given_at, ended_at = row.given_at or row.requested_at, row.ended_at or row.requested_at
    return {
        "item_id": row.item_id,
        "membership_id": row.membership_id,
        "name": speaker_name(row),
        "kind": row.kind,
        "given_at": moment(given_at),
        "seconds": int((ended_at - given_at).total_seconds()),
    }


def _last_roll_call(facts: LiveFacts, item: AgendaItem) -> RollCallView | None:
    counted = [row for row in facts.roll_calls if row.item_id == item.pk and row.poll_id]
    return roll_call_view(counted[-1]) if counted else None


def pending_roll_calls(facts: LiveFacts) -> list[RollCallView]:
    """Entered, waiting for the second person."""
    return [roll_call_view(row) for row in facts.roll_calls if row.poll_id is None]


def roll_call_view(row: RollCall) -> RollCallView:
    return {
        "item_id": row.item_id,
        "poll_id": row.poll_id,
        "held_at": row.sheet["held_at"],
        "entered_by": row.entered_by.full_name,
        "confirmed_by": row.confirmed_by.full_name if row.confirmed_by else "",
    }


def presenter(facts: LiveFacts) -> Presenter | None:
    row = facts.presented
    if row is None or row.version_id is None:
        return None
    name = row.presented_by.full_name if row.presented_by else ""
    return {"version_id": row.version_id, "page": row.page, "name": name, "turns": row.turns}
