from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from meetings.actions.distribution import distribute
from meetings.models import AgendaItem, DocumentVersion, Meeting
from tests import cast as casting
from tests.cast import Cast


@dataclass(frozen=True)
class Sitting:
    """A meeting whose papers have been distributed: one item for decision with three papers of two pages."""

    meeting: Meeting
    item: AgendaItem
    versions: list[DocumentVersion]


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.assemble()


@pytest.fixture
def sitting(cast: Cast, tmp_path: Path) -> Sitting:
    meeting = casting.meeting(cast)
    item = casting.item(cast, meeting)
    _dossier, versions = casting.complete(cast, item, tmp_path)
    distribute(actor=cast.clerk, meeting=meeting)
    meeting.refresh_from_db()
    return Sitting(meeting, item, versions)
