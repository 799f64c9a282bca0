"""How it is often done instead, for comparison: the same server and the same work, in the simple order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import voting.writer
from ecabinet import asgi
from ecabinet.common.gate import Gate
from ecabinet.realtime.together import Together
from meetings import consumers, live_access, snapshots
from meetings.actions.live import polls
from meetings.live_types import Audience
from meetings.queries.live import live_facts


def one_commit_one_broadcast() -> None:
    """From now on (and in what is forked later) each ballot has a transaction and a push of its own."""
    voting.writer.MAX_BATCH = 1
    asgi.application.application_mapping["http"] = Gate(asgi.http, asgi.REQUESTS_AT_ONCE)
    polls.push_turnout = lambda meeting_id: snapshots._push(meeting_id)()


def snapshot_for_each_client() -> None:
    """Each screen's first state is drawn up for it alone; who may watch is asked as in the product."""

    def admit(visitor: live_access.Visitor) -> live_access.Answer:
        facts = live_facts(visitor.meeting_id)
        return live_access.Admitted(*snapshots._draw(facts, cast("Audience", visitor.audience)))

    def answers_for(visitors: Sequence[live_access.Visitor]) -> list[live_access.Answer]:
        refused = live_access.refusals(set(visitors))
        return [refused[visitor] or admit(visitor) for visitor in visitors]

    consumers.doorkeeper = Together(answers_for)
