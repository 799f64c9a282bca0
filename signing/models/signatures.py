"""Certificates and signing sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from asn1crypto import pem, x509
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import Agency, Position
from signing.enums import (
    LIVING_CERTIFICATES,
    SIGNABLE_STATES,
    CertificateStatus,
    EntryState,
    Level,
    RequestState,
    SessionState,
    StatusReason,
    Trouble,
    Urgency,
)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def usable(self, on: datetime) -> CertificateQuerySet:
        """Certificates that may make new signatures at that moment."""
        return self.filter(status=CertificateStatus.ACTIVE, not_before__lte=on, not_after__gt=on)

    def living(self) -> CertificateQuerySet:
        """In force or suspended: what a change of position, a renewal or a report of loss is about."""
        return self.filter(status__in=LIVING_CERTIFICATES)


class Certificate(models.Model):
    """A signing certificate of a person or an agency and where its key is kept.

    ``status`` has one door: ``signing.actions.certificates``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("Agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    backend = models.CharField(_("Key custody"), max_length=20)
    key_ref = models.CharField(max_length=200)
    subject = models.CharField(_("Subject"), max_length=300)
    serial = models.CharField(_("Serial number"), max_length=48)
    chain = models.TextField()  # PEM, the signer's certificate first
    not_before = models.DateTimeField(_("Valid from"))
    not_after = models.DateTimeField(_("Valid until"))
    status = models.CharField(
        _("Status"), max_length=10, choices=CertificateStatus, default=CertificateStatus.ACTIVE
    )
    status_at = models.DateTimeField(null=True, blank=True)
    status_reason = models.CharField(_("Reason"), max_length=20, choices=StatusReason, blank=True)
    position = models.ForeignKey(  # the office it names; without that office it signs nothing
        Position,
        verbose_name=_("Position"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    renewed_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renews"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("-not_before", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, agency__isnull=True)
                | Q(user__isnull=True, agency__isnull=False),
                name="certificate_one_holder",
            ),
        )

    def __str__(self) -> str:
        return self.subject

    def certificates(self) -> list[x509.Certificate]:
        """The chain, the signer's own certificate first."""
        blocks = pem.unarmor(self.chain.encode(), multiple=True)
        return [x509.Certificate.load(der) for _name, _headers, der in blocks]


class SigningSession(models.Model):
    """One gesture: an ordered set of dossiers, the challenge over it, and the evidence of consent.

    ``state`` has one door: ``signing.actions.sessions``. What is in the set stands in its entries.
    """

    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_sessions"
    )
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="sessions")
    mandate = models.CharField(max_length=300, blank=True)  # the office held at that moment
    state = models.CharField(max_length=12, choices=SessionState, default=SessionState.PREPARING)
    challenge = models.CharField(max_length=64, blank=True)
    assertion = models.JSONField(default=dict)  # how the person confirmed
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    authorised_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    # Whoever works on it holds it until then; the next may take it up afterwards.
    leased_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("signing session")
        verbose_name_plural = _("signing sessions")
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "leased_until"), name="signing_session_due"),)

    def __str__(self) -> str:
        return f"{self.signer} {self.opened_at:%Y-%m-%d %H:%M}"


class SigningRequest(models.Model):
    """One file that waits for one person's signature. ``state`` has one door: ``signing.actions``."""

    kind = models.CharField(max_length=40)  # names the completion, e.g. decision
    subject = models.CharField(max_length=120)  # e.g. decision:12
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_requests"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(_("Number"), max_length=60, blank=True)
    title = models.CharField(_("Title"), max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    sender = models.CharField(_("Submitted by"), max_length=200, blank=True)
    sender_en = models.CharField(max_length=200, blank=True)
    urgency = models.PositiveSmallIntegerField(_("Urgency"), choices=Urgency, default=Urgency.NORMAL)
    pages = models.PositiveIntegerField(default=1)
    field_name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("State"), max_length=10, choices=RequestState, default=RequestState.WAITING)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)  # of a return or a failure
    looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    signed_sha256 = models.CharField(max_length=64, blank=True)
    level = models.CharField(max_length=6, choices=Level, blank=True)

    class Meta:
        verbose_name = _("signing request")
        verbose_name_plural = _("signing requests")
        ordering = ("-urgency", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject", "signer"),
                condition=Q(state__in=[state.value for state in SIGNABLE_STATES]),
                name="signing_request_open_once",
            ),
        )

    def __str__(self) -> str:
        return self.reference or self.title

    @property
    def open(self) -> bool:
        return self.state in SIGNABLE_STATES


