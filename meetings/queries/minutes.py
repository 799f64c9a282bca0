"""Reads about minutes."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from ecabinet.common.clock import today
from meetings.enums import MembershipRole, MinutesState
from meetings.models import AgendaItem, Minutes, MinutesComment
from meetings.models.scope import AnyUser, mandates


def visible_minutes(user: AnyUser) -> QuerySet[Minutes]:
    """Minutes the person may read, with what a page of them shows."""
    rows = Minutes.objects.visible_to(user)
    return rows.select_related("meeting__body__agency", "current", "secretary", "chair", "record")


def to_remark_on(user: AnyUser) -> QuerySet[Minutes]:
    """Minutes before a member of the body who has not remarked on this version, while there is time."""
    own = mandates(user).exclude(role=MembershipRole.OBSERVER)
    remarked = MinutesComment.objects.filter(version=OuterRef("current"), membership__in=own)
    waiting = Minutes.objects.filter(
        ~Exists(remarked),
        state=MinutesState.CIRCULATED,
        comments_until__gte=today(),
        meeting__body__in=own.values("body"),
    )
    return waiting.select_related("meeting").order_by("comments_until")


def minutes_digest(item: AgendaItem) -> str:
    """The hash of the version that adopting this item approves; empty when it approves none."""
    found = Minutes.objects.filter(approval_item=item.pk, current__isnull=False)
    return found.values_list("current__sha256", flat=True).first() or ""
