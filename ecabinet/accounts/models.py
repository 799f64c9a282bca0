"""People, agencies, and who holds which position between which dates."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.enums import AgencyKind, Duty, TextSize, Theme


def in_language(vietnamese: str, english: str) -> str:
    """The text in the language of the screen, the other one where it is missing."""
    if (get_language() or "vi").startswith("en"):
        return english or vietnamese
    return vietnamese or english


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new person; the e-mail address is kept in lower case because people sign in with it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from appointments and memberships, never from this row."""

    email = models.EmailField(_("E-mail"), unique=True)
    full_name = models.CharField(_("Full name"), max_length=120)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(_("May sign in"), default=True)
    language = models.CharField(_("Language"), max_length=8, default="vi")
    theme = models.CharField(_("Theme"), max_length=8, choices=Theme, default=Theme.AUTO)
    text_size = models.CharField(_("Text size"), max_length=8, choices=TextSize, default=TextSize.NORMAL)
    high_contrast = models.BooleanField(_("High contrast"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("full_name",)

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def first_name(self) -> str:
        """What the menu of the administration calls the person; without it, it shows the e-mail address."""
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class Agency(models.Model):
    """A ministry, province or office. Codes: Decision 20/2020 and QCVN 102:2016."""

    code = models.CharField(
        _("Code"),
        max_length=35,
        unique=True,
        validators=[
            RegexValidator(r"^[0-9A-Z]+(\.[0-9A-Z]+)*\Z", _("Capital letters and digits, parted by dots."))
        ],
    )
    legacy_code = models.CharField(
        _("Legacy code"),
        max_length=13,
        blank=True,
        validators=[RegexValidator(r"^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}\Z", _("In the form 000.00.00.G22."))],
    )
    name = models.CharField(_("Name"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    abbreviation = models.CharField(_("Abbreviation in numbers"), max_length=20, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=AgencyKind, default=AgencyKind.MINISTRY)
    place = models.CharField(_("Place of issue"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Under"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("name",)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Position(models.Model):
    """An office in an agency that a person can be appointed to."""

    agency = models.ForeignKey(
        Agency, verbose_name=_("Agency"), on_delete=models.PROTECT, related_name="positions"
    )
    title = models.CharField(_("Title"), max_length=120)
    title_en = models.CharField(_("Title in English"), max_length=120, blank=True)
    duty = models.CharField(_("Duty"), max_length=20, choices=Duty, default=Duty.NONE)
    rank = models.PositiveSmallIntegerField(
        _("Rank"), default=100, help_text=_("The smaller number goes first.")
    )

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ("agency", "rank", "title")

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, on: date) -> AppointmentQuerySet:
        """Appointments that hold on that day, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class Appointment(models.Model):
    """A person holds a position between two dates; a mandate to sign or act follows from it."""

    user = models.ForeignKey(
        User, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="appointments"
    )
    position = models.ForeignKey(
        Position, verbose_name=_("Position"), on_delete=models.PROTECT, related_name="appointments"
    )
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(fields=("user", "position", "starts_on"), name="appointment_once"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.position}"


class SigningPin(models.Model):
    """A short number that confirms signatures where there is no passkey. Only ``accounts.pins`` writes it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="signing_pin")
    hash = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last right one
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "signing PIN"
        verbose_name_plural = "signing PINs"

    def __str__(self) -> str:
        return str(self.user)
