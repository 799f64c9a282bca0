"""Who registers certificates, what is asked for, and who was warned of an end."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import Agency, Position
from signing.enums import (
    KEY_TAKEN,
    OPEN_CERTIFICATE_REQUESTS,
    CertificateRequestKind,
    CertificateRequestState,
)
from signing.models.signatures import Certificate


class RegistrationOfficerQuerySet(models.QuerySet["RegistrationOfficer"]):
    def in_force(self, on: date) -> RegistrationOfficerQuerySet:
        """Delegations that hold on that day, first and last day included, of people who may sign in."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on, user__is_active=True)


class RegistrationOfficer(models.Model):
    """A person to whom an agency's certificates, and those of the agencies under it, are delegated."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registration_offices"
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("Agency"), on_delete=models.PROTECT, related_name="registration_officers"
    )
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RegistrationOfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration officer")
        verbose_name_plural = _("registration officers")
        ordering = ("agency__name", "user__full_name", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(user=F("appointed_by")), name="registration_officer_not_by_self"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="registration_officer_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=("user", "agency"), condition=Q(until__isnull=True), name="registration_officer_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.agency}"


class CertificateRequest(models.Model):
    """A wish for a certificate, of a person (``user``) or, without one, of ``agency`` for its seal.

    ``agency`` is also whose officers decide. Its key is its own: no key is certified twice.
    ``state`` has one door: ``signing.actions.certificate_requests``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="certificate_requests",
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("Agency"), on_delete=models.PROTECT, related_name="certificate_requests"
    )
    position = models.ForeignKey(
        Position, verbose_name=_("Position"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=CertificateRequestKind)
    backend = models.CharField(_("Key custody"), max_length=20)
    key_ref = models.CharField(max_length=200, blank=True)
    key_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the public key (SPKI)
    csr = models.TextField(blank=True)  # PEM (PKCS#10); made at the approval for keys the house holds
    chain = models.TextField(blank=True)  # PEM, the signer's first: of a key that came with its certificate
    years = models.PositiveSmallIntegerField(_("Years"))
    state = models.CharField(
        _("State"),
        max_length=10,
        choices=CertificateRequestState,
        default=CertificateRequestState.REQUESTED,
    )
    reason = models.CharField(_("Reason"), max_length=500, blank=True)  # of a refusal
    requested_by = models.ForeignKey(  # None: the house itself, after a change of position
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(  # who issued, refused or withdrew it
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    certificate = models.OneToOneField(
        Certificate, null=True, on_delete=models.PROTECT, related_name="request"
    )

    class Meta:
        verbose_name = _("certificate request")
        verbose_name_plural = _("certificate requests")
        ordering = ("requested_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(state__in=[state.value for state in OPEN_CERTIFICATE_REQUESTS]),
                name="certificate_request_open_once",
            ),
            models.UniqueConstraint(
                fields=("agency",),
                condition=Q(
                    state__in=[state.value for state in OPEN_CERTIFICATE_REQUESTS], user__isnull=True
                ),
                name="certificate_request_seal_open_once",
            ),
            models.UniqueConstraint(
                # A key that comes with its certificate may be named again after a refusal.
                fields=("key_digest",),
                condition=~Q(key_digest="")
                & (Q(chain="") | Q(state__in=[state.value for state in KEY_TAKEN])),
                name="certificate_request_own_key",
            ),
            models.CheckConstraint(
                condition=Q(years__gte=1, years__lte=5), name="certificate_request_five_years"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True, position__isnull=True)
                | Q(user__isnull=False, position__isnull=False),
                name="certificate_request_names_office",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateRequestState.ISSUED.value, certificate__isnull=False)
                | ~Q(state=CertificateRequestState.ISSUED.value) & Q(certificate__isnull=True),
                name="certificate_request_issued_has_certificate",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=False)
                | ~Q(
                    state__in=(CertificateRequestState.APPROVED.value, CertificateRequestState.ISSUED.value)
                ),
                name="certificate_request_approved_before_issued",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("requested_by")) & ~Q(approved_by=F("user")),
                name="certificate_request_second_pair_of_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=CertificateRequestState.ISSUED.value)
                | ~Q(settled_by=F("user"))
                & (
                    Q(user__isnull=False) | ~Q(settled_by=F("approved_by")) & ~Q(settled_by=F("requested_by"))
                ),
                name="certificate_request_issued_by_another",
            ),
        )

    def __str__(self) -> str:
        return str(self.user or self.agency)

    @property
    def open(self) -> bool:
        return self.state in OPEN_CERTIFICATE_REQUESTS

    @property
    def has_key(self) -> bool:
        """Whether it is settled which key is to be certified."""
        return bool(self.csr or self.chain)

    @property
    def holder(self) -> dict[str, int | None]:
        """The holder as fields of ``Certificate``: a person, or the agency whose seal it is."""
        if self.user_id is not None:
            return {"user_id": self.user_id, "agency_id": None}
        return {"user_id": None, "agency_id": self.agency_id}


class CertificateWarning(models.Model):
    """One person who is told once that a certificate ends in ``step`` days or less."""

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="warnings")
    step = models.PositiveSmallIntegerField()  # days
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("certificate warning")
        verbose_name_plural = _("certificate warnings")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("certificate", "step", "user"), name="certificate_warning_once"),
        )

    def __str__(self) -> str:
        return f"{self.certificate}, {self.step}"
