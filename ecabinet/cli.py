"""The ``ecabinet`` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point: run one of Django's or our own management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
