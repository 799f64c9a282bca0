"""The one place that asks what time it is, so that tests and the demo can be somewhere else in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import pgettext

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())
_held: ContextVar[datetime | None] = ContextVar("clock_held", default=None)


def now() -> datetime:
    """The current moment, aware, UTC."""
    return _held.get() or timezone.now() + _shift.get()


def today() -> date:
    """The current date in the site's time zone."""
    return timezone.localdate(now())


def exactly(moment: datetime) -> str:
    """“15:02:11 ngày 26/11/2026 (+07:00)”, “26 Nov 2026, 15:02:11 (+07:00)”: in the site's time."""
    local = timezone.localtime(moment)
    words = formatted(local, pgettext("date format: to the second", "j M Y, H:i:s"))
    return f"{words} ({local.isoformat()[-6:]})"


def day(value: date) -> str:
    """“26/11/2026”, “26 Nov 2026”: in figures where they cannot be mistaken, else with the month's name."""
    return formatted(value, pgettext("date format: short, with the year", "j M Y"))


def minute(moment: datetime) -> str:
    """“15:02, 26/11/2026”, “15:02, 26 Nov 2026”: in the site's time zone."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}, {day(local)}"


@contextmanager
def starting_at(moment: datetime) -> Iterator[None]:
    """Inside, time runs on from ``moment`` (aware); in this thread or task only."""
    token = _shift.set(moment - timezone.now())
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def held() -> Iterator[None]:
    """Inside, it stays one moment, so that all that is written together bears one time; this thread only."""
    token = _held.set(now())
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def running() -> Iterator[None]:
    """Inside, time runs although it is held outside: for what waits for others before it is done."""
    token = _held.set(None)
    try:
        yield
    finally:
        _held.reset(token)
