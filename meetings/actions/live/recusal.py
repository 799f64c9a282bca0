"""A member takes no part in one item: out of its polls, on request without its papers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError, WrongState
from meetings.actions.live.consent import check_open, votes_or_desk, voting_mandate
from meetings.actions.live.items import find_item
from meetings.actions.live.log import Happening, perform
from meetings.enums import RecusalReason
from meetings.models import AgendaItem, ItemPoll, LiveEvent, Meeting, Recusal
from voting.enums import PollState


def declare_recusal(
    *,
    actor: User,
    meeting_id: int,
    item_id: int,
    reason: str,
    note: str = "",
    membership_id: int | None = None,
    key: str = "",
) -> LiveEvent:
    """Withdraw from an item for ``reason`` (RecusalReason); for another member only by the desk.

    Refused while a poll on the item is open: its electorate is frozen.
    """

    def change(meeting: Meeting) -> Happening:
        check_open(meeting)
        item = find_item(meeting, item_id)
        member = voting_mandate(actor, meeting, membership_id)
        _check_reason(reason)
        _check_no_open_poll(item)
        words = note.strip()[:200]
        facts = {"reason": reason, "note": words, "declared_at": clock.now()}
        _row, made = Recusal.objects.get_or_create(item=item, membership=member, defaults=facts)
        if not made:
            raise WrongState("already_recused", _("The member already takes no part in this item."))
        # "reason" is what people write: it stays out of the ledger; the class goes in.
        told = {"item": item.pk, "membership": member.pk, "class": reason, "reason": words}
        return Happening("recusal.declared", told, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=votes_or_desk, change=change)


def take_back_recusal(
    *, actor: User, meeting_id: int, item_id: int, membership_id: int | None = None, key: str = ""
) -> LiveEvent:
    """Take part again; only until a poll on the item has been opened."""

    def change(meeting: Meeting) -> Happening:
        check_open(meeting)
        item = find_item(meeting, item_id)
        member = voting_mandate(actor, meeting, membership_id)
        if polled(item):
            raise WrongState(
                "item_polled", _("A vote on this item has been held: this can no longer change.")
            )
        gone, _rows = Recusal.objects.filter(item=item, membership=member).delete()
        if not gone:
            raise WrongState("not_recused", _("The member takes part in this item already."))
        return Happening("recusal.taken_back", {"item": item.pk, "membership": member.pk}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=votes_or_desk, change=change)


def polled(item: AgendaItem) -> bool:
    """Has a poll been opened on the item that was not cancelled?"""
    return ItemPoll.objects.filter(item=item).exclude(poll__state=PollState.CANCELLED).exists()


def recused_ids(item: AgendaItem) -> set[int]:
    """Memberships that take no part in the item."""
    return set(Recusal.objects.filter(item=item).values_list("membership_id", flat=True))


def _check_reason(reason: str) -> None:
    if reason not in RecusalReason.values:
        raise DomainError("unknown_reason", _("Choose one of the reasons offered."), 422)


def _check_no_open_poll(item: AgendaItem) -> None:
    if ItemPoll.objects.filter(item=item, poll__state=PollState.OPEN).exists():
        raise WrongState("poll_open", _("A poll is open. Close or cancel it first."))
