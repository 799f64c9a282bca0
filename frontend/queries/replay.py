"""A sitting told again, for a screen: the events in words and the room as it was after one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecabinet.accounts.models import User, in_language
from frontend.dates import duration
from frontend.seats import Seat, chair_index
from meetings.enums import MembershipRole, Presence
from meetings.live_types import Audience, LiveState, PollView, ProgrammeItem
from meetings.models import Meeting, Membership
from meetings.permissions import can_run_desk, membership_of
from meetings.projection import project
from meetings.replay import Past, past
from meetings.rules.replay import Event
from voting.verdict_text import sentence

MOST_NAMES = 3
# What everybody hears of an item for members only: that it is dealt with.
HEARD = ("item.called", "item.ended")


@dataclass(frozen=True)
class Line:
    """One event of the time line; ``note`` is what somebody gave as a reason, or the reason of a verdict."""

    seq: int
    at: datetime
    words: str
    note: str


@dataclass(frozen=True)
class Replay:
    """The room after event ``seq``, between the lines before and after it."""

    meeting: Meeting
    seq: int
    lines: tuple[Line, ...]
    state: LiveState
    items: tuple[tuple[ProgrammeItem, str], ...]  # with the title in the reader's language
    seats: tuple[Seat, ...]  # of the result, once there is one

    @property
    def last(self) -> int:
        return len(self.lines)

    @property
    def previous(self) -> int:
        return self.seq - 1

    @property
    def next(self) -> int:
        return self.seq + 1

    @property
    def line(self) -> Line | None:
        """What has just happened; None before the first event."""
        return self.lines[self.seq - 1] if self.seq else None


def replay(meeting: Meeting, user: User, seq: int | None) -> Replay:
    """The sitting after event ``seq``, the nearest there is; after the last one when not told."""
    told = past(meeting.pk)
    last = len(told.events)
    here = last if seq is None else min(max(seq, 0), last)
    audience = _audience(user, meeting)
    state = project(told.at(here), audience)
    names = Names(told, audience)
    return Replay(
        meeting=meeting,
        seq=here,
        lines=tuple(line_of(event, names) for event in told.events),
        state=state,
        items=tuple((row, in_language(row["title"], row["title_en"])) for row in state["programme"]),
        seats=tuple(_seats(state, state["poll"])),
    )


def _audience(user: User, meeting: Meeting) -> Audience:
    if can_run_desk(user, meeting):
        return "desk"
    member = membership_of(user, meeting.body)
    return "member" if member is not None and member.votes else "observer"


class Names:
    """What the ids in a log stand for, as the audience may know it."""

    def __init__(self, told: Past, audience: Audience) -> None:
        rows = Membership.objects.filter(body=told.facts.meeting.body_id).select_related("user")
        self.members = {row.pk: row.user.full_name for row in rows}
        programme = project(told.facts, audience)["programme"]
        titles = {row["id"]: in_language(row["title"], row["title_en"]) for row in programme}
        self.items = {row["id"]: f"{row['number']}. {titles[row['id']]}" for row in programme}
        self.polls = {pk: facts.poll for pk, facts in told.polls.items()}
        closed = {item.pk for item in told.facts.items if item.restricted}
        self.closed = closed if audience in ("observer", "projector") else set()

    def people(self, ids: Iterable[int]) -> str:
        found = [self.members.get(pk, "") for pk in ids]
        return ", ".join(found) if len(found) <= MOST_NAMES else _("%(n)d members") % {"n": len(found)}


def line_of(event: Event, names: Names) -> Line:
    """An event as a sentence in the reader's language; of items for members only no more than is heard."""
    words = OF_KIND.get((event.kind, event.body.get("kind")), WORDS[event.kind])
    if event.body.get("item") in names.closed:
        heard = event.kind in HEARD or event.kind.startswith("floor.")
        words = words if heard else gettext_noop("For members only: %(item)s")
        return Line(event.seq, event.at, _(words) % _Details(event, names), "")
    note = NOTES.get(event.kind, _reason)(event, names)
    return Line(event.seq, event.at, _(words) % _Details(event, names), note)


class _Details(dict[str, Any]):
    """Looks up only what the sentence asks for."""

    def __init__(self, event: Event, names: Names) -> None:
        super().__init__()
        self.event, self.names = event, names

    def __missing__(self, key: str) -> str:
        return DETAILS[key](self.event, self.names)


def _item(event: Event, names: Names) -> str:
    return names.items.get(event.body["item"], "")


def _items(event: Event, names: Names) -> str:
    told = (row["item"] for row in event.body["items"] if row["item"] not in names.closed)
    return "; ".join(names.items.get(item, "") for item in told)


def _member(event: Event, names: Names) -> str:
    return names.members.get(event.body["membership"], "")


def _members(event: Event, names: Names) -> str:
    return names.people(event.body["memberships"])


def _presence(event: Event, names: Names) -> str:
    return str(Presence(event.body["presence"]).label)


