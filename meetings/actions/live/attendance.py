"""Who is here: members check themselves in, the desk records anyone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live.log import Happening, perform
from meetings.enums import PRESENT_STATES, MeetingState, Presence
from meetings.models import Attendance, LiveEvent, Meeting, Membership
from meetings.permissions import can_run_desk, membership_of
from meetings.queries.live import day_of, voting_members
from meetings.queries.proxies import acting_for
from voting.rules import PRESETS, quorum_needed


def set_presence(
    *,
    actor: User,
    meeting_id: int,
    presence: str,
    membership_ids: Sequence[int] | None = None,
    reason: str = "",
    substitute: str = "",
    key: str = "",
) -> LiveEvent:
    """Record where mandates are. Without ``membership_ids`` the actor's own; others only by the desk.

    A poll that is open is not touched: its electorate was frozen when it opened.
    """

    def change(meeting: Meeting) -> Happening:
        _check_open(meeting)
        _check_presence(presence)
        members = _members(actor, meeting, membership_ids)
        words = _words(presence, reason, substitute)
        for member in members:
            _save(meeting, member, presence, words)
        ids = sorted(member.pk for member in members)
        return Happening("presence.set", {"memberships": ids, "presence": presence, **words}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=_anyone, change=change)


def _anyone(actor: User, meeting: Meeting) -> bool:
    return membership_of(actor, meeting.body) is not None or can_run_desk(actor, meeting)


def _check_open(meeting: Meeting) -> None:
    if meeting.state not in (MeetingState.DISTRIBUTED, MeetingState.IN_SESSION):
        raise WrongState(
            "attendance_closed", _("Attendance is taken from the distribution of papers to the adjournment.")
        )


def _check_presence(presence: str) -> None:
    if presence not in Presence.values:
        raise DomainError("unknown_presence", _("Choose present, present remotely, absent or expected."))


def _members(actor: User, meeting: Meeting, ids: Sequence[int] | None) -> list[Membership]:
    own = membership_of(actor, meeting.body)
    if ids is None:
        if own is None:
            raise Denied(_("You hold no mandate in this body."), "no_mandate")
        return [own]
    if not can_run_desk(actor, meeting) and set(ids) != {own.pk if own else None}:
        raise Denied(_("Only the desk records the presence of others."))
    found = list(Membership.objects.in_force(day_of(meeting)).filter(body=meeting.body_id, pk__in=ids))
    if not found or len(found) != len(set(ids)):
        raise DomainError("member_not_found", _("Not all of these are members of the body today."), 404)
    return found


def _words(presence: str, reason: str, substitute: str) -> dict[str, str]:
    """Only who is absent has a reason and a substitute."""
    absent = presence == Presence.ABSENT
    return {
        "reason": reason.strip()[:200] if absent else "",
        "substitute": substitute.strip()[:160] if absent else "",
    }


def _save(meeting: Meeting, member: Membership, presence: str, words: dict[str, str]) -> None:
    Attendance.objects.update_or_create(
        meeting=meeting,
        membership=member,
        defaults={"presence": presence, "changed_at": clock.now(), **words},
    )


def present_ids(meeting: Meeting) -> set[int]:
    """Memberships that are here, in the room or remotely."""
    rows = Attendance.objects.filter(meeting=meeting, presence__in=PRESENT_STATES)
    return set(rows.values_list("membership_id", flat=True))


def must_be_quorate(meeting: Meeting) -> dict[str, int]:
    """The figures of the quorum; WrongState ``no_quorum`` when too few are here."""
    present, needed, members = quorum(meeting)
    figures = {"needed": needed, "members": members, "present": present}
    if present < needed or not members:
        words = _("No quorum: %(needed)d of %(members)d members must be present, %(present)d are.")
        raise WrongState("no_quorum", words % figures, **figures)
    return figures


def quorum(meeting: Meeting) -> tuple[int, int, int]:
    """(present, needed, members), counting mandates that vote, by the body's rule."""
    members, here = voting_members(meeting), present_ids(meeting)
    needed = quorum_needed(PRESETS[meeting.body.rule_preset], len(members))
    ids = {member.pk for member in members}
    represented = len(acting_for(meeting, ids, here)) if meeting.body.proxies_in_quorum else 0
    return len(ids & here) + represented, needed, len(members)
