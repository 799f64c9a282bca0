"""Refusals that several actions share, each with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.common.markings import marking_in_name
from meetings import permissions
from meetings.enums import MeetingState
from meetings.models import Body, Dossier, Meeting

OPEN_AGENDA = (MeetingState.PREPARING, MeetingState.DISTRIBUTED)


def must_manage(actor: User) -> None:
    if not permissions.can_manage_bodies(actor):
        raise Denied(_("Only the secretariat and system administrators may change this."))


def must_prepare(actor: User, body: Body) -> None:
    if not permissions.can_prepare(actor, body):
        raise Denied(_("Only the secretariat of “%(body)s” may do this.") % {"body": body})


def must_edit(actor: User, dossier: Dossier) -> None:
    if not permissions.can_edit_dossier(actor, dossier):
        raise Denied(_("Only the secretariat that prepares this dossier may change it."))


def lock_agenda(actor: User, meeting: Meeting) -> Meeting:
    """The meeting's row, locked, when the actor may still change its agenda."""
    must_prepare(actor, meeting.body)
    locked: Meeting = Meeting.objects.select_for_update().select_related("body").get(pk=meeting.pk)
    if locked.state not in OPEN_AGENDA:
        raise WrongState(
            "agenda_closed",
            _("The agenda can no longer be changed: the meeting is “%(state)s”.")
            % {"state": locked.get_state_display()},
        )
    return locked


def refuse_marked(*titles: str) -> None:
    """No title may carry the marking of a state secret: the matter goes on paper only, without its name."""
    for title in titles:
        if marked := marking_in_name(title):
            raise DomainError(
                "classified_title",
                _(
                    "The title “%(title)s” carries the marking “%(marking)s”. State secrets may not enter "
                    "this system: put the matter on the agenda as “on paper only”, without its name."
                )
                % {"title": title, "marking": marked},
                422,
            )


def refuse_secrets(*texts: str) -> None:
    """No text may carry the marking of a state secret (domain, section 6)."""
    for text in texts:
        if marked := marking_in_name(text):
            raise DomainError(
                "classified_text",
                _(
                    "The text carries the marking “%(marking)s”. State secrets may not enter this system: "
                    "write on paper what has to be written about them."
                )
                % {"marking": marked},
                422,
            )


def stale() -> DomainError:
    return WrongState(
        "stale",
        _("Someone else changed this while you were working. Look at the current state, then save again."),
    )
