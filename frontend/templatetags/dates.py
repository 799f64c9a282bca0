"""Days and hours in words: ``{% load dates %}``."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from ecabinet.common import clock
from ecabinet.common.clock import today
from frontend import dates

register = template.Library()


def _day(value: date | datetime) -> date:
    return dates.local_day(value) if isinstance(value, datetime) else value


@register.filter
def full_day(value: date | datetime) -> str:
    return dates.full_day(_day(value))


@register.filter
def weekday(value: date | datetime) -> str:
    return dates.weekday(_day(value))


@register.filter
def day_and_month(value: date | datetime) -> str:
    return dates.day_and_month(_day(value))


@register.filter
def short_day(value: date | datetime) -> str:
    return dates.short_day(_day(value))


@register.filter
def dated(value: date | datetime) -> str:
    return dates.dated(_day(value))


@register.filter
def hour(value: datetime) -> str:
    return dates.hour(value)


@register.filter
def exactly(value: datetime) -> str:
    """On one line, however narrow its place."""
    return clock.exactly(value).replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def minute(value: datetime) -> str:
    return clock.minute(value)


@register.filter
def when(value: datetime) -> str:
    return dates.when(value, today())


@register.filter
def duration(minutes: int) -> str:
    return dates.duration(minutes)
