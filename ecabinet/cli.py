"""The ``ecabinet`` command."""

from __future__ import annotations

import os
import secrets
import sys
from importlib import import_module
from pathlib import Path

from ecabinet.common.env import Misconfigured

HELP = ("help", "--help", "-h", "--version", "version")


def main() -> None:
    """Entry point: run one of Django's or our own management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    if sys.argv[1:2] == ["verify"] or not sys.argv[1:] or sys.argv[1] in HELP:
        _stand_alone()
    from django.core.management import execute_from_command_line

    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except Misconfigured as error:
        sys.stderr.write(f"✗ {_explained(error)}\n")
        # From verify 1 would be an answer, "changed"; 3 says that the question could not be asked.
        sys.exit(3 if sys.argv[1:2] == ["verify"] else 1)
    execute_from_command_line(sys.argv)


def _stand_alone() -> None:
    """Checking a file needs no site: give the settings what they ask for where nothing is configured."""
    if not os.environ.get("ECABINET_SECRET_KEY_FILE"):
        os.environ.setdefault("ECABINET_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("ECABINET_HOST", "localhost")


def _explained(error: Misconfigured) -> str:
    """The sentence in the language of the terminal, without the settings that could not be read."""
    from django.apps import apps
    from django.conf import settings
    from django.utils.translation import gettext

    from ecabinet.common.console import spoken

    languages = [("vi", "Vietnamese"), ("en", "English")]
    settings.configure(LANGUAGES=languages, LOCALE_PATHS=[Path(__file__).parent / "locale"])
    apps.populate([])
    with spoken():
        return gettext(error.words).format(**error.values)
