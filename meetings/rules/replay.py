"""A sitting told again from its log: one pure step per kind of event.

A new kind of event joins ``STEPS``; until then it cannot be replayed, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any


@dataclass(frozen=True)
class Event:
    """One row of the log. ``seq`` counts from 1 without gaps; ``at`` is aware."""

    seq: int
    kind: str
    body: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class ItemRun:
    """Where an item stands; ``conclusion`` is the chair's last text."""

    state: str = "waiting"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    conclusion: str = ""
    adopted_at: datetime | None = None  # in the block, without discussion
    reopened_at: datetime | None = None
    reopen_reason: str = ""


@dataclass(frozen=True)
class Recused:
    """A mandate takes no part in an item: the class of reason, and the note."""

    item: int
    membership: int
    reason: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Wish:
    """A wish to speak, from asking to having spoken."""

    membership: int
    item: int
    requested_at: datetime
    state: str = "waiting"
    kind: str = "request"
    substitute: str = ""  # who speaks for an absent member
    given_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Whereabouts:
    """Where a mandate is, since when, and what was said of its absence."""

    presence: str
    at: datetime
    reason: str = ""
    substitute: str = ""


@dataclass(frozen=True)
class PollRun:
    item: int
    state: str  # open, closed, cancelled
    reason: str = ""  # of its being withdrawn


@dataclass(frozen=True)
class Given:
    """A vote given to another mandate, and which notice of it the desk was shown."""

    represented: int
    acting: int
    note: str
    at: datetime


@dataclass(frozen=True)
class Sitting:
    """A meeting after its first ``seq`` events. Maps go by id; what nothing happened to is in none."""

    seq: int = 0
    state: str = "distributed"
    started_at: datetime | None = None
    adjourned_at: datetime | None = None
    items: Mapping[int, ItemRun] = field(default_factory=dict)
    wishes: Mapping[int, Wish] = field(default_factory=dict)
    seats: Mapping[int, Whereabouts] = field(default_factory=dict)
    polls: Mapping[int, PollRun] = field(default_factory=dict)
    pulls: Mapping[int, int] = field(default_factory=dict)  # by item: who took it off the consent list
    recusals: tuple[Recused, ...] = ()  # that last, in the order of being declared
    proxies: Mapping[int, Given] = field(default_factory=dict)  # in force, as they were given
    roll_calls: tuple[int, ...] = ()  # the polls of those that count, in the order of being confirmed

    @property
    def current(self) -> int | None:
        """The item on the table."""
        return next((pk for pk, item in self.items.items() if item.state == "current"), None)

    def item(self, pk: int) -> ItemRun:
        return self.items.get(pk, ItemRun())


class Unreplayable(ValueError):
    """The log has a gap or an event whose kind this version does not know."""


Step = Callable[[Sitting, Event], Sitting]


def sittings(events: Iterable[Event]) -> Iterator[Sitting]:
    """The sitting before the first event, then after each. Raises Unreplayable."""
    return accumulate(events, after, initial=Sitting())


def after(sitting: Sitting, event: Event) -> Sitting:
    step = STEPS.get(event.kind)
    if step is None:
        raise Unreplayable(f"event {event.seq} is of an unknown kind: {event.kind}")
    if event.seq != sitting.seq + 1:
        raise Unreplayable(f"event {event.seq} follows event {sitting.seq}")
    return replace(step(sitting, event), seq=event.seq)


def with_item(sitting: Sitting, pk: int, **changes: Any) -> Sitting:
    return replace(sitting, items={**sitting.items, pk: replace(sitting.item(pk), **changes)})


def with_wish(sitting: Sitting, pk: int, **changes: Any) -> Sitting:
    return replace(sitting, wishes={**sitting.wishes, pk: replace(sitting.wishes[pk], **changes)})


def _started(sitting: Sitting, event: Event) -> Sitting:
    return replace(sitting, state="in_session", started_at=event.at)


def _adjourned(sitting: Sitting, event: Event) -> Sitting:
    return replace(off_the_table(sitting, event.at), state="adjourned", adjourned_at=event.at)


def off_the_table(sitting: Sitting, at: datetime) -> Sitting:
    """The current item is done, its speech over, its queue gone."""
    current = sitting.current
    if current is None:
        return sitting
    wishes = {pk: _cleared(wish, at) if wish.item == current else wish for pk, wish in sitting.wishes.items()}
    return with_item(replace(sitting, wishes=wishes), current, state="done", ended_at=at)


def _cleared(wish: Wish, at: datetime) -> Wish:
    if wish.state == "speaking":
        return replace(wish, state="spoken", ended_at=at)
    return replace(wish, state="withdrawn") if wish.state == "waiting" else wish


def _called(sitting: Sitting, event: Event) -> Sitting:
    free = off_the_table(sitting, event.at)
    return with_item(free, event.body["item"], state="current", started_at=event.at, ended_at=None)


def _ended(sitting: Sitting, event: Event) -> Sitting:
    return off_the_table(sitting, event.at)


def _postponed(sitting: Sitting, event: Event) -> Sitting:
    pk = event.body["item"]
    free = off_the_table(sitting, event.at) if sitting.current == pk else sitting
    return with_item(free, pk, state="postponed", ended_at=event.at)


