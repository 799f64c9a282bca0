"""The heartbeat of a meeting in this process: one task and one reading for all its screens."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels.db import database_sync_to_async

from ecabinet.realtime.hub import hub
from meetings.live_access import Refused, Visitor, refusals
from meetings.live_types import AUDIENCES
from meetings.queries.live import Head, head_of
from meetings.snapshots import beat, frame_of, topic_of, topics_of

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
_HEAD = re.compile(rb'^\{"type":"state","seq":(\d+),"votes":(\d+),"pages":(\d+)')


@dataclass(frozen=True)
class _Look:
    head: Head
    screens: int
    ended: dict[Visitor, Refused]


class Feed:
    """Beats for the screens of one meeting, pushes they have missed, and the end of their access."""

    def __init__(self, meeting_id: int) -> None:
        self.meeting_id = meeting_id
        self.members: dict[Callable[[Refused], None], Visitor] = {}
        self.screens = 0
        self._told = Head(-1, -1)
        self._asked: set[Callable[[Refused], None]] = set()
        self.task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._beat()
            except Exception:
                # No beat tells every screen that we cannot see: it says so and keeps trying.
                logger.exception("no heartbeat for meeting %s", self.meeting_id)

    async def _beat(self) -> None:
        # Who was asked after in the last beat may rest in this one: lost access shows within 4 s.
        self._asked = self.members.keys() - self._asked
        look = await database_sync_to_async(self._look)([self.members[end] for end in self._asked])
        self.screens = look.screens
        for end, visitor in list(self.members.items()):
            if visitor in look.ended:
                end(look.ended[visitor])
        if look.head > self._shown():
            await database_sync_to_async(self._heal)()
        self._told = max(self._told, look.head)
        for topic in topics_of(self.meeting_id):
            hub.deliver(topic, beat(look.head, look.screens))

    def _look(self, asked: Sequence[Visitor]) -> _Look:
        ended = refusals(set(asked))
        return _Look(
            head=head_of(self.meeting_id) or Head(0, 0),
            screens=hub.count(f"meeting:{self.meeting_id}", topics_of(self.meeting_id)),
            ended={visitor: code for visitor, code in ended.items() if code is not None},
        )

    def _shown(self) -> Head:
        """The oldest of what was pushed last to each audience that is watched here."""
        watched = [topic for topic in topics_of(self.meeting_id) if hub.local_count([topic])]
        heads = [max(self._told, _head_in(hub.newest(topic))) for topic in watched]
        return min(heads, default=self._told)

    def _heal(self) -> None:
        for audience in AUDIENCES:
            topic = topic_of(self.meeting_id, audience)
            if hub.local_count([topic]):
                hub.deliver(topic, frame_of(self.meeting_id, audience)[1], keep=True)


def _head_in(frame: bytes | None) -> Head:
    match = _HEAD.match(frame or b"")
    return Head(int(match[1]), int(match[2]), int(match[3])) if match else Head(-1, -1)


class Feeds:
    """The feeds of this process, by event loop and meeting: begun by the first screen, ended by the last."""

    def __init__(self) -> None:
        self._feeds: dict[tuple[asyncio.AbstractEventLoop, int], Feed] = {}

    def join(self, visitor: Visitor, end: Callable[[Refused], None]) -> Feed:
        """Watch over a screen; ``end`` is called once in this loop when its access is over."""
        key = (asyncio.get_running_loop(), visitor.meeting_id)
        feed = self._feeds.get(key) or Feed(visitor.meeting_id)
        self._feeds[key] = feed
        feed.members[end] = visitor
        return feed

    def leave(self, visitor: Visitor, end: Callable[[Refused], None]) -> None:
        key = (asyncio.get_running_loop(), visitor.meeting_id)
        feed = self._feeds.get(key)
        if feed is None:
            return
        feed.members.pop(end, None)
        if not feed.members:
            feed.task.cancel()
            del self._feeds[key]


feeds = Feeds()
