"""Minutes as a page shows them: text, remarks, where they stand and what this reader may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common.clock import today
from meetings.actions.minutes import approval_items, may_comment, prose_digest
from meetings.enums import OPEN_MINUTES, MeetingState, MinutesState
from meetings.minutes_facts import minutes_facts
from meetings.minutes_text import ItemText, MinutesText, minutes_text
from meetings.models import AgendaItem, Meeting, Minutes, MinutesComment
from meetings.permissions import can_chair, can_prepare, can_run_desk, membership_of
from signing.models import PendingTimestamp
from signing.queries import waiting_timestamp

# A week to read and remark on minutes, unless the secretariat names another day.
DEFAULT_TIME = timedelta(days=7)


@dataclass(frozen=True)
class Stage:
    """One stage of the minutes: done (with its time), the one they are at, or still to come."""

    words: str
    done: bool
    current: bool
    at: datetime | None = None


@dataclass(frozen=True)
class Part:
    """One item with its remarks."""

    text: ItemText
    comments: tuple[MinutesComment, ...]

    @property
    def anchor(self) -> str:
        return f"item-{self.text.item}"


@dataclass(frozen=True)
class MinutesView:
    """``minutes`` is None while nobody has begun them; ``text`` then too."""

    meeting: Meeting
    minutes: Minutes | None
    text: MinutesText | None
    parts: tuple[Part, ...]
    comments: tuple[MinutesComment, ...]  # on the whole
    stages: tuple[Stage, ...]
    prepares: bool
    may_comment: bool
    may_approve: bool
    may_assign: bool
    approval_items: tuple[AgendaItem, ...]
    until: date

    @property
    def waiting(self) -> PendingTimestamp | None:
        """Why sealed minutes are without their last timestamp."""
        if self.minutes is None or not self.minutes.timestamp_pending:
            return None
        return waiting_timestamp(f"minutes:{self.minutes.pk}")

    @property
    def is_open(self) -> bool:
        return self.minutes is not None and self.minutes.state in OPEN_MINUTES

    @property
    def may_begin(self) -> bool:
        return self.minutes is None and self.meeting.state == MeetingState.ADJOURNED

    @property
    def has_uncirculated_words(self) -> bool:
        shown = self.minutes and self.minutes.current
        return bool(self.is_open and shown and self.minutes and shown.prose != self.minutes.prose)


@dataclass(frozen=True)
class Field:
    """A text the secretariat writes; ``saved`` is what a colleague has saved meanwhile, if it differs."""

    name: str
    text: str
    saved: str = ""


@dataclass(frozen=True)
class Editing:
    """The working text of minutes, item by item, beside the facts."""

    minutes: Minutes
    text: MinutesText
    seen: str
    opening: Field
    closing: Field
    items: tuple[tuple[Part, Field], ...]


def minutes_view(user: User, meeting: Meeting, minutes: Minutes | None) -> MinutesView:
    """The page for this reader; ``minutes`` are those they may read."""
    prepares = can_prepare(user, meeting.body)
    text = _text(minutes, prepares=prepares) if minutes else None
    remarks = _remarks(minutes)
    return MinutesView(
        meeting=meeting,
        minutes=minutes,
        text=text,
        parts=tuple(Part(item, remarks[item.item]) for item in text.items) if text else (),
        comments=remarks[None],
        stages=tuple(stages(minutes)) if minutes else (),
        prepares=prepares,
        may_comment=minutes is not None and _may_comment(user, minutes),
        may_approve=minutes is not None and _may_approve(user, minutes),
        may_assign=can_run_desk(user, meeting),
        approval_items=tuple(approval_items(minutes)) if minutes and prepares else (),
        until=(minutes and minutes.comments_until) or today() + DEFAULT_TIME,
    )


def _text(minutes: Minutes, *, prepares: bool) -> MinutesText:
    """What members have before them; for the secretariat the working text while it is being drafted."""
    drafting = prepares and minutes.state == MinutesState.DRAFTED
    if minutes.current is not None and not drafting:
        return minutes_text(minutes.current.facts, minutes.current.prose)
    return minutes_text(minutes_facts(minutes.meeting), minutes.prose)


def _remarks(minutes: Minutes | None) -> Mapping[int | None, tuple[MinutesComment, ...]]:
    groups: dict[int | None, tuple[MinutesComment, ...]] = defaultdict(tuple)
    rows = (
        MinutesComment.objects.filter(version__minutes=minutes) if minutes else MinutesComment.objects.none()
    )
    for row in rows.select_related("membership__user", "version"):
        groups[row.item_id] += (row,)
    return groups


def _may_comment(user: User, minutes: Minutes) -> bool:
    open_until = minutes.comments_until is not None and today() <= minutes.comments_until
    member = membership_of(user, minutes.meeting.body)
    in_time = minutes.state == MinutesState.CIRCULATED and open_until
    return in_time and member is not None and may_comment(member)


def _may_approve(user: User, minutes: Minutes) -> bool:
    by_chair = minutes.meeting.body.chair_approves_minutes and can_chair(user, minutes.meeting)
    return by_chair and minutes.state == MinutesState.CIRCULATED


def editing(minutes: Minutes, typed: Mapping[str, str] | None = None) -> Editing:
    """The form; what was ``typed`` (by field name) stands in it when saving was refused."""
    text = minutes_text(minutes_facts(minutes.meeting), minutes.prose)
    remarks = _remarks(minutes)
    words: Mapping[str, Any] = minutes.prose
    saved = words.get("items", {})
    return Editing(
        minutes=minutes,
        text=text,
        seen=prose_digest(minutes),
        opening=_field("opening", words.get("opening", ""), typed),
        closing=_field("closing", words.get("closing", ""), typed),
        items=tuple(
            (
                Part(item, remarks[item.item]),
                _field(f"item-{item.item}", saved.get(str(item.item), ""), typed),
            )
            for item in text.items
        ),
    )


def _field(name: str, saved: str, typed: Mapping[str, str] | None) -> Field:
    if typed is None:
        return Field(name, saved)
    own = typed.get(name, "")
    return Field(name, own, "" if own.split() == saved.split() else saved)


def stages(minutes: Minutes) -> Sequence[Stage]:
    """Where the minutes stand, in words."""
    order = list(MinutesState)
    reached = order.index(MinutesState(minutes.state))
    version = minutes.current
    words: tuple[tuple[str, datetime | None], ...] = (
        (_("Drawn up from the event log"), minutes.created_at),
        (_circulated(minutes), version.circulated_at if version else None),
        (_("Approved"), minutes.approved_at),
        (_printed(minutes), minutes.secretary_signed_at),
        (_("Signed by the secretary and the chair"), minutes.signed_at),
        (
            _("Sealed by %(agency)s, with timestamp") % {"agency": minutes.meeting.body.agency},
            minutes.sealed_at,
        ),
        (_("In the archive, found by search"), minutes.record.deposited_at if minutes.record else None),
    )
    return [
        Stage(text, done=place <= reached, current=place == reached + 1, at=at if place <= reached else None)
        for place, (text, at) in enumerate(words)
    ]


def _sealed(minutes: Minutes) -> str:
    return _("Sealed by %(agency)s, with timestamp") % {"agency": minutes.meeting.body.agency}


def _circulated(minutes: Minutes) -> str:
    if minutes.current is None:
        return _("Circulated to members")
    return _("Circulated to members, version %(number)d") % {"number": minutes.current.number}


def _printed(minutes: Minutes) -> str:
    if minutes.state == MinutesState.RENDERED and minutes.secretary_signed_at and minutes.chair:
        return _("Printed as %(number)s; signed by the secretary") % {"number": minutes.notation}
    if minutes.notation:
        return _("Printed as %(number)s and put into the secretary's tray") % {"number": minutes.notation}
    return _("Numbered, printed and put into the secretary's tray")
