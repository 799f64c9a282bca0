from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    STATEMENT = "statement", _("Statement")
    DRAFT = "draft", _("Draft decision")
    OPINIONS = "opinions", _("Agencies' opinions")
    APPENDIX = "appendix", _("Appendix")
    SUMMARY = "summary", pgettext_lazy("document", "Summary")
    VERSION = "version", _("Paper of the dossier")
    VOTE = "vote", _("Ballots and verdict")
    EVENTS = "event log", _("Event log")
    VALIDATION = "validation", _("Validation report")
    OUTCOME = "outcome", _("Machine-readable outcome")
