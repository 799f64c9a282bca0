"""How it is often done instead, for comparison: the same server and the same work, in the simple order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import voting.writer
from meetings import live_access, snapshots
from meetings.actions.live import polls
from meetings.live_types import Audience
from meetings.queries.live import Head, live_facts


def one_commit_one_broadcast() -> None:
    """From now on (and in what is forked later) each ballot has a transaction and a push of its own."""
    voting.writer.MAX_BATCH = 1
    polls.push_turnout = lambda meeting_id: snapshots._push(meeting_id)()


def snapshot_for_each_client() -> None:
    """Each screen's first state is drawn up for it alone."""

    def frame_of(meeting_id: int, audience: Audience) -> tuple[Head, bytes]:
        facts = live_facts(meeting_id)
        return snapshots._draw(facts, audience)

    def answers_for(visitors: Sequence[live_access.Visitor]) -> list[live_access.Answer]:
        return [each_alone(visitor) for visitor in visitors]

    def each_alone(visitor: live_access.Visitor) -> live_access.Answer:
        audience = cast("Audience", visitor.audience)
        refused = live_access.refusal(visitor)
        return refused or live_access.Admitted(*frame_of(visitor.meeting_id, audience))

    live_access.answers_for = answers_for
