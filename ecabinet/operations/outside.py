"""Examinations of what the site needs from others; each returns its trouble in words, or nothing."""

from __future__ import annotations

import asyncio
import hashlib

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext as _

from ecabinet.common import clock
from signing import custody
from signing.authority.adapter import authority
from signing.authority.demo_adapter import DemoAdapter
from signing.custody import CustodyError
from signing.models import Certificate
from signing.trust import anchors, timestamper


def mail() -> str:
    if settings.DEMO:
        return ""
    if not settings.EMAIL_HOST:
        return _("No mail is sent, so nobody can set a forgotten password. Set ECABINET_MAIL_URL.")
    connection = get_connection()
    connection.open()
    connection.close()
    return ""


def trust() -> str:
    if anchors():
        return ""
    words = _(
        "No authority is trusted, so every signature counts as unknown. Put their certificates into %s."
    )
    return words % settings.TRUST_DIR


def time_stamps() -> str:
    stamper = timestamper()
    if stamper is None:
        return _("No time-stamping service: decisions wait for their time stamp. Set ECABINET_TSA_URL.")
    asyncio.run(stamper.async_timestamp(hashlib.sha256(b"").digest(), "sha256"))
    return ""


def key_custody() -> str:
    """Every allowed place for keys is reached, and holds the keys of the certificates in force."""
    used: dict[str, list[str]] = {name: [] for name in settings.SIGNING_CUSTODY}
    for certificate in Certificate.objects.all().usable(clock.now()):
        used.setdefault(certificate.backend, []).append(certificate.key_ref)
    troubles = [(name, _trouble(name, key_refs)) for name, key_refs in used.items()]
    return " ".join(f"{name}: {words}" for name, words in troubles if words)


def _trouble(name: str, key_refs: list[str]) -> str:
    if name not in settings.SIGNING_CUSTODY:
        words = _("The keys of %(count)d certificates are there, but ECABINET_CUSTODY does not allow it.")
        return words % {"count": len(key_refs)}
    try:
        missing = custody.backend(name).missing(key_refs)
    except CustodyError as error:
        return str(error.message)
    words = _("The keys of %(count)d certificates are not there; restore them or issue new certificates.")
    return words % {"count": len(missing)} if missing else ""


def issuing() -> str:
    """A class that cannot be loaded is an error, told with its remedy."""
    if isinstance(authority(), DemoAdapter) and not settings.DEMO:
        return _("The demo authority issues no certificates on a real site. Set ECABINET_SIGNING_AUTHORITY.")
    return ""
