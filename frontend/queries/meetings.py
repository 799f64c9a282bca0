"""Meetings a person may read, in the order in which they matter."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from ecabinet.accounts.models import User
from meetings.enums import MeetingState
from meetings.models import Distribution, DistributionItem, DocumentVersion, Meeting, ReadReceipt
from meetings.models.scope import mandates

OPEN = (MeetingState.DISTRIBUTED, MeetingState.IN_SESSION)


@dataclass(frozen=True)
class Listing:
    """``coming`` begins with the next meeting, ``past`` with the last one."""

    now: tuple[Meeting, ...]
    coming: tuple[Meeting, ...]
    past: tuple[Meeting, ...]


def newest_distributions() -> QuerySet[Distribution]:
    """The newest distribution of the meeting of the outer row ``distribution__meeting``."""
    return Distribution.objects.filter(meeting=OuterRef("distribution__meeting")).order_by("-number")


def unread(user: User) -> QuerySet[DistributionItem]:
    """Papers of meetings still to come or on, as last distributed to this person, not opened yet."""
    opened = ReadReceipt.objects.filter(user=user, version=OuterRef("version"))
    return (
        DistributionItem.objects.filter(
            ~Exists(opened),
            distribution=Subquery(newest_distributions().values("pk")[:1]),
            distribution__meeting__state__in=OPEN,
            distribution__recipients__membership__in=mandates(user),
            version__in=DocumentVersion.objects.visible_to(user),
        )
        .distinct()
        .select_related("version__document", "distribution__meeting")
        .order_by("distribution__meeting__starts_at", "sort_order", "pk")
    )


def listing(user: User) -> Listing:
    """All meetings the person may read; each with ``item_count`` and ``unread_count``."""
    waiting = dict(
        unread(user)
        .order_by()
        .values_list("distribution__meeting")
        .annotate(count=Count("version", distinct=True))
    )
    rows = list(
        Meeting.objects.visible_to(user)
        .select_related("body")
        .annotate(item_count=Count("items"))
        .order_by("-starts_at")
    )
    for meeting in rows:
        meeting.unread_count = waiting.get(meeting.pk, 0)
    on = tuple(row for row in rows if row.state == MeetingState.IN_SESSION)
    over = (MeetingState.ADJOURNED, MeetingState.CANCELLED)
    past = tuple(row for row in rows if row.state in over)
    coming = tuple(reversed([row for row in rows if row not in on and row not in past]))
    return Listing(on, coming, past)
