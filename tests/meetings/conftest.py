from __future__ import annotations

from pathlib import Path

import pytest

from meetings import snapshots
from meetings.models import Meeting
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
def room(db: None, tmp_path: Path) -> Room:
    """In session, everybody present, the first item on the table."""
    snapshots._newest.clear()  # ids come again when a test's rows are rolled back
    made = Room(tmp_path)
    made.begin()
    return made
