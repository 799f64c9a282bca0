"""Who is told that a certificate is about to end: its holder and the officers of the agency.

As for written ballots: what is due is first written down, then sent; a killed ticker sends what is still
unsent, and nobody is told twice of the same step but for a mail whose "sent" could not be written any more.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecabinet.accounts.models import User
from ecabinet.common import clock
from signing import rules
from signing.models import Certificate, CertificateWarning
from signing.queries.register import holders_of, officers_for

logger = logging.getLogger(__name__)


def warn_due() -> None:
    """Write down which warnings have come due, and send what has not left yet."""
    moment = clock.now()
    soon = moment + timedelta(days=max(rules.WARNED_AT))
    ending = Certificate.objects.usable(moment).filter(not_after__lte=soon)
    for certificate in ending.select_related("user", "agency", "position__agency"):
        _write_due(certificate, moment)
    unsent = CertificateWarning.objects.filter(sent_at=None)
    for warning in unsent.select_related("certificate__user", "certificate__agency", "user"):
        _send(warning)


def _write_due(certificate: Certificate, moment: datetime) -> None:
    """Only the step reached last: one found late is not told of the earlier ones."""
    step = rules.warning_step(certificate.not_after, moment)
    if step is None:
        return
    people = {user.pk for user in (*holders_of(certificate), *officers_for(certificate))}
    CertificateWarning.objects.bulk_create(
        [
            CertificateWarning(certificate=certificate, step=step, user_id=pk, created_at=moment)
            for pk in sorted(people)
        ],
        ignore_conflicts=True,
    )


def _send(warning: CertificateWarning) -> None:
    """In the language of who gets it; one that was renewed or ended meanwhile needs no message."""
    still = Certificate.objects.usable(clock.now()).filter(pk=warning.certificate_id).exists()
    if still and warning.user.is_active:
        with translation.override(warning.user.language):
            subject, body = _words(warning.certificate, warning.user)
        send_mail(subject, body, None, [warning.user.email])
    warning.sent_at = clock.now()
    warning.save(update_fields=["sent_at"])


def _words(certificate: Certificate, reader: User) -> tuple[str, str]:
    days = max((certificate.not_after - clock.now()).days, 0)
    values = {"holder": certificate.user or certificate.agency, "day": clock.minute(certificate.not_after)}
    own = certificate.user_id == reader.pk
    subject = ngettext(
        "A signing certificate ends in %(days)s day: %(holder)s",
        "A signing certificate ends in %(days)s days: %(holder)s",
        days,
    )
    what = (
        _("Your signing certificate ends at %(day)s. After that you cannot sign.")
        if own
        else _("The signing certificate of %(holder)s ends at %(day)s. After that it cannot sign.")
    )
    page = reverse("certificates") if own else reverse("register-certificate", args=[certificate.pk])
    advice = _("Ask for its renewal now: old signatures stay valid.")
    lines = [what % values, advice, "", settings.BASE_URL + page]
    return " ".join((subject % {**values, "days": days}).split()), "\n".join(lines)
