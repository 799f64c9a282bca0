from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordKind(models.TextChoices):
    """Codes as they stand in the number (Decree 30/2020, annex III)."""

    RESOLUTION = "NQ", _("Resolution")
    DECREE = "NĐ", _("Decree")
    DECISION = "QĐ", _("Decision")
    CONCLUSION = "TB", _("Notice of conclusions")
    MINUTES = "BB", _("Minutes")


class FileRole(models.TextChoices):
    """What a file of a package is for."""

    MAIN = "main", _("Signed original")
    VERSION = "version", _("Paper of the dossier")
    TALLY = "tally", _("Ballots and tally")
    EVENTS = "events", _("Event log")
    VALIDATION = "validation", _("Validation report")
    OUTCOME = "outcome", _("Machine-readable outcome")
