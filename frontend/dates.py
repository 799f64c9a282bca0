"""Days and hours in words, as an official text says them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

# Django's own Vietnamese names say "Thứ 5"; an invitation says "Thứ Năm".
WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)


def weekday(day: date) -> str:
    return str(WEEKDAYS[day.weekday()])


def day_and_month(day: date) -> str:
    """“26 tháng 11”, “26 November”."""
    return formatted(day, pgettext("date format: day and month", "j F"))


def full_day(day: date) -> str:
    """“Thứ Năm, ngày 26 tháng 11 năm 2026”, “Thursday, 26 November 2026”."""
    words = formatted(day, pgettext("date format: day, month and year", "j F Y"))
    return _("%(weekday)s, %(day)s") % {"weekday": weekday(day), "day": words}


def short_day(day: date) -> str:
    """“25/11”, “25 Nov”."""
    return formatted(day, pgettext("date format: short", "j M"))


def dated(day: date) -> str:
    """“25/11/2026”, “25 Nov 2026”: where the year is not plain from the place."""
    return formatted(day, pgettext("date format: short, with the year", "j M Y"))


def hour(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def when(moment: datetime, today: date) -> str:
    """The hour today; the day and the hour on other days."""
    day = local_day(moment)
    if day == today:
        return hour(moment)
    return _("%(day)s at %(hour)s") % {"day": short_day(day), "hour": hour(moment)}


def duration(minutes: int) -> str:
    """“45 phút”, “2 giờ 25 phút”; a line breaks between hours and minutes only."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%d hour", "%d hours", hours) % hours] * bool(hours)
    parts += [ngettext("%d minute", "%d minutes", rest) % rest] * bool(rest or not hours)
    return " ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)
