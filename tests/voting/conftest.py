from __future__ import annotations

from collections.abc import Callable

import pytest

from ecabinet.accounts.models import User
from voting.actions import ElectorSpec, open_poll
from voting.enums import Entitlement
from voting.models import Poll
from voting.rules import PRESETS

MakePoll = Callable[..., Poll]


def people(number: int) -> list[User]:
    return [
        User.objects.create(email=f"m{place}@example.vn", full_name=f"Member {place}")
        for place in range(number)
    ]


def specs(users: list[User], absent: int = 0) -> list[ElectorSpec]:
    """The first is the chair, the last ``absent`` are not there."""
    here = len(users) - absent
    return [
        ElectorSpec(
            mandate=f"m:{place}",
            user_id=user.pk,
            name=user.full_name,
            is_chair=place == 0,
            entitlement=Entitlement.PRESENT if place < here else Entitlement.ABSENT,
        )
        for place, user in enumerate(users)
    ]


def put(users: list[User], preset: str = "vn-government", absent: int = 0) -> Poll:
    return open_poll(
        actor=users[0], question="Thông qua?", rule=PRESETS[preset], electors=specs(users, absent)
    )


@pytest.fixture
def members(db: None) -> list[User]:
    return people(5)


@pytest.fixture
def poll(members: list[User]) -> Poll:
    return put(members)
