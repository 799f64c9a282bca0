"""The ``ecabinet`` command."""

from __future__ import annotations

import os
import secrets
import sys


def main() -> None:
    """Entry point: run one of Django's or our own management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    if sys.argv[1:2] == ["verify"]:
        _stand_alone()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _stand_alone() -> None:
    """Checking a file needs no site: give the settings what they ask for where nothing is configured."""
    if not os.environ.get("ECABINET_SECRET_KEY_FILE"):
        os.environ.setdefault("ECABINET_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("ECABINET_HOST", "localhost")
