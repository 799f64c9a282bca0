"""The signing PIN: weak ones are refused, wrong ones are counted, five of them rest it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecabinet.accounts import pins
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError

pytestmark = pytest.mark.django_db
PIN = "280619"


@pytest.fixture
def person() -> User:
    user = User.objects.create_user("khai@example.vn", full_name="Trần Quốc Khải")
    pins.set_pin(actor=user, pin=PIN)
    return user


def refused(person: User, pin: str) -> str:
    with pytest.raises(DomainError) as refusal:
        pins.check(user=person, pin=pin)
    return refusal.value.code


FULL_WIDTH = "\uff11\uff12\uff13\uff15\uff16\uff17"
WEAK = ("", "12345", "123456", "987654", "111111", "12a456", "1234567890123", FULL_WIDTH)


@pytest.mark.parametrize("weak", WEAK)
def test_a_weak_pin_is_refused_and_the_old_one_stays(person: User, weak: str) -> None:
    with pytest.raises(DomainError) as refusal:
        pins.set_pin(actor=person, pin=weak)
    assert refusal.value.code == "pin_weak"
    pins.check(user=person, pin=PIN)


def test_the_pin_is_not_kept_in_clear(person: User) -> None:
    assert PIN not in person.signing_pin.hash


def test_five_wrong_ones_rest_it_even_for_the_right_one(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [refused(person, "280610") for _attempt in range(5)] == ["pin_wrong"] * 5
    assert refused(person, PIN) == "pin_locked"
    later = clock.now() + pins.PAUSE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    pins.check(user=person, pin=PIN)


def test_a_right_one_clears_the_count(person: User) -> None:
    assert [refused(person, "280610") for _attempt in range(4)] == ["pin_wrong"] * 4
    pins.check(user=person, pin=PIN)
    assert [refused(person, "280610") for _attempt in range(4)] == ["pin_wrong"] * 4
    pins.check(user=person, pin=PIN)


def test_without_a_pin_it_says_where_to_set_one() -> None:
    stranger = User.objects.create_user("stranger@example.vn", full_name="Stranger")
    assert refused(stranger, PIN) == "pin_missing"
    assert not pins.has_pin(stranger)
