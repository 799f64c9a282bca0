"""Registers of outgoing and incoming documents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import Agency


class Register(models.Model):
    """Numbers of one agency, series and year: from 1, without gaps, never reused."""

    agency = models.ForeignKey(
        Agency, verbose_name=_("Agency"), on_delete=models.PROTECT, related_name="registers"
    )
    series = models.CharField(_("Series"), max_length=40)  # e.g. NQ-CP
    year = models.PositiveSmallIntegerField(_("Year"))
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = (models.UniqueConstraint(fields=("agency", "series", "year"), name="register_once"),)

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class Registration(models.Model):
    """One number taken from a register. It stays even when what it was taken for is given up."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="registrations")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=400)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ("register", "number")
        constraints = (
            models.UniqueConstraint(fields=("register", "number"), name="registration_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="registration_positive"),
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.register.series}"
