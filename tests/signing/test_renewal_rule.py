"""When an archive timestamp is renewed: pure rule, by example."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.renewal import DIGESTS, YEAR, Alarm, Cause, Stamp, due, fallen, usable_digest

MADE = datetime(2026, 11, 30, tzinfo=UTC)


def stamp(years: float, *methods: str) -> Stamp:
    return Stamp(MADE, MADE + timedelta(days=365 * years), frozenset(methods or ("sha256", "ecdsa")))


def test_a_year_later_by_default() -> None:
    assert due(stamp(15)) == (MADE + YEAR, Cause.YEARLY)


def test_a_year_before_the_certificate_ends() -> None:
    assert due(stamp(1.5)) == (MADE + YEAR / 2, Cause.CERTIFICATE)


def test_at_once_when_the_certificate_has_less_than_a_year() -> None:
    assert due(stamp(0.5)) == (MADE, Cause.CERTIFICATE)


def test_before_a_method_falls() -> None:
    alarm = Alarm("sha256", date(2027, 6, 1))
    assert due(stamp(15), [alarm]) == (max(MADE, alarm.moment - YEAR), Cause.ALGORITHM)
    assert due(stamp(15, "sha384"), [alarm])[1] == Cause.YEARLY


def test_a_new_timestamp_uses_what_has_not_fallen() -> None:
    alarms = [Alarm("sha256", date(2030, 1, 1)), Alarm("sha384", date(2040, 1, 1))]
    assert usable_digest(alarms, datetime(2026, 1, 1, tzinfo=UTC)) == "sha256"
    assert usable_digest(alarms, datetime(2029, 2, 1, tzinfo=UTC)) == "sha384"
    assert usable_digest(alarms, datetime(2041, 1, 1, tzinfo=UTC)) == "sha512"
    with pytest.raises(ValueError, match="no hash"):
        usable_digest([Alarm(name, date(2026, 1, 1)) for name in DIGESTS], MADE)


@pytest.mark.parametrize("text", ["", "sha256", "sha256=", "=2030-01-01", "sha256=soon"])
def test_an_alarm_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Alarm.parse(text)


def test_alarms_are_read() -> None:
    assert Alarm.parse(" SHA1 = 2017-01-01 ") == Alarm("sha1", date(2017, 1, 1))


@given(
    life=st.integers(1, 365 * 20),
    days=st.integers(-4000, 9000),
    method=st.sampled_from(["sha256", "ecdsa", "sha512"]),
)
def test_it_is_always_due_in_time(life: int, days: int, method: str) -> None:
    """Within a year, before the certificate ends, before a method falls; never before it was made."""
    made = Stamp(MADE, MADE + timedelta(days=life), frozenset({"sha256", "ecdsa"}))
    alarm = Alarm(method, (MADE + timedelta(days=days)).date())
    moment, cause = due(made, [alarm])
    assert MADE <= moment <= MADE + YEAR
    assert moment < made.certificate_ends
    if method in made.methods:
        assert moment <= max(MADE, alarm.moment - YEAR)
        # Made by other methods then: nothing that has fallen is used again.
        assert method in fallen(made.methods, [alarm], max(moment, alarm.moment - YEAR))
    else:
        assert cause != Cause.ALGORITHM
