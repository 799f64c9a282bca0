from __future__ import annotations

from pathlib import Path

import pytest

from meetings import snapshots
from meetings.actions import distribution, live
from meetings.enums import Presence
from meetings.models import AgendaItem, Meeting
from tests import cast as casting
from tests.cast import Cast
from tests.meetings.live_room import Room


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.assemble()


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return casting.meeting(cast)


@pytest.fixture
def item(cast: Cast, meeting: Meeting, tmp_path: Path) -> AgendaItem:
    """An item in session, on which nothing has been voted."""
    made = casting.item(cast, meeting)
    casting.complete(cast, made, tmp_path)
    distribution.distribute(actor=cast.clerk, meeting=meeting)
    everybody = list(cast.body.memberships.values_list("pk", flat=True))
    live.set_presence(
        actor=cast.clerk, meeting_id=meeting.pk, presence=Presence.PRESENT, membership_ids=everybody
    )
    live.start(actor=cast.chair, meeting_id=meeting.pk)
    live.call_item(actor=cast.clerk, meeting_id=meeting.pk, item_id=made.pk)
    return made


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    """In session, everybody present, the first item on the table."""
    snapshots._newest.clear()  # ids come again when a test's rows are rolled back
    made = Room(tmp_path)
    made.begin()
    return made
