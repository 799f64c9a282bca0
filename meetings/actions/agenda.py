"""Meetings and their agendas, until the meeting begins. What happens in session is in ``live``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.common.validation import must_be_valid
from ecabinet.ledger.actions import record
from meetings.actions.guards import lock_agenda, must_prepare, refuse_marked, stale
from meetings.enums import ItemKind, ItemState, MeetingKind, MeetingMode, MeetingState
from meetings.models import AgendaItem, Body, DistributionItem, Meeting
from meetings.models.agenda import ON_PAPER

MAX_MINUTES = 600


@transaction.atomic
def create_meeting(
    *,
    actor: User,
    body: Body,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    title_en: str = "",
    kind: MeetingKind = MeetingKind.REGULAR,
    mode: MeetingMode = MeetingMode.IN_PERSON,
    place: str = "",
    place_en: str = "",
) -> Meeting:
    """A meeting being prepared; members see it once its papers are distributed."""
    meeting = Meeting(
        body=body,
        title=title,
        title_en=title_en,
        kind=kind,
        mode=mode,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        place_en=place_en,
    )
    return save_meeting(actor=actor, meeting=meeting)


@transaction.atomic
def save_meeting(*, actor: User, meeting: Meeting) -> Meeting:
    """Write a new or changed meeting; its state, its log and its body stay what they were."""
    must_prepare(actor, meeting.body)
    act = "meeting.changed" if meeting.pk else "meeting.created"
    if meeting.pk:
        locked = lock_agenda(actor, Meeting.objects.get(pk=meeting.pk))
        if locked.body_id != meeting.body_id and locked.state != MeetingState.PREPARING:
            raise WrongState("body_fixed", _("The body is fixed once papers have been distributed."))
        meeting.state, meeting.seq = locked.state, locked.seq
    refuse_marked(meeting.title, meeting.title_en)
    must_be_valid(meeting)
    meeting.save()
    details = {"body": meeting.body_id, "starts_at": meeting.starts_at.isoformat(timespec="seconds")}
    record(actor=actor, act=act, subject=f"meeting:{meeting.pk}", details=details)
    return meeting


@transaction.atomic
def cancel_meeting(*, actor: User, meeting: Meeting, reason: str) -> Meeting:
    """Call a meeting off before it begins."""
    locked = lock_agenda(actor, meeting)
    if not reason.strip():
        raise DomainError("reason_missing", _("Say why the meeting is cancelled; members will read it."), 422)
    locked.state = MeetingState.CANCELLED
    locked.save(update_fields=["state"])
    details = {"reason": reason.strip()}
    record(actor=actor, act="meeting.cancelled", subject=f"meeting:{locked.pk}", details=details)
    return locked


@transaction.atomic
def add_item(
    *,
    actor: User,
    meeting: Meeting,
    title: str,
    title_en: str = "",
    kind: ItemKind = ItemKind.DECISION,
    sponsor: Agency | None = None,
    rapporteur: User | None = None,
    minutes: int = 15,
    consent: bool = False,
    restricted: bool = False,
) -> AgendaItem:
    """A new matter at the end of the agenda."""
    item = AgendaItem(
        meeting=meeting,
        kind=kind,
        title=title,
        title_en=title_en,
        sponsor=sponsor,
        rapporteur=rapporteur,
        minutes=minutes,
        consent=consent,
        restricted=restricted,
    )
    return save_item(actor=actor, item=item)


@transaction.atomic
def save_item(*, actor: User, item: AgendaItem) -> AgendaItem:
    """Write a new or changed matter; a new one goes to the end, one on paper only loses its name."""
    lock_agenda(actor, item.meeting)
    act = "item.changed" if item.pk else "item.created"
    if item.pk is None:
        last = AgendaItem.objects.filter(meeting=item.meeting).aggregate(last=Max("sort_order"))["last"]
        item.sort_order = 0 if last is None else last + 1
    if item.kind == ItemKind.PAPER_ONLY:
        item.title, item.title_en = ON_PAPER
    refuse_marked(item.title, item.title_en)
    must_be_valid(item)
    item.save()
    details = {"meeting": item.meeting_id, "kind": str(item.kind), "minutes": item.minutes}
    record(actor=actor, act=act, subject=f"item:{item.pk}", details=details)
    return item


@transaction.atomic
def set_minutes(*, actor: User, item: AgendaItem, minutes: int) -> AgendaItem:
    """Allot 1 to 600 minutes."""
    lock_agenda(actor, item.meeting)
    if not 1 <= minutes <= MAX_MINUTES:
        raise DomainError("minutes_range", _("Allot between 1 and 600 minutes."), 422)
    item.minutes = minutes
    item.save(update_fields=["minutes"])
    details = {"meeting": item.meeting_id, "minutes": minutes}
    record(actor=actor, act="item.changed", subject=f"item:{item.pk}", details=details)
    return item


@transaction.atomic
def remove_item(*, actor: User, item: AgendaItem) -> None:
    """Take a matter off the agenda; its dossier stays. What was distributed is postponed instead."""
    lock_agenda(actor, item.meeting)
    if DistributionItem.objects.filter(item=item).exists() or item.positions.exists():
        raise WrongState(
            "item_distributed",
            _("Members already hold papers on this item. Postpone it instead; they will be told."),
        )
    pk = item.pk
    item.delete()
    record(actor=actor, act="item.removed", subject=f"item:{pk}", details={"meeting": item.meeting_id})


@transaction.atomic
def postpone_item(*, actor: User, item: AgendaItem) -> AgendaItem:
    """Leave a matter out of this meeting; the next distribution tells the members."""
    return _put_off(actor, item, ItemState.WAITING, ItemState.POSTPONED)


@transaction.atomic
def restore_item(*, actor: User, item: AgendaItem) -> AgendaItem:
    """Take a postponed matter back onto the agenda."""
    return _put_off(actor, item, ItemState.POSTPONED, ItemState.WAITING)


@transaction.atomic
def reorder(*, actor: User, meeting: Meeting, ids: Sequence[int], seen: Sequence[int] = ()) -> None:
    """Put the items into the order of ``ids``, which names each item of the meeting once.

    ``seen`` is the order the actor started from; when it is given and is no longer the stored one,
    somebody else was faster and nothing changes (409 ``stale``).
    """
    locked = lock_agenda(actor, meeting)
    items = {item.pk: item for item in locked.items.order_by("sort_order", "pk")}
    if sorted(ids) != sorted(items) or (seen and list(seen) != list(items)):
        raise stale()
    for place, pk in enumerate(ids):
        items[pk].sort_order = place
    AgendaItem.objects.bulk_update(items.values(), ["sort_order"])
    details = {"items": list(ids)}
    record(actor=actor, act="agenda.reordered", subject=f"meeting:{locked.pk}", details=details)


@transaction.atomic
def move(*, actor: User, item: AgendaItem, steps: int) -> None:
    """Move a matter up (negative) or down the agenda; it stops at either end."""
    meeting = lock_agenda(actor, item.meeting)
    ids = list(meeting.items.order_by("sort_order", "pk").values_list("pk", flat=True))
    if item.pk not in ids:
        raise stale()
    place = ids.index(item.pk)
    ids.insert(max(place + steps, 0), ids.pop(place))
    reorder(actor=actor, meeting=meeting, ids=ids)


def _put_off(actor: User, item: AgendaItem, before: ItemState, after: ItemState) -> AgendaItem:
    lock_agenda(actor, item.meeting)
    locked: AgendaItem = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if locked.state != before:
        raise stale()
    locked.state = after
    locked.save(update_fields=["state"])
    details = {"meeting": locked.meeting_id, "state": str(after)}
    record(actor=actor, act="item.changed", subject=f"item:{locked.pk}", details=details)
    return locked
