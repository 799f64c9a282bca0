"""The one place that asks what time it is, so that a test can set it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The current moment, aware, UTC."""
    return timezone.now()


def today() -> date:
    """The current date in the site's time zone."""
    return timezone.localdate()
