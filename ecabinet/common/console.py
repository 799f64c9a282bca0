"""The language in which commands speak to whoever runs them."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation


def language() -> str:
    """What the locale of the terminal asks for (POSIX: LC_ALL, LC_MESSAGES, LANG); without one English."""
    asked = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = asked.split("_")[0].split(".")[0].lower()
    return code if code in dict(settings.LANGUAGES) else "en"


def spoken() -> AbstractContextManager[None]:
    """Within it, texts are in the language of the terminal."""
    return translation.override(language())
