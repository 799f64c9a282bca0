"""Calling items, ending them, putting them off, and the chair's conclusion."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError, WrongState
from meetings.actions.live.log import Happening, desk, in_session, perform
from meetings.actions.minutes import item_dealt_with
from meetings.enums import FloorState, ItemState
from meetings.models import AgendaItem, FloorRequest, ItemPoll, LiveEvent, Meeting
from voting.enums import PollState

MAX_CONCLUSION = 20_000


def call_item(*, actor: User, meeting_id: int, item_id: int, key: str = "") -> LiveEvent:
    """Put an item on the table; the one before it ends. Refused while a poll is open."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        item = find_item(meeting, item_id)
        _check_callable(item)
        ended = close_current(meeting)
        item.state, item.started_at, item.ended_at = ItemState.CURRENT, clock.now(), None
        item.save(update_fields=["state", "started_at", "ended_at"])
        item_dealt_with(actor=actor, item_id=ended)
        return Happening("item.called", {"item": item.pk, "ended_item": ended})

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _check_callable(item: AgendaItem) -> None:
    if item.state == ItemState.CURRENT:
        raise WrongState("item_current", _("This item is already being discussed."))
    if item.state == ItemState.DONE:
        raise WrongState("item_done", _("This item is done. Choose one that is waiting."))


def end_item(*, actor: User, meeting_id: int, item_id: int, key: str = "") -> LiveEvent:
    """The item is dealt with; the floor is cleared. Refused while a poll is open."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        item = find_item(meeting, item_id)
        check_current(item)
        close_current(meeting)
        item_dealt_with(actor=actor, item_id=item.pk)
        return Happening("item.ended", {"item": item.pk})

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def postpone_item(
    *, actor: User, meeting_id: int, item_id: int, reason: str = "", key: str = ""
) -> LiveEvent:
    """Put an item off, waiting or being discussed; it can be called again in this meeting."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        item = find_item(meeting, item_id)
        if item.state not in (ItemState.WAITING, ItemState.CURRENT):
            raise WrongState("item_not_open", _("This item is done or already postponed."))
        if item.state == ItemState.CURRENT:
            close_current(meeting)
        item.state, item.ended_at = ItemState.POSTPONED, clock.now()
        item.save(update_fields=["state", "ended_at"])
        return Happening("item.postponed", {"item": item.pk, "reason": reason.strip()[:200]}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def reopen_item(*, actor: User, meeting_id: int, item_id: int, reason: str, key: str = "") -> LiveEvent:
    """Put a finished or postponed item back among those that wait, with the reason.

    What was decided on it stands until a new poll on it is closed.
    """

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        item = find_item(meeting, item_id)
        if item.state not in (ItemState.DONE, ItemState.POSTPONED):
            raise WrongState("item_not_over", _("This item is neither done nor postponed."))
        words = _reason(reason)
        item.state, item.ended_at = ItemState.WAITING, None
        item.reopened_at, item.reopen_reason = clock.now(), words
        item.save(update_fields=["state", "ended_at", "reopened_at", "reopen_reason"])
        return Happening("item.reopened", {"item": item.pk, "reason": words}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _reason(text: str) -> str:
    words = text.strip()[:200]
    if not words:
        raise DomainError("reason_missing", _("Say why the item is reopened; it goes into the log."), 422)
    return words


def record_conclusion(*, actor: User, meeting_id: int, item_id: int, text: str, key: str = "") -> LiveEvent:
    """Write down the chair's conclusion on an item called in this sitting; the last text counts."""

    def change(meeting: Meeting) -> Happening:
        in_session(meeting)
        item = find_item(meeting, item_id)
        if item.started_at is None:
            raise WrongState("item_not_called", _("This item was not called yet. Call it first."))
        item.conclusion = _checked(text)
        item.save(update_fields=["conclusion"])
        told = {"item": item.pk, "text": item.conclusion, **_fingerprint(item.conclusion)}
        return Happening("item.concluded", told, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise DomainError("conclusion_empty", _("Write the conclusion before saving it."))
    if len(words) > MAX_CONCLUSION:
        raise DomainError(
            "conclusion_long", _("The conclusion is longer than 20,000 characters. Shorten it.")
        )
    return words


def _fingerprint(text: str) -> dict[str, object]:
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": len(text)}


def find_item(meeting: Meeting, item_id: int) -> AgendaItem:
    """The item of this meeting, or a 404 in words."""
    item: AgendaItem | None = AgendaItem.objects.filter(meeting=meeting, pk=item_id).first()
    if item is None:
        raise DomainError("item_not_found", _("This meeting has no such item. Reload the page."), 404)
    return item


def check_current(item: AgendaItem) -> None:
    if item.state != ItemState.CURRENT:
        raise WrongState("item_not_current", _("This item is not being discussed. Call it first."))


def close_current(meeting: Meeting) -> int | None:
    """End the current item, its speech and its queue; returns its id, None when there was none."""
    item = AgendaItem.objects.filter(meeting=meeting, state=ItemState.CURRENT).first()
    if item is None:
        return None
    check_no_open_poll(meeting)
    at = clock.now()
    open_requests = FloorRequest.objects.filter(item=item)
    open_requests.filter(state=FloorState.SPEAKING).update(state=FloorState.SPOKEN, ended_at=at)
    open_requests.filter(state=FloorState.WAITING).update(state=FloorState.WITHDRAWN)
    item.state, item.ended_at = ItemState.DONE, at
    item.save(update_fields=["state", "ended_at"])
    return int(item.pk)


def check_no_open_poll(meeting: Meeting) -> None:
    if ItemPoll.objects.filter(item__meeting=meeting, poll__state=PollState.OPEN).exists():
        raise WrongState("poll_open", _("A poll is open. Close or cancel it first."))
