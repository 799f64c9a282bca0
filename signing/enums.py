from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("certificate", "In force")
    DISABLED = "disabled", pgettext_lazy("certificate", "No new signatures")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")


class RequestState(models.TextChoices):
    """Waiting or failed ones can be signed; the others are settled."""

    WAITING = "waiting", pgettext_lazy("signature", "Waiting")
    FAILED = "failed", pgettext_lazy("signature", "Failed, can be tried again")
    SIGNED = "signed", pgettext_lazy("signature", "Signed")
    RETURNED = "returned", pgettext_lazy("signature", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("signature", "Withdrawn")


SIGNABLE_STATES = (RequestState.WAITING, RequestState.FAILED)


class SessionState(models.TextChoices):
    OPEN = "open", _("Waiting for confirmation")
    AUTHORISED = "authorised", _("Confirmed")


class Urgency(models.IntegerChoices):
    """Priorities of the national message format (domain rule of QCVN 102:2016)."""

    NORMAL = 0, _("Normal")
    URGENT = 1, _("Urgent")
    VERY_URGENT = 2, _("Very urgent")
    EXPRESS = 3, _("Express")
    EXPRESS_TIMED = 4, _("Express at a set hour")


class Level(models.TextChoices):
    """PAdES baseline levels (ETSI EN 319 142-1)."""

    NONE = "", _("None")
    B = "B-B", "B-B"
    T = "B-T", "B-T"
    LT = "B-LT", "B-LT"
    LTA = "B-LTA", "B-LTA"


class VersionKind(models.TextChoices):
    """What our pipeline did to a file."""

    PREPARE = "prepare", pgettext_lazy("file version", "Prepared")
    SIGN = "sign", pgettext_lazy("file version", "Signed")
    SEAL = "seal", pgettext_lazy("file version", "Sealed")
    TIMESTAMP = "timestamp", pgettext_lazy("file version", "Timestamped")


class ReportState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("file report", "Waiting to be examined")
    RUNNING = "running", pgettext_lazy("file report", "Being examined")
    DONE = "done", pgettext_lazy("file report", "Examined")
    FAILED = "failed", pgettext_lazy("file report", "Could not be examined")
