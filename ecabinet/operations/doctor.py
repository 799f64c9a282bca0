"""What a person who runs the site must know before the first meeting does."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecabinet.operations import health, machine, outside
from ecabinet.operations.health import Finding, checked

LABELS = {
    "disk": gettext_lazy("disk"),
    "pdf": gettext_lazy("printing"),
    "front end": gettext_lazy("front end"),
    "clock": gettext_lazy("clock"),
    "keys": gettext_lazy("keys"),
    "key custody": gettext_lazy("key custody"),
    "configuration": gettext_lazy("configuration"),
    "mail": pgettext_lazy("a part of the site", "mail"),
    "trust": gettext_lazy("trusted authorities"),
    "time stamps": gettext_lazy("time stamps"),
    "waiting timestamps": gettext_lazy("waiting timestamps"),
    "authority": gettext_lazy("certificate authority"),
    "database": gettext_lazy("database"),
    "storage": gettext_lazy("storage"),
    "redis": gettext_lazy("Redis"),
    "search": pgettext_lazy("a part of the site", "search"),
    "worker": gettext_lazy("job worker"),
    "signer": gettext_lazy("signing worker"),
    "ticker": gettext_lazy("ticker"),
}
# How to mend what does not work at all; the error itself is put behind it.
REMEDIES = {
    "database": gettext_lazy(
        "Start PostgreSQL and check ECABINET_DATABASE_URL; without it, see that the data folder can be "
        "written."
    ),
    "storage": gettext_lazy("Give the user who runs E-Cabinet the data folder (ECABINET_DATA_DIR)."),
    "redis": gettext_lazy(
        "Start Redis or mend ECABINET_REDIS_URL; a site with one server process may leave it empty."
    ),
    "mail": gettext_lazy("Start the mail server or mend ECABINET_MAIL_URL."),
    "trust": gettext_lazy(
        "Every file in the folder of trusted authorities must be a certificate (PEM or DER)."
    ),
    "time stamps": gettext_lazy(
        "Mend ECABINET_TSA_URL or ask the time-stamping service; decisions wait for it."
    ),
    "authority": gettext_lazy(
        "ECABINET_SIGNING_AUTHORITY must name a class as docs/certificates.md describes it."
    ),
    "keys": gettext_lazy(
        "Put the keys folder back from the backup, with the ECABINET_SECRET_KEY or ECABINET_KEYS_PASSWORD "
        "they were made with."
    ),
}


def examine() -> list[Finding]:
    """Every check, the ones of the machine first."""
    own = [checked(part, check) for part, check in OWN_CHECKS.items()]
    return own + health.warnings() + health.findings()


def advice(finding: Finding) -> str:
    """The finding in one line: what it is about, what is the matter, how to mend it."""
    label = LABELS.get(finding.part, finding.part)
    if not finding.detail:
        return f"{label}: {finding.words}"
    remedy = REMEDIES.get(finding.part, _("Mend the database first."))
    return f"{label}: {remedy} ({' '.join(finding.detail.split())})"


def configuration() -> str:
    if settings.DEMO and not settings.PRIVATE_SECRET and settings.DEMO_PUBLIC:
        return _("A public demo with the well-known key lets anybody in; set ECABINET_SECRET_KEY.")
    tags = None if settings.DEMO else [Tags.security]
    messages = run_checks(tags=tags, include_deployment_checks=not settings.DEMO)
    return "; ".join(f"{message.id} {message.msg}" for message in messages if not message.is_silenced())


OWN_CHECKS: dict[str, Callable[[], str]] = {
    "disk": machine.disk,
    "pdf": machine.printing,
    "front end": machine.front_end,
    "clock": machine.clock_is_right,
    "keys": machine.signing_keys,
    "key custody": outside.key_custody,
    "configuration": configuration,
    "mail": outside.mail,
    "trust": outside.trust,
    "time stamps": outside.time_stamps,
    "authority": outside.issuing,
}
