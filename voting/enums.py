from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PollState(models.TextChoices):
    OPEN = "open", pgettext_lazy("poll", "Open")
    CLOSED = "closed", pgettext_lazy("poll", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("poll", "Cancelled")


class PollMode(models.TextChoices):
    LIVE = "live", _("At a meeting")
    WRITTEN = "written", _("Written ballots")
    ROLL_CALL = "roll_call", _("By roll call, entered later")


class Entitlement(models.TextChoices):
    """Where an elector stood when the poll opened."""

    PRESENT = "present", pgettext_lazy("elector", "Present")
    ABSENT = "absent", pgettext_lazy("elector", "Absent")
    RECUSED = "recused", pgettext_lazy("elector", "Recused")
