"""How the reader takes part: where they are, may they pull an item, have they withdrawn from it."""

from __future__ import annotations

from dataclasses import dataclass

from ecabinet.common.clock import today
from frontend.dates import local_day
from meetings.enums import PRESENT_STATES, MeetingMode, MeetingState, MembershipRole, Presence, RecusalReason
from meetings.models import Attendance, ItemPoll, Recusal
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
        return [(reason.value, str(reason.label)) for reason in RecusalReason]


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
        objectors=() if row.closed else pulled,
        may_pull=active and is_listed(row.item) and not pulled,
        recusal=recusal,
        may_recuse=active and recusal is None and not polled and not row.on_paper,
        may_take_back=active and recusal is not None and not polled,
    )


@dataclass(frozen=True)
class OwnPresence:
    """The reader's own attendance and what they may say about it now."""

    row: Attendance | None
    in_room: bool  # may check in as present
    remotely: bool

    @property
    def is_here(self) -> bool:
        return self.row is not None and self.row.presence in PRESENT_STATES

    @property
    def is_away(self) -> bool:
        return self.row is not None and self.row.presence == Presence.ABSENT


def own_presence(plan: Programme) -> OwnPresence | None:
    """None where there is nothing to say: no mandate, an observer's, or a meeting not open."""
    member, meeting = plan.membership, plan.meeting
    if member is None or member.role == MembershipRole.OBSERVER or meeting.state not in OPEN:
        return None
    # Nobody is present days ahead; that one cannot come is said as soon as it is known.
    begun = meeting.state == MeetingState.IN_SESSION or local_day(meeting.starts_at) <= today()
    return OwnPresence(
        row=Attendance.objects.filter(meeting=meeting, membership=member).first(),
        in_room=begun and meeting.mode != MeetingMode.REMOTE,
        remotely=begun and meeting.mode != MeetingMode.IN_PERSON,
    )
