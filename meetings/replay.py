"""Any sitting again, from its log alone: what screens showed after each event.

The log says what happened, the polls what was frozen in them; the same projection that draws the live
room draws the past. While a poll is open its ballots are not told: they are not events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Model

from meetings.live_types import Audience, LiveState
from meetings.models import (
    AgendaItem,
    Attendance,
    ConsentAdoption,
    FloorRequest,
    ItemPoll,
    LiveEvent,
    Meeting,
    Proxy,
    Recusal,
)
from meetings.projection import live_state, project
from meetings.queries.consent import Objector
from meetings.queries.live import (
    Head,
    LiveFacts,
    PollFacts,
    held_order,
    live_facts,
    outcomes_of,
    papers_of,
    poll_facts,
)
from meetings.rules.replay import Event, ItemRun, PollRun, Sitting, Wish, sittings
from voting.enums import PollState

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Past:
    """One reading of a meeting: what does not change while it sits, and its log."""

    facts: LiveFacts
    events: tuple[Event, ...]
    polls: Mapping[int, PollFacts]  # withdrawn ones too, by id, in the order of opening

    def sittings(self) -> Iterator[Sitting]:
        """Before the first event, then after each. Raises Unreplayable."""
        return sittings(self.events)

    def at(self, seq: int) -> LiveFacts:
        """Everything the projection needs, as it stood after event ``seq`` (0: before the first)."""
        *_earlier, sitting = sittings(self.events[:seq])
        return self._facts(sitting)

    def states(self, audience: Audience) -> Iterator[LiveState]:
        """What the audience's screens showed, from before the first event on."""
        return (project(self._facts(sitting), audience) for sitting in self.sittings())

    def _facts(self, sitting: Sitting) -> LiveFacts:
        items = tuple(_item(item, sitting.item(item.pk)) for item in self.facts.items)
        meeting = _changed(
            self.facts.meeting,
            state=sitting.state,
            seq=sitting.seq,
            started_at=sitting.started_at,
            adjourned_at=sitting.adjourned_at,
        )
        current = next((item for item in items if item.pk == sitting.current), None)
        polls = self._polls(sitting)
        links = tuple(poll.link for poll in polls)
        shown = [poll for poll in polls if poll.item_id == sitting.current]
        return replace(
            self.facts,
            head=Head(sitting.seq, 0),
            meeting=meeting,
            items=items,
            attendances=_attendances(meeting, sitting),
            floor=_floor(self.facts, sitting),
            papers=papers_of(meeting, current) if current else (),
            outcomes=outcomes_of(links),
            poll=shown[-1] if shown else None,
            polls=links,
            proxies=_proxies(self.facts, sitting),
            stances={},
            objectors=_objectors(self.facts, sitting),
            adoptions=_adoptions(sitting),
            recusals=_recusals(sitting),
            roll_calls=tuple(row for row in self.facts.roll_calls if row.poll_id in sitting.roll_calls),
            presented=None,
        )

    def _polls(self, sitting: Sitting) -> list[PollFacts]:
        """Those that count, by when they were held; what is open comes last."""
        told = [self._poll(pk, run) for pk, run in sitting.polls.items() if run.state != "cancelled"]
        return sorted(told, key=lambda facts: held_order(facts.poll))

    def _poll(self, pk: int, run: PollRun) -> PollFacts:
        frozen = self.polls[pk]
        if run.state == "closed":
            return frozen
        poll = _changed(frozen.poll, state=PollState.OPEN, closed_at=None, verdict=None)
        return replace(frozen, poll=poll, link=_changed(frozen.link, poll=poll), choices={})


def past(meeting_id: int) -> Past:
    """Raises Meeting.DoesNotExist."""
    rows = ItemPoll.objects.filter(item__meeting=meeting_id).select_related("poll").order_by("pk")
    polls = {row.poll_id: poll_facts(row) for row in rows}
    return Past(live_facts(meeting_id), log_of(meeting_id), polls)


