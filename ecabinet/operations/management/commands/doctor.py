from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from ecabinet.common.console import spoken
from ecabinet.operations.doctor import advice, examine


class Command(BaseCommand):
    """``ecabinet doctor``: what is missing or misconfigured, and how to mend it."""

    help = "Tell in words what is missing or misconfigured, and how to mend it."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration; doctor reports them itself

    def handle(self, *args: Any, **options: Any) -> None:
        with spoken():
            found = examine()
            for finding in found:
                mark = self.style.SUCCESS("✓") if finding.ready else self.style.ERROR("✗")
                self.stdout.write(f"{mark} {advice(finding)}")
        if not all(finding.ready for finding in found):
            sys.exit(1)
