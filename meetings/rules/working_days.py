"""Deadlines in working days, and when to remind those who have not answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

SATURDAY = 5
OFFICE_OPENS, NOON, OFFICE_CLOSES = time(8), time(12), time(17)


@dataclass(frozen=True)
class Holidays:
    """Days on which offices are closed besides Saturday and Sunday."""

    every_year: frozenset[tuple[int, int]] = frozenset()  # month and day
    once: frozenset[date] = frozenset()

    @classmethod
    def parse(cls, words: Iterable[str]) -> Holidays:
        """From ``09-02`` (every year) and ``2026-02-17`` (once). Raises ValueError on anything else."""
        yearly: set[tuple[int, int]] = set()
        once: set[date] = set()
        for word in words:
            if word.count("-") == 1:
                month, day = word.split("-")
                yearly.add((int(month), int(day)))
            else:
                once.add(date.fromisoformat(word))
        return cls(frozenset(yearly), frozenset(once))

    def includes(self, day: date) -> bool:
        return day in self.once or (day.month, day.day) in self.every_year


class Stage(StrEnum):
    """Who is told that an answer is missing, one after the other."""

    MEMBER = "member"
    DEPUTY = "deputy"
    SECRETARIAT = "secretariat"


def is_working_day(day: date, holidays: Holidays) -> bool:
    return day.weekday() < SATURDAY and not holidays.includes(day)


def working_day_after(start: date, number: int, holidays: Holidays) -> date:
    """The ``number``-th (from 1) working day after ``start``, which does not count itself."""
    day = start
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day, holidays):
            day += timedelta(days=1)
    return day


def deadline(opened: datetime, days: int, holidays: Holidays) -> datetime:
    """The close of office hours of the last day; ``opened`` is aware and in the site's time zone."""
    return _at(opened, days, OFFICE_CLOSES, holidays)


def reminders(opened: datetime, days: int, holidays: Holidays) -> dict[Stage, datetime]:
    """When who is told: the member on the morning after half of the days, their deputy on the morning of
    the last day, the secretariat at its noon.
    """
    return {
        Stage.MEMBER: _at(opened, (days + 1) // 2, OFFICE_OPENS, holidays),
        Stage.DEPUTY: _at(opened, days, OFFICE_OPENS, holidays),
        Stage.SECRETARIAT: _at(opened, days, NOON, holidays),
    }


def _at(opened: datetime, days: int, hour: time, holidays: Holidays) -> datetime:
    day = working_day_after(opened.date(), days, holidays)
    return datetime.combine(day, hour, tzinfo=opened.tzinfo)
