"""Beginning and ending a sitting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import WrongState
from meetings.actions.live.attendance import quorum
from meetings.actions.live.items import close_current
from meetings.actions.live.log import Happening, desk, in_session, perform
from meetings.actions.minutes import item_dealt_with
from meetings.enums import MeetingState
from meetings.models import LiveEvent, Meeting


def start(*, actor: User, meeting_id: int, key: str = "") -> LiveEvent:
    """Open the sitting. Papers must have been distributed; the quorum is noted, polls will require it."""

    def change(meeting: Meeting) -> Happening:
        _check_startable(meeting)
        meeting.state, meeting.started_at = MeetingState.IN_SESSION, clock.now()
        meeting.save(update_fields=["state", "started_at"])
        present, needed, members = quorum(meeting)
        return Happening(
            "meeting.started", {"present": present, "needed": needed, "members": members}, ledger=True
        )

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _check_startable(meeting: Meeting) -> None:
    if meeting.state == MeetingState.PREPARING:
        raise WrongState("not_distributed", _("The papers are not distributed yet. Distribute them first."))
    if meeting.state == MeetingState.IN_SESSION:
        raise WrongState("already_started", _("The meeting has already begun."))
    if meeting.state != MeetingState.DISTRIBUTED:
        raise WrongState("meeting_over", _("The meeting is over or cancelled and cannot begin again."))


def adjourn(*, actor: User, meeting_id: int, key: str = "") -> LiveEvent:
    """Close the sitting: the current item and speech end with it. Refused while a poll is open."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        ended = close_current(meeting)
        meeting.state, meeting.adjourned_at = MeetingState.ADJOURNED, clock.now()
        meeting.save(update_fields=["state", "adjourned_at"])
        item_dealt_with(actor=actor, item_id=ended)
        return Happening("meeting.adjourned", {"ended_item": ended}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)
