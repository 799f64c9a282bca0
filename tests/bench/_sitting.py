"""A small sitting with adopted items, for benchmarks that begin after the vote."""

from __future__ import annotations

import time
from pathlib import Path

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.tokens import tokens_of
from meetings.actions import decisions, distribution, live
from meetings.enums import DecisionState, DecisionType, Presence
from meetings.models import AgendaItem, Decision
from search import queries as search
from signing import actions as signing
from signing.queries import waiting_for
from tests import cast as casting
from tests.cast import Cast

CONTENT = "Căn cứ Luật Tổ chức Chính phủ;\nQUYẾT NGHỊ:\nĐiều 1. Giao Bộ Y tế thực hiện.\n" * 20


def adopted(folder: Path, count: int) -> tuple[Cast, list[AgendaItem]]:
    """A meeting in which ``count`` items have been adopted unanimously."""
    cast = casting.assemble()
    signing.issue_demo_certificate(actor=cast.manager, user=cast.chair)
    meeting = casting.meeting(cast)
    items = [casting.item(cast, meeting, f"Nội dung {number}") for number in range(1, count + 1)]
    for item in items:
        casting.complete(cast, item, folder)
    distribution.distribute(actor=cast.clerk, meeting=meeting)
    everybody = list(cast.body.memberships.values_list("pk", flat=True))
    live.set_presence(
        actor=cast.clerk, meeting_id=meeting.pk, presence=Presence.PRESENT, membership_ids=everybody
    )
    live.start(actor=cast.chair, meeting_id=meeting.pk)
    for item in items:
        _adopt(cast, item)
    return cast, items


def _adopt(cast: Cast, item: AgendaItem) -> None:
    live.call_item(actor=cast.clerk, meeting_id=item.meeting_id, item_id=item.pk)
    poll = live.open_poll(actor=cast.clerk, meeting_id=item.meeting_id, item_id=item.pk).body["poll"]
    for user in (cast.chair, cast.member, cast.second):
        live.cast_ballot(
            actor=user, meeting_id=item.meeting_id, poll_id=poll, choice="for", key=f"k{user.pk}"
        )
    live.close_poll(actor=cast.clerk, meeting_id=item.meeting_id, poll_id=poll)


def prepared(cast: Cast, item: AgendaItem) -> str:
    """Send the item's decision on its way and wait until it lies in the chair's tray; its number."""
    decision = decisions.prepare(
        actor=cast.clerk, item=item, type=DecisionType.RESOLUTION, abstract=item.title, content=CONTENT
    )
    while Decision.objects.get(pk=decision.pk).state != DecisionState.RENDERED:
        time.sleep(0.05)
    return decision.notation


def sign(cast: Cast) -> None:
    ids = [request.pk for request in waiting_for(cast.chair)]
    signing.authorise(actor=cast.chair, request_ids=ids, gesture=DemoGesture())


def found(cast: Cast, notation: str) -> bool:
    results = search.search(notation, tokens=sorted(tokens_of(cast.chair)))
    return any(hit.ref == notation for hit in results.hits)
