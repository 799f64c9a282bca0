"""Votes given to another member for one meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.models.agenda import Meeting
from meetings.models.bodies import Membership


class Proxy(models.Model):
    """``acting`` votes for ``represented`` where that one is absent. One door: ``meetings.actions.live``."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="proxies")
    represented = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="proxies_given")
    acting = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="proxies_held")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # What the desk was shown when it recorded a written notice; empty where members gave it themselves.
    note = models.CharField(max_length=200, blank=True)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proxy")
        verbose_name_plural = _("proxies")
        ordering = ("given_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "represented"), condition=Q(revoked_at=None), name="one_proxy_per_mandate"
            ),
            models.CheckConstraint(condition=~Q(represented=F("acting")), name="proxy_is_another"),
        )

    def __str__(self) -> str:
        return f"{self.represented}: {self.acting}"
