"""Votes for absent members: given for one meeting, by the member or by the desk on a written notice."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live.items import check_no_open_poll
from meetings.actions.live.log import Happening, perform
from meetings.enums import MeetingState
from meetings.models import LiveEvent, Meeting, Membership, Proxy
from meetings.permissions import can_run_desk, membership_of
from meetings.queries.live import voting_members


def give_proxy(
    *,
    actor: User,
    meeting_id: int,
    acting: int,
    represented: int | None = None,
    note: str = "",
    key: str = "",
) -> LiveEvent:
    """Let the membership ``acting`` vote for the actor's own mandate where the actor is absent.

    For another (``represented``) only the desk, which tells in ``note`` what it was shown. It counts from
    the next poll on: who acts in an open poll was frozen when it opened. One mandate has one proxy,
    nobody acts for more than the body allows, and a vote received is not passed on.
    """

    def change(meeting: Meeting) -> Happening:
        _check_open(meeting)
        members = {member.pk: member for member in voting_members(meeting)}
        giver = _giver(actor, meeting, represented)
        absent, present = _voting(members, giver), _voting(members, acting)
        words = note.strip()[:200]
        if represented is not None and giver != _own(actor, meeting) and not words:
            raise DomainError("note_missing", _("Write which notice of the member you were shown."))
        _check_free(meeting, absent, present)
        proxy = Proxy.objects.create(
            meeting=meeting,
            represented=absent,
            acting=present,
            given_by=actor,
            note=words,
            given_at=clock.now(),
        )
        return Happening("proxy.given", {**_told(proxy), "reason": words}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=_anyone, change=change)


def revoke_proxy(*, actor: User, meeting_id: int, proxy_id: int, key: str = "") -> LiveEvent:
    """Take a proxy back: the represented member, who acts, or the desk; not while a poll is open."""

    def change(meeting: Meeting) -> Happening:
        _check_open(meeting)
        proxy = Proxy.objects.filter(meeting=meeting, pk=proxy_id, revoked_at=None).first()
        if proxy is None:
            raise DomainError("proxy_not_found", _("This proxy is not in force. Look again."), 404)
        if _own(actor, meeting) not in (proxy.represented_id, proxy.acting_id) and not can_run_desk(
            actor, meeting
        ):
            raise Denied(_("Only the member, who votes in their place, and the desk can end a proxy."))
        check_no_open_poll(meeting)
        proxy.revoked_at = clock.now()
        proxy.save(update_fields=["revoked_at"])
        return Happening("proxy.revoked", _told(proxy), ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=_anyone, change=change)


def _anyone(actor: User, meeting: Meeting) -> bool:
    return membership_of(actor, meeting.body) is not None or can_run_desk(actor, meeting)


def _own(actor: User, meeting: Meeting) -> int | None:
    member = membership_of(actor, meeting.body)
    return member.pk if member else None


def _told(proxy: Proxy) -> dict[str, object]:
    return {"proxy": proxy.pk, "represented": proxy.represented_id, "acting": proxy.acting_id}


def _check_open(meeting: Meeting) -> None:
    if not meeting.body.proxies:
        raise WrongState(
            "proxies_not_allowed", _("By the rules of this body nobody votes for another member.")
        )
    if meeting.state not in (MeetingState.DISTRIBUTED, MeetingState.IN_SESSION):
        raise WrongState(
            "proxies_closed", _("A vote can be given from the distribution of papers to the adjournment.")
        )


def _giver(actor: User, meeting: Meeting, represented: int | None) -> int:
    own = _own(actor, meeting)
    if represented is None and own is None:
        raise Denied(gettext_lazy("You hold no mandate in this body."), "no_mandate")
    if represented not in (None, own) and not can_run_desk(actor, meeting):
        raise Denied(_("Only the desk records a proxy of another member."))
    return represented or own or 0


def _voting(members: dict[int, Membership], pk: int) -> Membership:
    if pk not in members:
        raise DomainError(
            "member_not_found", _("Only a voting member of the body can give or hold a vote."), 404
        )
    return members[pk]


def _check_free(meeting: Meeting, represented: Membership, acting: Membership) -> None:
    in_force = Proxy.objects.filter(meeting=meeting, revoked_at=None)
    if represented == acting:
        raise DomainError("proxy_is_self", _("Choose another member: nobody is their own proxy."))
    if in_force.filter(represented=represented).exists():
        raise WrongState("proxy_given", _("This vote has been given already. End that proxy first."))
    if in_force.filter(acting=represented).exists() or in_force.filter(represented=acting).exists():
        raise WrongState("proxy_chain", _("A vote that was given to a member is not passed on."))
    limit = meeting.body.proxies
    if in_force.filter(acting=acting).count() >= limit:
        words = _("%(name)s already votes for %(limit)d other members, and no more are allowed.")
        raise WrongState("proxy_full", words % {"name": acting.user, "limit": limit})