class Preparation(models.Model):
    """A request's file with its placeholder, ready for the raw signature over ``attributes``.

    Bound to the version, the certificate and the mandate it was made for; made anew when one of them or
    the hour has changed. Only ``signing.actions.preparations`` writes it.
    """

    request = models.OneToOneField(SigningRequest, on_delete=models.CASCADE, related_name="preparation")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    mandate = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)  # of the version it was made from
    file = models.CharField(max_length=64, unique=True)  # a name in PREPARED_DIR
    digest = models.BinaryField()
    start = models.PositiveBigIntegerField()  # of the placeholder, bytes
    end = models.PositiveBigIntegerField()
    attributes = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "preparation"
        verbose_name_plural = "preparations"

    def __str__(self) -> str:
        return f"{self.request_id}: {self.file}"


class SessionEntry(models.Model):
    """One dossier of one session: what exactly was confirmed, the raw signature, and what became of it.

    ``state`` has one door: ``signing.actions.entries``.
    """

    session = models.ForeignKey(SigningSession, on_delete=models.PROTECT, related_name="entries")
    request = models.ForeignKey(SigningRequest, on_delete=models.PROTECT, related_name="entries")
    place = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)  # the version
    attributes_sha256 = models.CharField(max_length=64, blank=True)  # empty until prepared
    signature = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=EntryState, default=EntryState.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "session entry"
        verbose_name_plural = "session entries"
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("session", "place"), name="session_entry_place"),
            models.UniqueConstraint(fields=("session", "request"), name="session_entry_once"),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.place}"


class PendingTimestampQuerySet(models.QuerySet["PendingTimestamp"]):
    def waiting(self) -> PendingTimestampQuerySet:
        return self.filter(done_at=None)

    def alarming(self, moment: datetime) -> PendingTimestampQuerySet:
        """Those that wait too long, or whose certificates end soon."""
        late = moment - timedelta(hours=settings.TIMESTAMP_ALARM_HOURS)
        ending = moment + timedelta(days=settings.TIMESTAMP_ALARM_DAYS)
        return self.waiting().filter(Q(since__lte=late) | Q(certificates_end__lte=ending))


class PendingTimestamp(models.Model):
    """A signed file below B-LTA: whose it is, what stands in the way, when it is tried again.

    ``done_at`` and ``result_sha256`` have one door: ``signing.actions.timestamps``.
    """

    kind = models.CharField(max_length=40)  # names who is told, e.g. decision
    subject = models.CharField(max_length=120)  # e.g. decision:12
    reference = models.CharField(_("Number"), max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(_("Since"))
    attempts = models.PositiveIntegerField(_("Attempts"), default=0)
    next_try = models.DateTimeField(_("Next attempt"), db_index=True)
    trouble = models.CharField(max_length=20, blank=True)  # a Trouble
    last_error = models.CharField(max_length=400, blank=True)  # in English, for experts
    certificates_end = models.DateTimeField(null=True)  # the first of the signers' certificates to end
    alarmed_at = models.DateTimeField(null=True)  # when administrators were last told
    done_at = models.DateTimeField(null=True)
    result_sha256 = models.CharField(max_length=64, blank=True)

    objects = PendingTimestampQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending timestamp")
        verbose_name_plural = _("pending timestamps")
        ordering = ("since", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, result_sha256="")
                | (Q(done_at__isnull=False) & ~Q(result_sha256="")),
                name="pending_timestamp_done_with_result",
            ),
        )

    def __str__(self) -> str:
        return self.reference or self.subject

    @property
    def why(self) -> str:
        """What stands in the way and what to do, in the language of the screen."""
        return str(Trouble(self.trouble).label) if self.trouble in Trouble.values else ""
