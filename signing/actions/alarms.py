"""Telling administrators of timestamps that do not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecabinet.common import clock
from signing.actions.timestamps import to_alarm
from signing.models import PendingTimestamp
from signing.permissions import administrators

EVERY = timedelta(days=1)


def raise_alarm() -> int:
    """Mail every administrator once a day what waits too long; returns how many files that are.

    The mail is sent first and noted afterwards: a kill between both tells them twice, never not at all.
    """
    now = clock.now()
    rows = to_alarm(now, EVERY)
    if not rows:
        return 0
    for user in administrators():
        with translation.override(user.language):
            subject, body = _words(rows)
        send_mail(subject, body, None, [user.email])
    PendingTimestamp.objects.filter(pk__in=[row.pk for row in rows]).update(alarmed_at=now)
    return len(rows)


def _words(rows: Sequence[PendingTimestamp]) -> tuple[str, str]:
    subject = ngettext(
        "%(n)d signed document still has no timestamp",
        "%(n)d signed documents still have no timestamp",
        len(rows),
    )
    lines = [
        _("They are signed and safe, but their proof for decades is missing. See what stands in the way:"),
        settings.BASE_URL + reverse("timestamps"),
        "",
        *(_line(row) for row in rows),
    ]
    return subject % {"n": len(rows)}, "\n".join(lines)


def _line(row: PendingTimestamp) -> str:
    values = {"document": row, "since": clock.exactly(row.since), "why": row.why}
    line = _("%(document)s: waits since %(since)s. %(why)s") % values
    if row.certificates_end is None:
        return line
    return (
        line
        + " "
        + _("The signer's certificate ends on %(day)s.") % {"day": clock.day(row.certificates_end.date())}
    )
