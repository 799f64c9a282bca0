from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.enums import ReminderStage
from meetings.rules.working_days import (
    Holidays,
    Stage,
    deadline,
    is_working_day,
    reminders,
    working_day_after,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOLIDAYS = Holidays.parse(["01-01", "04-30", "05-01", "09-02", "2026-02-17", "2026-02-18"])


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # a Monday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # begun on a Saturday
        (date(2026, 4, 29), 1, date(2026, 5, 4)),  # two holidays and a weekend
        (date(2026, 2, 16), 1, date(2026, 2, 19)),  # days named once
        (date(2025, 2, 16), 1, date(2025, 2, 17)),  # not in another year
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_the_last_day_skips_weekends_and_holidays(start: date, days: int, expected: date) -> None:
    assert working_day_after(start, days, HOLIDAYS) == expected


def test_a_deadline_is_the_close_of_office_hours() -> None:
    opened = datetime(2026, 11, 23, 22, 15, tzinfo=HANOI)
    assert deadline(opened, 5, HOLIDAYS).isoformat() == "2026-11-30T17:00:00+07:00"
    assert {stage: at.isoformat() for stage, at in reminders(opened, 5, HOLIDAYS).items()} == {
        Stage.MEMBER: "2026-11-26T08:00:00+07:00",
        Stage.DEPUTY: "2026-11-30T08:00:00+07:00",
        Stage.SECRETARIAT: "2026-11-30T12:00:00+07:00",
    }


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(1, 30))
def test_between_start_and_deadline_lie_exactly_so_many_working_days(start: date, days: int) -> None:
    last = working_day_after(start, days, HOLIDAYS)
    between = (date.fromordinal(n) for n in range(start.toordinal() + 1, last.toordinal() + 1))
    assert sum(is_working_day(day, HOLIDAYS) for day in between) == days
    assert is_working_day(last, HOLIDAYS)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(1, 30))
def test_reminders_come_in_order_before_the_deadline(start: date, days: int) -> None:
    opened = datetime.combine(start, datetime.min.time(), tzinfo=HANOI)
    times = [*reminders(opened, days, HOLIDAYS).values(), deadline(opened, days, HOLIDAYS)]
    assert times == sorted(times)
    assert opened < times[0]
    assert times[-2] < times[-1]


@pytest.mark.parametrize("word", ["2026-02-30", "13-01-1", "Tet", "x-y"])
def test_a_holiday_that_is_no_day_is_refused(word: str) -> None:
    with pytest.raises(ValueError):
        Holidays.parse([word])


def test_stages_are_those_of_the_rows() -> None:
    assert [stage.value for stage in Stage] == ReminderStage.values
