"""Reading settings from the environment, loudly."""

from __future__ import annotations

import ipaddress
import os
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def gettext_noop(words: str) -> str:
    """Marks a text for translation. Django's own of this name reads the settings, which are being read."""
    return words


class Misconfigured(ImproperlyConfigured):
    """A setting is missing or wrong. ``words`` is a sentence to translate, with ``values`` in braces."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words.format(**values))
        self.words, self.values = words, values


OPEN_DEMO = gettext_noop(
    "Demo mode refuses the host name “{host}”: anyone could enter as the chair. "
    "Set ECABINET_DEMO_PUBLIC=1 if that is what you want."
)


def env_str(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool = False) -> bool:
    value = env_str(name).lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return default if not value else value in ("1", "true", "yes", "on")
    raise Misconfigured(gettext_noop("{name} must be 1 or 0, not “{value}”."), name=name, value=value)


def env_int(name: str, default: int) -> int:
    value = env_str(name)
    try:
        return int(value) if value else default
    except ValueError:
        words = gettext_noop("{name} must be a whole number, not “{value}”.")
        raise Misconfigured(words, name=name, value=value) from None


def env_choice(name: str, *choices: str) -> str:
    """One of ``choices``; the first when nothing is set."""
    value = env_str(name).lower() or choices[0]
    if value not in choices:
        words = gettext_noop("{name} must be one of {choices}, not “{value}”.")
        raise Misconfigured(words, name=name, choices=", ".join(choices), value=value)
    return value


def env_list(name: str) -> list[str]:
    return [part.strip() for part in env_str(name).split(",") if part.strip()]


def env_days(name: str, default: str) -> list[str]:
    """Days parted by commas: ``2026-02-17`` for one, ``09-02`` for the same day every year."""
    days = [part.strip() for part in (env_str(name) or default).split(",") if part.strip()]
    for day in days:
        try:
            # A leap year, so that 02-29 may be named.
            date.fromisoformat(day if len(day) > len("09-02") else f"2024-{day}")
        except ValueError:
            words = gettext_noop("{name}: “{value}” is no day. Write 2026-02-17, or 09-02 for every year.")
            raise Misconfigured(words, name=name, value=day) from None
    return days


def env_dated(name: str) -> list[str]:
    """Names with the day from which something holds for them, parted by commas: ``sha256=2035-01-01``."""
    found = env_list(name)
    for each in found:
        what, _equals, day = each.partition("=")
        try:
            date.fromisoformat(day.strip() if what.strip() else "")
        except ValueError:
            words = gettext_noop("{name}: “{value}” is no name with a day. Write it like sha256=2035-01-01.")
            raise Misconfigured(words, name=name, value=each) from None
    return found


def env_secret(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file NAME_FILE points to; both set is an error."""
    path = env_str(f"{name}_FILE")
    if path and env_str(name):
        raise Misconfigured(gettext_noop("Set either {name} or {name}_FILE, not both."), name=name)
    if not path:
        return env_str(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        words = gettext_noop("{name}_FILE: {path} cannot be read ({why}).")
        raise Misconfigured(words, name=name, path=path, why=error.strerror) from None


def parse_address(name: str, url: str) -> SplitResult:
    """The parts of an address whose port, if it names one, can be one."""
    try:
        parts = urlsplit(url)
        _port = parts.port  # read here, because it is checked only when it is read
    except ValueError:
        words = gettext_noop("{name} cannot be read: check its host and its port.")
        raise Misconfigured(words, name=name) from None
    return parts


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's database dict of ``postgresql://user:password@host:port/name``."""
    parts = parse_address("ECABINET_DATABASE_URL", url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Misconfigured(gettext_noop("ECABINET_DATABASE_URL must begin with postgresql://"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
    }


class Mail(NamedTuple):
    """Where mail goes; without a ``host`` into files."""

    backend: str = "django.core.mail.backends.filebased.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False  # from the first byte


MAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}


def parse_mail_url(url: str) -> Mail:
    """``smtp+tls://user:password@host:587``, or nothing."""
    if not url:
        return Mail()
    parts = parse_address("ECABINET_MAIL_URL", url)
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        raise Misconfigured(
            gettext_noop(
                "ECABINET_MAIL_URL must begin with smtp://, smtp+tls:// or smtps:// and name a host."
            )
        )
    port, starttls, tls = MAIL_SCHEMES[parts.scheme]
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        parts.hostname,
        parts.port or port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starttls,
        tls,
    )


def is_local(host: str) -> bool:
    """Whether the name or address is this very machine's."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
