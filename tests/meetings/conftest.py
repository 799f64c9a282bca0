from __future__ import annotations

import pytest

from meetings.models import Meeting
from tests import cast as casting
from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.assemble()


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return casting.meeting(cast)