def _concluded(sitting: Sitting, event: Event) -> Sitting:
    return with_item(sitting, event.body["item"], conclusion=event.body.get("text", ""))


def _presence(sitting: Sitting, event: Event) -> Sitting:
    words = {name: event.body.get(name, "") for name in ("reason", "substitute")}
    where = Whereabouts(event.body["presence"], event.at, **words)
    return replace(sitting, seats={**sitting.seats, **dict.fromkeys(event.body["memberships"], where)})


def _requested(sitting: Sitting, event: Event) -> Sitting:
    how = {name: event.body[name] for name in ("kind", "substitute") if name in event.body}
    wish = Wish(event.body["membership"], event.body["item"], event.at, **how)
    return replace(sitting, wishes={**sitting.wishes, event.body["request"]: wish})


def _given(sitting: Sitting, event: Event) -> Sitting:
    """Who spoke before on this item has finished."""
    for pk, wish in sitting.wishes.items():
        if wish.state == "speaking" and wish.item == event.body["item"]:
            sitting = with_wish(sitting, pk, state="spoken", ended_at=event.at)
    ends_at = event.at + timedelta(seconds=event.body["seconds"])
    return with_wish(sitting, event.body["request"], state="speaking", given_at=event.at, ends_at=ends_at)


def _extended(sitting: Sitting, event: Event) -> Sitting:
    pk = event.body["request"]
    left = max(sitting.wishes[pk].ends_at or event.at, event.at)
    return with_wish(sitting, pk, ends_at=left + timedelta(minutes=event.body["minutes"]))


def _spoken(sitting: Sitting, event: Event) -> Sitting:
    return with_wish(sitting, event.body["request"], state="spoken", ended_at=event.at)


def _withdrawn(sitting: Sitting, event: Event) -> Sitting:
    return with_wish(sitting, event.body["request"], state="withdrawn")


def _poll(state: str) -> Step:
    # The reason of an event is why the vote was put again, or why the verdict is what it is.
    def step(sitting: Sitting, event: Event) -> Sitting:
        return replace(
            sitting, polls={**sitting.polls, event.body["poll"]: PollRun(event.body["item"], state)}
        )

    return step


def _cancelled(sitting: Sitting, event: Event) -> Sitting:
    poll = PollRun(event.body["item"], "cancelled", event.body.get("reason", ""))
    return replace(sitting, polls={**sitting.polls, event.body["poll"]: poll})


def _vote_given(sitting: Sitting, event: Event) -> Sitting:
    body = event.body
    given = Given(body["represented"], body["acting"], body["reason"], event.at)
    return replace(sitting, proxies={**sitting.proxies, body["proxy"]: given})


def _vote_taken_back(sitting: Sitting, event: Event) -> Sitting:
    left = {pk: given for pk, given in sitting.proxies.items() if pk != event.body["proxy"]}
    return replace(sitting, proxies=left)


def _on_paper(sitting: Sitting, event: Event) -> Sitting:
    """A sheet that was entered, changed or thrown away changes nothing: nothing of it counts."""
    return sitting


def _roll_called(sitting: Sitting, event: Event) -> Sitting:
    return replace(_poll("closed")(sitting, event), roll_calls=(*sitting.roll_calls, event.body["poll"]))


def _reopened(sitting: Sitting, event: Event) -> Sitting:
    words = {"reopened_at": event.at, "reopen_reason": event.body["reason"]}
    return with_item(sitting, event.body["item"], state="waiting", ended_at=None, **words)


def _pulled(sitting: Sitting, event: Event) -> Sitting:
    return replace(sitting, pulls={**sitting.pulls, event.body["item"]: event.body["membership"]})


def _adopted_in_block(sitting: Sitting, event: Event) -> Sitting:
    at = event.at
    for row in event.body["items"]:
        sitting = with_item(sitting, row["item"], state="done", started_at=at, ended_at=at, adopted_at=at)
    return sitting


def _recused(sitting: Sitting, event: Event) -> Sitting:
    body = event.body
    row = Recused(body["item"], body["membership"], body["class"], body["reason"], event.at)
    return replace(sitting, recusals=(*sitting.recusals, row))


def _recusal_over(sitting: Sitting, event: Event) -> Sitting:
    gone = (event.body["item"], event.body["membership"])
    left = tuple(row for row in sitting.recusals if (row.item, row.membership) != gone)
    return replace(sitting, recusals=left)


STEPS: dict[str, Step] = {
    "meeting.started": _started,
    "meeting.adjourned": _adjourned,
    "item.called": _called,
    "item.ended": _ended,
    "item.postponed": _postponed,
    "item.concluded": _concluded,
    "item.reopened": _reopened,
    "consent.pulled": _pulled,
    "consent.adopted": _adopted_in_block,
    "recusal.declared": _recused,
    "recusal.taken_back": _recusal_over,
    "presence.set": _presence,
    "floor.requested": _requested,
    "floor.given": _given,
    "floor.extended": _extended,
    "floor.ended": _spoken,
    "floor.withdrawn": _withdrawn,
    "poll.opened": _poll("open"),
    "poll.cancelled": _cancelled,
    "poll.closed": _poll("closed"),
    "proxy.given": _vote_given,
    "proxy.revoked": _vote_taken_back,
    "rollcall.entered": _on_paper,
    "rollcall.discarded": _on_paper,
    "rollcall.confirmed": _roll_called,
}
