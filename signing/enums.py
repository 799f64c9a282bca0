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
KEY_TAKEN = (*OPEN_CERTIFICATE_REQUESTS, CertificateRequestState.ISSUED)


class RequestState(models.TextChoices):
    """Waiting or failed ones can be signed; the others are settled."""

    WAITING = "waiting", pgettext_lazy("signature", "Waiting")
    FAILED = "failed", pgettext_lazy("signature", "Failed, can be tried again")
    SIGNED = "signed", pgettext_lazy("signature", "Signed")
    RETURNED = "returned", pgettext_lazy("signature", "Returned")  # to be put right and asked for again
    REFUSED = "refused", pgettext_lazy("signature", "Refused")  # for good
    PASSED_ON = "passed_on", pgettext_lazy("signature", "Passed on")
    WITHDRAWN = "withdrawn", pgettext_lazy("signature", "Withdrawn")


SIGNABLE_STATES = (RequestState.WAITING, RequestState.FAILED)


class SessionState(models.TextChoices):
    """A session waits for its files, then for its person; confirmed, it runs to its end by itself."""

    PREPARING = "preparing", pgettext_lazy("signing session", "Being prepared")
    OPEN = "open", pgettext_lazy("signing session", "Waiting for confirmation")
    CONFIRMED = "confirmed", pgettext_lazy("signing session", "The key is at work")
    AUTHORISED = "authorised", pgettext_lazy("signing session", "Signatures are being put in")
    DONE = "done", pgettext_lazy("signing session", "Done")


RUNNING_STATES = (SessionState.CONFIRMED, SessionState.AUTHORISED)


class EntryState(models.TextChoices):
    """What became of one dossier in one session."""

    WAITING = "waiting", pgettext_lazy("signing session", "Waiting")
    SIGNED = "signed", pgettext_lazy("signing session", "Signed")
    FAILED = "failed", pgettext_lazy("signing session", "Not signed")
    DROPPED = "dropped", pgettext_lazy("signing session", "No longer in the tray")


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


class Trouble(models.TextChoices):
    """Why a file is still without its last timestamp; each label says what to do."""

    NO_TSA = "no_tsa", _("No time-stamping authority is named. Set ECABINET_TSA_URL.")
    TSA_AWAY = (
        "tsa_away",
        _("The time-stamping authority does not answer. It is asked again by itself; nothing is lost."),
    )
    TSA_REFUSES = (
        "tsa_refuses",
        _("The time-stamping authority refuses to stamp. Ask whoever runs it."),
    )
    TSA_WRONG = (
        "tsa_wrong",
        _("The timestamp that came is not the one that was asked for. It was refused; check the authority."),
    )
    TSA_UNTRUSTED = (
        "tsa_untrusted",
        _("The timestamp comes from an authority this site does not trust. It was refused."),
    )
    TSA_CLOCK = (
        "tsa_clock",
        _("The time in the timestamp is far from this site's clock. Check the clock, then the authority."),
    )
    REVOKED = (
        "revoked",
        _("A certificate was revoked before a timestamp proved the signature. Have it signed anew."),
    )
    EXPIRED = (
        "expired",
        _("A certificate ended before a timestamp proved the signature. Have it signed anew."),
    )
    NO_ANSWER = (
        "no_answer",
        _("The authority gives no usable answer whether a certificate was revoked. It is asked again."),
    )
    NO_CHAIN = (
        "no_chain",
        _("A certificate leads to no authority this site trusts. Put the authority's certificate in place."),
    )
    WEAK = (
        "weak",
        _("The time-stamping authority signs by a method that is not trusted any more. Name another one."),
    )
    BROKEN = (
        "broken",
        _("The file does not take a timestamp. Tell the system administrator."),
    )


# The authority itself is at fault: the next file would fare no better.
TSA_TROUBLES = frozenset(
    {
        Trouble.NO_TSA,
        Trouble.TSA_AWAY,
        Trouble.TSA_REFUSES,
        Trouble.TSA_WRONG,
        Trouble.TSA_UNTRUSTED,
        Trouble.TSA_CLOCK,
        Trouble.WEAK,
    }
)


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
