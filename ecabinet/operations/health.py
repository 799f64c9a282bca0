"""Is every part ready? Asked by ``/healthz``, ``ecabinet doctor`` and whoever watches the site."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecabinet.common import clock
from ecabinet.operations.models import Heartbeat
from search import queries as search_queries
from signing.queries import alarming_timestamps

STALE_AFTER = timedelta(seconds=15)


@dataclass(frozen=True)
class Finding:
    """``ready`` or not, and in words what is the matter and how to mend it; ``detail`` for insiders."""

    part: str
    ready: bool
    words: str
    detail: str = ""


def findings() -> list[Finding]:
    """One finding per part, in the order in which a person would mend them."""
    return [checked(part, check) for part, check in CHECKS.items()]


def checked(part: str, check: Callable[[], str]) -> Finding:
    """Run a check, which returns its trouble in words or nothing."""
    try:
        trouble, detail = check(), ""
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is exactly what the finding must say
        # The text may hold addresses and names: for who runs the site, not for who asks /healthz.
        trouble, detail = _("does not work; “ecabinet doctor” tells why"), f"{type(error).__name__}: {error}"
    return Finding(part, not trouble, trouble or _("ready"), detail.strip())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations this version brings; they cannot change while a process runs."""
    return frozenset(MigrationLoader(None).graph.nodes)


def database() -> str:
    waiting = known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    if waiting:
        return _("%(count)d migrations wait; run “ecabinet migrate”.") % {"count": len(waiting)}
    return ""


def storage() -> str:
    folder = Path(settings.BLOB_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder):
        return ""


def search_engine() -> str:
    if search_queries.engine().health():
        return ""
    return _(
        "The search engine does not answer; start it or mend ECABINET_ELASTICSEARCH_URL. Papers wait for it."
    )


def redis_server() -> str:
    if settings.REDIS_URL:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2).ping()
    return ""


def _alive(part: str) -> str:
    beat = Heartbeat.objects.filter(part__startswith=part).order_by("at").last()
    if beat is None:
        return _("has not started yet; “ecabinet serve” starts it")
    if clock.now() - beat.at > STALE_AFTER:
        words = _("was last seen at %(time)s; restart “ecabinet serve”")
        return words % {"time": clock.exactly(beat.at)}
    return ""


def warnings() -> list[Finding]:
    """What needs a person soon and stops nobody now: it makes no part "not ready"."""
    found = [checked(part, check) for part, check in WARNINGS.items()]
    return [finding for finding in found if not finding.ready]


def waiting_timestamps() -> str:
    count = alarming_timestamps()
    words = ngettext(
        "%(n)d signed document still has no timestamp; see %(url)s.",
        "%(n)d signed documents still have no timestamp; see %(url)s.",
        count,
    )
    return words % {"n": count, "url": f"{settings.BASE_URL}/sign/timestamps/"} if count else ""


WARNINGS: dict[str, Callable[[], str]] = {"waiting timestamps": waiting_timestamps}
CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "storage": storage,
    "redis": redis_server,
    "search": search_engine,
    "worker": lambda: _alive("worker"),
    "signer": lambda: _alive("signer"),
    "ticker": lambda: _alive("ticker"),
}
