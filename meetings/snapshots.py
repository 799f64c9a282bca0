"""Frames for screens: drawn up once per head and audience, then the same bytes for everyone."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable

from django.db import transaction

from ecabinet.common import clock
from ecabinet.realtime.hub import hub
from meetings.live_types import AUDIENCES, Audience, BeatFrame, StateFrame
from meetings.poll_view import moment
from meetings.projection import project
from meetings.queries.live import Head, LiveFacts, head_of, live_facts

# Ballots reach the screens at most seven times a second; everything else at once.
TURNOUT_INTERVAL = 1 / 7

_locks: dict[tuple[int, Audience], threading.Lock] = defaultdict(threading.Lock)
_newest: dict[tuple[int, Audience], tuple[Head, bytes]] = {}


def topic_of(meeting_id: int, audience: Audience) -> str:
    return f"meeting:{meeting_id}:{audience}"


def topics_of(meeting_id: int) -> list[str]:
    return [topic_of(meeting_id, audience) for audience in AUDIENCES]


def frame_of(meeting_id: int, audience: Audience) -> tuple[Head, bytes]:
    """The newest state frame; many who ask at once share one drawing. Raises Meeting.DoesNotExist."""
    head = head_of(meeting_id) or Head(0, 0)
    with _locks[meeting_id, audience]:
        kept = _newest.get((meeting_id, audience))
        if kept is not None and kept[0] >= head:
            return kept
        return _draw(live_facts(meeting_id), audience)


def _shared(facts: LiveFacts, audience: Audience) -> bytes:
    """The frame of these facts, or the newer one that somebody has drawn meanwhile."""
    with _locks[facts.meeting.pk, audience]:
        kept = _newest.get((facts.meeting.pk, audience))
        return kept[1] if kept is not None and kept[0] >= facts.head else _draw(facts, audience)[1]


def _draw(facts: LiveFacts, audience: Audience) -> tuple[Head, bytes]:
    frame: StateFrame = {
        "type": "state",
        "seq": facts.head.seq,
        "votes": facts.head.votes,
        "pages": facts.head.pages,
        "server_now": moment(clock.now()),
        "state": project(facts, audience),
    }
    made = facts.head, json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()
    _newest[facts.meeting.pk, audience] = made
    return made


def beat(head: Head, screens: int) -> bytes:
    frame: BeatFrame = {
        "type": "beat",
        "seq": head.seq,
        "votes": head.votes,
        "pages": head.pages,
        "server_now": moment(clock.now()),
        "screens": screens,
    }
    return json.dumps(frame, separators=(",", ":")).encode()


def push_on_commit(meeting_id: int) -> None:
    """After the current transaction, tell all screens of the meeting."""
    transaction.on_commit(lambda: hub.soon(f"meeting:{meeting_id}", _push(meeting_id)))


def push_turnout(meeting_id: int) -> None:
    """Tell the screens that ballots came in, a few times a second at most. Call it after commit."""
    hub.soon(f"meeting:{meeting_id}", _push(meeting_id), interval=TURNOUT_INTERVAL)


def push_page_on_commit(meeting_id: int) -> None:
    """After the current transaction, tell the screens that a page was turned; coalesced like turnout."""
    transaction.on_commit(lambda: push_turnout(meeting_id))


def _push(meeting_id: int) -> Callable[[], None]:
    def push() -> None:
        watched = [each for each in AUDIENCES if hub.is_watched(topic_of(meeting_id, each))]
        if not watched:
            return
        facts = live_facts(meeting_id)
        for audience in watched:
            hub.publish(topic_of(meeting_id, audience), _shared(facts, audience))

    return push
