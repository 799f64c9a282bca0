"""The floor: wishes to speak, one speaker at a time, minutes that can be extended."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live.attendance import present_ids
from meetings.actions.live.log import Happening, desk, in_session, perform
from meetings.enums import FloorKind, FloorState, ItemState, MembershipRole, Presence
from meetings.models import AgendaItem, Attendance, FloorRequest, LiveEvent, Meeting, Membership
from meetings.permissions import membership_of
from meetings.queries.live import day_of

OPEN = (FloorState.WAITING, FloorState.SPEAKING)


def request_floor(
    *,
    actor: User,
    meeting_id: int,
    kind: str = FloorKind.REQUEST,
    membership_id: int | None = None,
    key: str = "",
) -> LiveEvent:
    """Ask to speak on the current item, or raise a point of order, which the queue takes first.

    Asking twice is refused, the place in the queue stays. The desk asks for any mandate: for an absent
    one its substitute speaks, when the attendance names one.
    """

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        item = _current(meeting)
        member = own_mandate(actor, meeting) if membership_id is None else _mandate(meeting, membership_id)
        _check_kind(kind)
        stands_in = _substitute(meeting, member, by_desk=membership_id is not None)
        if FloorRequest.objects.filter(item=item, membership=member, kind=kind, state__in=OPEN).exists():
            raise WrongState("already_asked", _("You have already asked to speak on this item."))
        row = FloorRequest.objects.create(
            item=item, membership=member, kind=kind, substitute=stands_in, requested_at=clock.now()
        )
        return Happening("floor.requested", {**_told(row), "kind": kind, "substitute": stands_in})

    may = _may_speak if membership_id is None else desk
    return perform(actor=actor, meeting_id=meeting_id, key=key, may=may, change=change)


def _check_kind(kind: str) -> None:
    if kind not in FloorKind.values:
        raise DomainError("unknown_kind", _("Ask to speak or raise a point of order."), 422)


def _mandate(meeting: Meeting, membership_id: int) -> Membership:
    rows = Membership.objects.in_force(day_of(meeting)).exclude(role=MembershipRole.OBSERVER)
    member = rows.filter(body=meeting.body_id, pk=membership_id).first()
    if member is None:
        raise DomainError("member_not_found", _("Not all of these are members of the body today."), 404)
    return member


def _substitute(meeting: Meeting, member: Membership, *, by_desk: bool) -> str:
    """Who speaks for the mandate: nobody else when its holder is here; WrongState when nobody can."""
    if member.pk in present_ids(meeting):
        return ""
    row = Attendance.objects.filter(meeting=meeting, membership=member, presence=Presence.ABSENT).first()
    if by_desk and row is not None and row.substitute:
        return row.substitute
    if by_desk:
        raise WrongState("nobody_to_speak", _("The member is not here and has named no substitute."))
    raise WrongState("not_present", _("You are not recorded as present. Check in first."))


def withdraw_request(
    *, actor: User, meeting_id: int, kind: str = FloorKind.REQUEST, key: str = ""
) -> LiveEvent:
    """Take back one's own wish to speak, or point of order."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        member = own_mandate(actor, meeting)
        row = FloorRequest.objects.filter(
            item__meeting=meeting, membership=member, kind=kind, state=FloorState.WAITING
        ).first()
        if row is None:
            raise WrongState("not_asked", _("You have no wish to speak that could be withdrawn."))
        return _withdraw(row)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=_may_speak, change=change)


def remove_request(*, actor: User, meeting_id: int, request_id: int, key: str = "") -> LiveEvent:
    """The desk takes a wish to speak off the queue."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        return _withdraw(_request(meeting, request_id, FloorState.WAITING))

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def give_floor(
    *, actor: User, meeting_id: int, request_id: int, minutes: int | None = None, key: str = ""
) -> LiveEvent:
    """Give the floor for ``minutes`` (what the body allots when not told); who spoke before has finished."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        row = _request(meeting, request_id, FloorState.WAITING)
        if row.item.state != ItemState.CURRENT:
            raise WrongState("item_not_current", _("This item is not being discussed. Call it first."))
        at = clock.now()
        speaking = FloorRequest.objects.filter(item=row.item, state=FloorState.SPEAKING)
        speaking.update(state=FloorState.SPOKEN, ended_at=at)
        length = timedelta(minutes=minutes or meeting.body.minutes_per_speech)
        row.state, row.given_at, row.ends_at = FloorState.SPEAKING, at, at + length
        row.save(update_fields=["state", "given_at", "ends_at"])
        return Happening("floor.given", {**_told(row), "seconds": int(length.total_seconds())})

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def extend_floor(
    *, actor: User, meeting_id: int, request_id: int, minutes: int | None = None, key: str = ""
) -> LiveEvent:
    """More minutes (one when not told): added to what is left, or counted from now when time is up."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        row = _request(meeting, request_id, FloorState.SPEAKING)
        more = minutes or 1
        row.ends_at = max(row.ends_at or clock.now(), clock.now()) + timedelta(minutes=more)
        row.save(update_fields=["ends_at"])
        return Happening("floor.extended", {**_told(row), "minutes": more})

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def end_floor(*, actor: User, meeting_id: int, request_id: int, key: str = "") -> LiveEvent:
    """The speech is over; a speaker may end the own one, the desk any."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        row = _request(meeting, request_id, FloorState.SPEAKING)
        if row.membership.user_id != actor.pk and not desk(actor, meeting):
            raise Denied(_("Only the speaker and the desk can end a speech."))
        row.state, row.ended_at = FloorState.SPOKEN, clock.now()
        row.save(update_fields=["state", "ended_at"])
        return Happening("floor.ended", _told(row))

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=_speaks_or_desk, change=change)


def _told(row: FloorRequest) -> dict[str, int]:
    return {"request": row.pk, "membership": row.membership_id, "item": row.item_id}


def _withdraw(row: FloorRequest) -> Happening:
    row.state = FloorState.WITHDRAWN
    row.save(update_fields=["state"])
    return Happening("floor.withdrawn", _told(row))


def _may_speak(actor: User, meeting: Meeting) -> bool:
    """Everyone with a mandate but observers: invitees speak, they do not vote."""
    member = membership_of(actor, meeting.body)
    return member is not None and member.role != MembershipRole.OBSERVER


def _speaks_or_desk(actor: User, meeting: Meeting) -> bool:
    return _may_speak(actor, meeting) or desk(actor, meeting)


def own_mandate(actor: User, meeting: Meeting) -> Membership:
    member = membership_of(actor, meeting.body)
    if member is None:
        raise Denied(_("You hold no mandate in this body."), "no_mandate")
    return member


def _current(meeting: Meeting) -> AgendaItem:
    item: AgendaItem | None = meeting.items.filter(state=ItemState.CURRENT).first()
    if item is None:
        raise WrongState("no_current_item", _("No item is being discussed. Wait until one is called."))
    return item


def _request(meeting: Meeting, request_id: int, state: str) -> FloorRequest:
    rows = FloorRequest.objects.filter(item__meeting=meeting).select_related("item", "membership")
    row = rows.filter(pk=request_id).first()
    if row is None:
        raise DomainError("request_not_found", _("This wish to speak is not on the list."), 404)
    if row.state != state:
        raise WrongState("request_changed", _("This wish to speak has changed meanwhile. Look again."))
    return row