def log_of(meeting_id: int) -> tuple[Event, ...]:
    rows = LiveEvent.objects.filter(meeting=meeting_id).order_by("seq")
    return tuple(Event(row.seq, row.kind, row.body, row.at) for row in rows)


def logged(state: LiveState) -> dict[str, Any]:
    """The state without what is no event: ballots on their way, pages shown, statements made beforehand."""
    known: dict[str, Any] = {**state, "votes": 0, "presenter": None}
    if state["poll"] is not None and state["poll"]["state"] == "open":
        known["poll"] = {**state["poll"], "voted": [], "turnout": 0, "counts": []}
    if state["desk"] is not None:
        known["desk"] = {name: state["desk"][name] for name in ("absences", "recusals", "proxies")}
    return known


def differences(meeting: Meeting) -> list[str]:
    """The parts of the newest state in which replay and projection do not agree; none is as it must be."""
    told = past(meeting.pk)
    replayed, shown = logged(project(told.at(len(told.events)), "desk")), logged(live_state(meeting, "desk"))
    return [name for name in shown if shown[name] != replayed[name]]


def _changed(row: Row, **fields: Any) -> Row:
    """A copy that is never saved."""
    made = copy(row)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _item(item: AgendaItem, run: ItemRun) -> AgendaItem:
    return _changed(
        item,
        state=run.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        conclusion=run.conclusion,
        reopened_at=run.reopened_at,
        reopen_reason=run.reopen_reason,
    )


def _attendances(meeting: Meeting, sitting: Sitting) -> dict[int, Attendance]:
    return {
        pk: Attendance(
            meeting=meeting,
            membership_id=pk,
            presence=seat.presence,
            reason=seat.reason,
            substitute=seat.substitute,
            changed_at=seat.at,
        )
        for pk, seat in sitting.seats.items()
    }


def _objectors(facts: LiveFacts, sitting: Sitting) -> dict[int, list[Objector]]:
    """Who pulled an item by the log; what was stated beforehand is no event and stands as it is."""
    found = {pk: [row for row in rows if row.stance] for pk, rows in facts.objectors.items()}
    for item, membership in sitting.pulls.items():
        rows = facts.objectors.get(item, [])
        pulled = [row for row in rows if not row.stance and row.membership_id == membership]
        found[item] = [*pulled, *found.get(item, [])]
    return {pk: rows for pk, rows in found.items() if rows}


def _adoptions(sitting: Sitting) -> dict[int, ConsentAdoption]:
    adopted = ((pk, run.adopted_at) for pk, run in sitting.items.items())
    return {pk: ConsentAdoption(item_id=pk, adopted_at=at) for pk, at in adopted if at is not None}


def _recusals(sitting: Sitting) -> tuple[Recusal, ...]:
    return tuple(
        Recusal(
            item_id=row.item,
            membership_id=row.membership,
            reason=row.reason,
            note=row.note,
            declared_at=row.at,
        )
        for row in sitting.recusals
    )


def _proxies(facts: LiveFacts, sitting: Sitting) -> tuple[Proxy, ...]:
    members = {member.pk: member for member in facts.members}
    return tuple(
        Proxy(
            pk=pk,
            meeting=facts.meeting,
            represented=members[given.represented],
            acting=members[given.acting],
            note=given.note,
            given_at=given.at,
        )
        for pk, given in sitting.proxies.items()
    )


def _floor(facts: LiveFacts, sitting: Sitting) -> tuple[FloorRequest, ...]:
    rows = (row for row in facts.floor if row.pk in sitting.wishes)
    return tuple(_wish(row, sitting.wishes[row.pk]) for row in rows)


def _wish(row: FloorRequest, wish: Wish) -> FloorRequest:
    return _changed(
        row, state=wish.state, given_at=wish.given_at, ends_at=wish.ends_at, ended_at=wish.ended_at
    )
