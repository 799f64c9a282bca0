"""A sitting made by actions: distributed papers, members checked in, an item on the table."""

from __future__ import annotations

from pathlib import Path

from ecabinet.accounts.models import User
from meetings.actions import live
from meetings.actions.distribution import distribute
from meetings.enums import ItemKind
from meetings.models import AgendaItem, LiveEvent, Meeting
from tests import cast as casting
from tests.cast import Cast


class Room:
    """The cast in one meeting; commands by name with the desk or a member as actor."""

    def __init__(self, folder: Path) -> None:
        self.cast: Cast = casting.assemble()
        self.meeting: Meeting = casting.meeting(self.cast, days=4)
        self.item: AgendaItem = casting.item(self.cast, self.meeting)
        self.other: AgendaItem = casting.item(self.cast, self.meeting, "Nội dung khác", ItemKind.INFORMATION)
        casting.complete(self.cast, self.item, folder)
        distribute(actor=self.cast.clerk, meeting=self.meeting)

    def do(self, name: str, actor: User | None = None, **words: object) -> LiveEvent:
        command = getattr(live, name)
        event: LiveEvent = command(actor=actor or self.cast.clerk, meeting_id=self.meeting.pk, **words)
        return event

    def check_in(self, *users: User) -> None:
        for user in users or (self.cast.chair, self.cast.member, self.cast.second):
            self.do("set_presence", user, presence="present")

    def begin(self) -> None:
        self.do("start")
        self.check_in()
        self.do("call_item", item_id=self.item.pk)

    def open_poll(self) -> int:
        return int(self.do("open_poll", item_id=self.item.pk).body["poll"])

    def ask(self, user: User) -> int:
        return int(self.do("request_floor", user).body["request"])
