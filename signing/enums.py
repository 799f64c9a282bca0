from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateStatus(models.TextChoices):
    """Suspended can be lifted again; disabled makes no new signatures but was not withdrawn either."""

    ACTIVE = "active", pgettext_lazy("certificate", "In force")
    SUSPENDED = "suspended", pgettext_lazy("certificate", "Suspended")
    DISABLED = "disabled", pgettext_lazy("certificate", "No new signatures")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")


LIVING_CERTIFICATES = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)


class StatusReason(models.TextChoices):
    """Why a certificate no longer signs (Decree 68/2024)."""

    KEY_COMPROMISE = "key_compromise", _("The key may be in wrong hands")
    LOSS = "loss", _("The device with the key is lost or damaged")
    CHANGE_OF_POSITION = "change_of_position", _("Change of position")
    DEPARTURE = "departure", _("Retirement, resignation or death")
    MERGER = "merger", _("Merger or dissolution of the agency")
    AUTHORITY = "authority", _("Request of the police, the prosecution or the managing agency")
    SUPERSEDED = "superseded", _("Replaced by a newer certificate")


class CertificateRequestKind(models.TextChoices):
    NEW = "new", pgettext_lazy("certificate request", "New certificate")
    RENEWAL = "renewal", pgettext_lazy("certificate request", "Renewal")
    REISSUE = "reissue", pgettext_lazy("certificate request", "Re-issue after a change of position")


class CertificateRequestState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("certificate request", "Waiting for approval")
    APPROVED = "approved", pgettext_lazy("certificate request", "Approved, to be issued")
    ISSUED = "issued", pgettext_lazy("certificate request", "Issued")
    REFUSED = "refused", pgettext_lazy("certificate request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("certificate request", "Withdrawn")


OPEN_CERTIFICATE_REQUESTS = (CertificateRequestState.REQUESTED, CertificateRequestState.APPROVED)


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
