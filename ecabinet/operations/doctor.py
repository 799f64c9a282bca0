"""What a person who runs the site must know before the first meeting does."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.utils.translation import gettext as _

from ecabinet.operations import health
from ecabinet.operations.health import Finding, checked

LOW_DISK_BYTES = 2 * 1024**3


def examine() -> list[Finding]:
    """Every check, the ones of the machine first."""
    own = [checked(part, check) for part, check in OWN_CHECKS.items()]
    return own + health.findings()


def disk() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free > LOW_DISK_BYTES:
        return ""
    return _("Only %(free)d MB are free under %(folder)s; make room for papers.") % {
        "free": free // 1024**2,
        "folder": settings.DATA_DIR,
    }


def pdf_library() -> str:
    try:
        import weasyprint  # noqa: F401 - importing it is the test
    except OSError:
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return _("Pango is missing; run: %(command)s") % {"command": f"apt-get install {packages}"}
    return ""


def front_end() -> str:
    from django.contrib.staticfiles import finders

    if finders.find("dist/ecabinet.css"):
        return ""
    return _("The front end is not built; run bin/setup.")


def configuration() -> str:
    tags = None if settings.DEMO else [Tags.security]
    messages = run_checks(tags=tags, include_deployment_checks=not settings.DEMO)
    return "; ".join(f"{message.id} {message.msg}" for message in messages)


OWN_CHECKS: dict[str, Callable[[], str]] = {
    "disk": disk,
    "pdf": pdf_library,
    "front end": front_end,
    "configuration": configuration,
}
