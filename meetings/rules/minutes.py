"""What a log says of a sitting's times: who was there when, what was on the table, who spoke how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from meetings.rules.replay import Event, Sitting, sittings


@dataclass(frozen=True)
class Span:
    """From one moment to another; ``value`` is a presence, or how an item's time on the table ended."""

    start: datetime
    end: datetime
    value: str

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True)
class Speech:
    membership: int
    item: int
    start: datetime
    end: datetime
    kind: str
    substitute: str  # who spoke for the member

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


def timed(events: Sequence[Event]) -> list[tuple[datetime, Sitting]]:
    """The sitting after each event, with the event's time."""
    _before, *after = sittings(events)
    return [(event.at, sitting) for event, sitting in zip(events, after, strict=True)]


def presence_spans(events: Sequence[Event]) -> dict[int, list[Span]]:
    """Where each mandate was from the opening to the adjournment, by membership; equal neighbours are one."""
    spans: dict[int, list[Span]] = {}
    for (start, sitting), end in _while_sitting(events):
        for pk, seat in sitting.seats.items():
            _extend(spans.setdefault(pk, []), Span(start, end, seat.presence))
    return spans


def _while_sitting(events: Sequence[Event]) -> Iterator[tuple[tuple[datetime, Sitting], datetime]]:
    """Each state of the sitting that lasted, with its end."""
    rows = timed(events)
    for row, (end, _after) in pairwise(rows):
        if row[1].state == "in_session":
            yield row, end


def _extend(spans: list[Span], span: Span) -> None:
    if spans and spans[-1].value == span.value and spans[-1].end == span.start:
        spans[-1] = Span(spans[-1].start, span.end, span.value)
    else:
        spans.append(span)


def table_spans(events: Sequence[Event], item: int) -> list[Span]:
    """When the item was on the table; ``value`` is the state it left in."""
    rows, spans = timed(events), []
    begun: datetime | None = None
    for at, sitting in rows:
        on_table = sitting.current == item
        if begun is not None and (not on_table or sitting.item(item).started_at != begun):
            spans.append(Span(begun, at, sitting.item(item).state))
            begun = None
        if on_table and begun is None:
            begun = at
    return spans


def speeches(sitting: Sitting) -> list[Speech]:
    """All speeches that have ended, in the order in which they began."""
    found = [
        Speech(wish.membership, wish.item, wish.given_at, wish.ended_at, wish.kind, wish.substitute)
        for wish in sitting.wishes.values()
        if wish.given_at is not None and wish.ended_at is not None
    ]
    return sorted(found, key=lambda speech: speech.start)


def total_seconds(parts: Iterable[Span | Speech]) -> int:
    return sum(part.seconds for part in parts)
