"""Certificates and signing sessions."""

from __future__ import annotations

from datetime import datetime

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
    Level,
    RequestState,
    SessionState,
    StatusReason,
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

    ``state`` has one door: ``signing.actions.sessions``.
    """

    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_sessions"
    )
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="sessions")
    mandate = models.CharField(max_length=300, blank=True)  # the office held at that moment
    state = models.CharField(max_length=12, choices=SessionState, default=SessionState.OPEN)
    challenge = models.CharField(max_length=64)
    assertion = models.JSONField(default=dict)  # how the person confirmed
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    authorised_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("signing session")
        verbose_name_plural = _("signing sessions")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.signer} {self.opened_at:%Y-%m-%d %H:%M}"


class SigningRequest(models.Model):
    """One file that waits for one person's signature. ``state`` has one door: ``signing.actions``.

    The preparation (placeholder, attributes) is bound to the file's digest and to a session.
    """

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

    session = models.ForeignKey(SigningSession, null=True, on_delete=models.PROTECT, related_name="requests")
    place = models.PositiveIntegerField(null=True)  # in the session's order
    prepared_from = models.CharField(max_length=64, blank=True)
    prepared_sha256 = models.CharField(max_length=64, blank=True)
    prepared = models.JSONField(default=dict)  # digest, start, end, attributes (hex)

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
