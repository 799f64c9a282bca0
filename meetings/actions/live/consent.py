"""Items without discussion: any voting member pulls one until the gavel; the gavel adopts the rest."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from meetings.actions.live.attendance import must_be_quorate
from meetings.actions.live.items import check_no_open_poll, find_item
from meetings.actions.live.log import Happening, desk, in_session, perform
from meetings.actions.minutes import item_dealt_with
from meetings.enums import DocumentRole, ItemState, MeetingState
from meetings.models import AgendaItem, ConsentAdoption, ConsentPull, LiveEvent, Meeting, Membership
from meetings.permissions import can_run_desk, can_vote, membership_of
from meetings.queries.consent import block_of, is_listed
from meetings.queries.live import papers_of, voting_members
from meetings.queries.minutes import minutes_digest


def pull_item(
    *, actor: User, meeting_id: int, item_id: int, membership_id: int | None = None, key: str = ""
) -> LiveEvent:
    """Take an item off the consent list, before the meeting or in it, until the gavel.

    Without ``membership_id`` in the actor's own name; for another member only by the desk.
    """

    def change(meeting: Meeting) -> Happening:
        check_open(meeting)
        item = find_item(meeting, item_id)
        member = voting_mandate(actor, meeting, membership_id)
        if not is_listed(item):
            raise WrongState("not_on_consent_list", _("This item is not, or no longer, on the consent list."))
        if ConsentPull.objects.filter(item=item).exists():
            raise WrongState("already_pulled", _("This item has already been taken off the consent list."))
        ConsentPull.objects.create(item=item, membership=member, pulled_at=clock.now())
        return Happening("consent.pulled", {"item": item.pk, "membership": member.pk}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=votes_or_desk, change=change)


def adopt_consent(*, actor: User, meeting_id: int, item_ids: Sequence[int], key: str = "") -> LiveEvent:
    """One gavel for all that is left on the consent list; needs the quorum.

    ``item_ids`` is the list as it was read out: when somebody has pulled an item meanwhile nothing is
    adopted and WrongState ``consent_changed`` says so.
    """

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        check_no_open_poll(meeting)
        figures = must_be_quorate(meeting)
        adopted = [_adopt(actor, meeting, item) for item in _read_out(meeting, item_ids)]
        return Happening("consent.adopted", {"items": adopted, **figures}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _read_out(meeting: Meeting, item_ids: Sequence[int]) -> list[AgendaItem]:
    # Positions are stated under the item's lock, not the meeting's: whoever holds it first wins.
    rows = AgendaItem.objects.select_for_update().filter(meeting=meeting, consent=True)
    block = block_of(meeting, list(rows.order_by("sort_order", "pk")))
    if not block:
        raise WrongState("consent_empty", _("Nothing is left on the consent list."))
    if {item.pk for item in block} != set(item_ids):
        raise WrongState(
            "consent_changed",
            _("The consent list has changed meanwhile. Nothing was adopted; look at it again."),
        )
    return block


def _adopt(actor: User, meeting: Meeting, item: AgendaItem) -> dict[str, object]:
    text, at = draft_sha256(meeting, item), clock.now()
    ConsentAdoption.objects.create(item=item, text_sha256=text, adopted_at=at)
    item.state, item.started_at, item.ended_at = ItemState.DONE, at, at
    item.save(update_fields=["state", "started_at", "ended_at"])
    record(actor=actor, act="item.adopted", subject=f"item:{item.pk}", digest=text)
    item_dealt_with(actor=actor, item_id=item.pk)
    return {"item": item.pk, "text_sha256": text}


def draft_sha256(meeting: Meeting, item: AgendaItem) -> str:
    """Of the minutes the item approves, else of the draft as distributed last; empty where there is none."""
    papers = (paper.version for paper in papers_of(meeting, item))
    draft = next((v.sha256 for v in papers if v.document.role == DocumentRole.DRAFT), "")
    return minutes_digest(item) or draft


def check_open(meeting: Meeting) -> None:
    """Raise WrongState unless papers are out and the meeting is not over."""
    if meeting.state not in (MeetingState.DISTRIBUTED, MeetingState.IN_SESSION):
        raise WrongState(
            "meeting_not_open",
            _("This is possible from the distribution of the papers to the adjournment."),
        )


def votes_or_desk(actor: User, meeting: Meeting) -> bool:
    return can_vote(actor, meeting) or can_run_desk(actor, meeting)


def voting_mandate(actor: User, meeting: Meeting, membership_id: int | None) -> Membership:
    """The actor's own voting mandate, or the named one when the actor runs the desk."""
    own = membership_of(actor, meeting.body)
    if membership_id is None:
        if own is None or not own.votes:
            raise Denied(_("You hold no vote in this body."), "no_mandate")
        return own
    if not can_run_desk(actor, meeting) and (own is None or own.pk != membership_id):
        raise Denied(_("Only the desk acts for another member."))
    found = next((one for one in voting_members(meeting) if one.pk == membership_id), None)
    if found is None:
        raise DomainError("member_not_found", _("This is not a voting member of the body today."), 404)
    return found