def _minutes(event: Event, names: Names) -> str:
    body = event.body
    return duration(body["minutes"] if "minutes" in body else body["seconds"] // 60)


def _represented(event: Event, names: Names) -> str:
    return names.members.get(event.body["represented"], "")


def _acting(event: Event, names: Names) -> str:
    return names.members.get(event.body["acting"], "")


def _number(event: Event, names: Names) -> str:
    return str(event.body["number"])


def _outcome(event: Event, names: Names) -> str:
    return _("adopted") if event.body["adopted"] else _("not adopted")


DETAILS: Mapping[str, Callable[[Event, Names], str]] = {
    "item": _item,
    "items": _items,
    "name": _member,
    "names": _members,
    "presence": _presence,
    "minutes": _minutes,
    "outcome": _outcome,
    "represented": _represented,
    "acting": _acting,
    "number": _number,
}

WORDS: Mapping[str, str] = {
    "meeting.started": gettext_noop("The meeting begins"),
    "meeting.adjourned": gettext_noop("The sitting is closed"),
    "item.called": gettext_noop("Called: %(item)s"),
    "item.ended": gettext_noop("Concluded: %(item)s"),
    "item.postponed": gettext_noop("Postponed: %(item)s"),
    "item.reopened": gettext_noop("Reopened: %(item)s"),
    "consent.pulled": gettext_noop("%(name)s takes off the consent list: %(item)s"),
    "consent.adopted": gettext_noop("Adopted without discussion: %(items)s"),
    "recusal.declared": gettext_noop("%(name)s takes no part in: %(item)s"),
    "recusal.taken_back": gettext_noop("%(name)s takes part again in: %(item)s"),
    "item.concluded": gettext_noop("Conclusion recorded on: %(item)s"),
    "presence.set": gettext_noop("%(presence)s: %(names)s"),
    "floor.requested": gettext_noop("%(name)s asks to speak"),
    "floor.given": gettext_noop("%(name)s has the floor for %(minutes)s"),
    "floor.extended": gettext_noop("%(name)s is given %(minutes)s more"),
    "floor.ended": gettext_noop("%(name)s has finished"),
    "floor.withdrawn": gettext_noop("%(name)s no longer asks to speak"),
    "poll.opened": gettext_noop("The vote is open on: %(item)s"),
    "poll.cancelled": gettext_noop("The vote is withdrawn on: %(item)s"),
    "poll.closed": gettext_noop("The vote is closed, %(outcome)s: %(item)s"),
    "proxy.given": gettext_noop("%(represented)s gives their vote to %(acting)s"),
    "proxy.revoked": gettext_noop("%(acting)s no longer votes for %(represented)s"),
    "rollcall.entered": gettext_noop("A roll call on paper is entered on: %(item)s"),
    "rollcall.discarded": gettext_noop("The roll call that was entered is thrown away: %(item)s"),
    "rollcall.confirmed": gettext_noop("The roll call on paper is confirmed, %(outcome)s: %(item)s"),
}

# Polls other than on the text itself: by kind of event and kind of poll.
OF_KIND: Mapping[tuple[str, str | None], str] = {
    ("poll.opened", "amendment"): gettext_noop("The vote is open on amendment %(number)s: %(item)s"),
    ("poll.closed", "amendment"): gettext_noop(
        "The vote on amendment %(number)s is closed, %(outcome)s: %(item)s"
    ),
    ("poll.opened", "options"): gettext_noop("The vote on several options is open: %(item)s"),
    ("poll.closed", "options"): gettext_noop("The vote on several options is closed: %(item)s"),
}


def _reason(event: Event, names: Names) -> str:
    return str(event.body.get("reason", ""))


def _conclusion(event: Event, names: Names) -> str:
    return str(event.body.get("text", ""))


def _put(event: Event, names: Names) -> str:
    """Why a vote was taken again, and who acts for whom in it."""
    body = event.body
    again = [_("Taken again: %(reason)s") % body] if "revote_of" in body else []
    acting = [_("%(acting)s votes for %(represented)s") % row for row in body.get("proxies", ())]
    return "; ".join([*again, *acting])


def _verdict(event: Event, names: Names) -> str:
    return sentence(names.polls[event.body["poll"]].verdict or {})


NOTES: Mapping[str, Callable[[Event, Names], str]] = {
    "item.concluded": _conclusion,
    "poll.opened": _put,
    "poll.closed": _verdict,
    "rollcall.confirmed": _verdict,
}


def _seats(state: LiveState, poll: PollView | None) -> list[Seat]:
    """The half round of a closed poll, the chair in its middle."""
    if poll is None or poll["state"] != "closed":
        return []
    sides = {choice["code"]: choice["side"] for choice in poll["choices"]}
    results = {row["membership_id"]: row for row in poll["results"]}
    drawn, chair = [], None
    for seat in state["seats"]:
        row = results.get(seat["membership_id"])
        made = Seat(seat["label"], seat["name"], _seat_state(row, sides))
        if seat["role"] == MembershipRole.CHAIR and chair is None:
            chair = made
        else:
            drawn.append(made)
    if chair is not None:
        drawn.insert(chair_index(len(drawn) + 1), chair)
    return drawn


def _seat_state(row: Any, sides: Mapping[str, str]) -> str:
    if row is None or row["standing"] in ("absent", "recused"):
        return "absent"
    side = sides.get(row["choice"] or "", "")
    return side if side in ("for", "against", "abstain") else "voted" if row["choice"] else "wait"
