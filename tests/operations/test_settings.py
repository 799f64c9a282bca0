"""A site that is not set up does not start, and says what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import ROOT

SECRET = "x" * 60
SERVICE = {"ECABINET_DEMO": "1", "ECABINET_CSC_URL": "https://csc.example", "ECABINET_CSC_TOKEN": "t"}
REAL = {"ECABINET_DEMO": "0", "ECABINET_SECRET_KEY": SECRET, "ECABINET_HOST": "cabinet.example"}


def start(also: str = "", **environment: str) -> str:
    """Import the settings in a process of its own; returns what it complained about."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ECABINET_")}
    command = [sys.executable, "-c", f"import ecabinet.settings; {also}"]
    done = subprocess.run(command, env={**clean, **environment}, capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "Set ECABINET_SECRET_KEY"),
        ({"ECABINET_SECRET_KEY": SECRET}, "Set ECABINET_HOST"),
        ({"ECABINET_DEMO": "1", "ECABINET_HOST": "cabinet.example"}, "Demo mode refuses the host name"),
        ({"ECABINET_DEMO": "maybe"}, "must be 1 or 0"),
        ({"ECABINET_DEMO": "1", "ECABINET_SERVER": "apache"}, "must be one of daphne, uvicorn"),
        ({"ECABINET_DEMO": "1", "ECABINET_PORT": "many"}, "must be a whole number"),
        ({"ECABINET_DEMO": "1", "ECABINET_ALGORITHM_ALARMS": "sha256"}, "like sha256=2035-01-01"),
        ({"ECABINET_DEMO": "1", "ECABINET_DATABASE_URL": "mysql://x"}, "must begin with postgresql://"),
        ({"ECABINET_DEMO": "1", "ECABINET_MAIL_URL": "mail.example"}, "must begin with smtp://"),
        ({"ECABINET_DEMO": "1", "ECABINET_MAIL_URL": "smtp://mail.example:x"}, "check its host and its port"),
        (
            {"ECABINET_DEMO": "1", "ECABINET_DATABASE_URL": "postgresql://h:70000/d"},
            "ECABINET_DATABASE_URL cannot",
        ),
        (
            {"ECABINET_DEMO": "1", "ECABINET_CUSTODY": "drawer"},
            "must name some of pkcs12, device, pkcs11, csc",
        ),
        ({"ECABINET_DEMO": "1", "ECABINET_CUSTODY": "pkcs12,pkcs11"}, "names pkcs11, but it is not set up"),
        ({"ECABINET_DEMO": "1", "ECABINET_PKCS11_LIBRARY": "/lib/x.so"}, "A token needs"),
        ({"ECABINET_DEMO": "1", "ECABINET_CSC_URL": "https://csc.example"}, "needs ECABINET_CSC_CLIENT_ID"),
        (SERVICE | {"ECABINET_CSC_URL": "http://csc.example"}, "ECABINET_CSC_URL must begin with https://"),
        (SERVICE | {"ECABINET_CSC_URL": "https://u:p@csc.example"}, "neither a password nor a query"),
        (SERVICE | {"ECABINET_CSC_TOKEN_URL": "http://csc.example"}, "ECABINET_CSC_TOKEN_URL must begin"),
        (SERVICE | {"ECABINET_CSC_URL": "http://127.0.0.1:9", **REAL}, "ECABINET_CSC_URL must begin"),
        (SERVICE | {"ECABINET_CSC_SEAL_PINS": "one two three"}, "one credential and its PIN a line"),
        ({"ECABINET_SECRET_KEY": SECRET, "ECABINET_SECRET_KEY_FILE": "/x"}, "not both"),
        ({"ECABINET_SECRET_KEY_FILE": "/nowhere/at/all"}, "cannot be read"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], words: str) -> None:
    assert words in start(**environment)


def test_the_demo_key_is_refused_outside_the_demo() -> None:
    from ecabinet.settings import DEMO_SECRET_KEY

    told = start(ECABINET_SECRET_KEY=DEMO_SECRET_KEY, ECABINET_HOST="cabinet.example")
    assert "Set ECABINET_SECRET_KEY" in told


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    assert start(ECABINET_SECRET_KEY_FILE=str(tmp_path / "key"), ECABINET_HOST="cabinet.example") == ""


def test_a_public_demo_must_be_asked_for() -> None:
    wanted = {"ECABINET_DEMO": "1", "ECABINET_HOST": "demo.example", "ECABINET_DEMO_PUBLIC": "1"}
    assert start(**wanted) == ""


def test_the_command_says_it_in_the_language_of_the_terminal() -> None:
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("ECABINET_", "LC_", "LANG"))
    }
    command = [sys.executable, "-m", "ecabinet", "doctor"]
    for locale, words in (
        ("vi_VN.UTF-8", "✗ Hãy đặt ECABINET_SECRET_KEY"),
        ("C", "✗ Set ECABINET_SECRET_KEY"),
    ):
        environment = {**clean, "LANG": locale, "PYTHONUTF8": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(words)


def test_the_documented_proxy_sets_every_header_that_is_believed_behind_it() -> None:
    """One it only passes on is whatever a stranger wrote into it."""
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    for header in ("Host", "X-Forwarded-Proto", "X-Forwarded-For"):
        assert f"proxy_set_header {header} " in told


def seen(script: str, **environment: str) -> str:
    """What a script prints in a process of its own with these settings."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ECABINET_")}
    site = {"ECABINET_SECRET_KEY": SECRET, "ECABINET_HOST": "cabinet.example", **environment}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env={**clean, **site}, capture_output=True, text=True, check=True).stdout


def test_cookies_are_bound_to_the_host_and_hidden_from_scripts() -> None:
    names = "COOKIE_NAME COOKIE_SECURE COOKIE_HTTPONLY COOKIE_SAMESITE"
    script = "from ecabinet import settings as s\n" + "".join(
        f"print(*(getattr(s, '{kind}_' + name) for name in '{names}'.split()))\n"
        for kind in ("SESSION", "CSRF")
    )
    assert seen(script).splitlines() == ["__Host-sessionid True True Lax", "__Host-csrftoken True True Lax"]


def test_role_cards_have_no_address_outside_demo_mode() -> None:
    script = (
        "import django; django.setup()\n"
        "from django.urls import Resolver404, resolve\n"
        "try: print(resolve('/demo/enter/chair/'))\n"
        "except Resolver404: print('nothing')"
    )
    setup = {"DJANGO_SETTINGS_MODULE": "ecabinet.settings"}
    assert seen(script, **setup) == "nothing\n"
    assert "nothing" not in seen(script, **setup, ECABINET_DEMO="1", ECABINET_HOST="localhost")


def test_mail_goes_by_the_named_server() -> None:
    script = (
        "from ecabinet import settings as s\n"
        "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS)"
    )
    url = "smtp+tls://office:p%40ss@mail.example"
    assert seen(script, ECABINET_MAIL_URL=url) == "mail.example 587 office p@ss True\n"


@pytest.mark.parametrize(
    ("environment", "allowed"),
    [
        ({}, ["pkcs12", "device"]),
        (SERVICE, ["pkcs12", "device", "csc"]),
        (SERVICE | {"ECABINET_CSC_URL": "http://localhost:8"}, ["pkcs12", "device", "csc"]),
        (SERVICE | {"ECABINET_CUSTODY": "csc"}, ["csc"]),
    ],
)
def test_the_allowed_places_for_keys(environment: dict[str, str], allowed: list[str]) -> None:
    told = start(
        f"assert list(ecabinet.settings.SIGNING_CUSTODY) == {allowed}", **{"ECABINET_DEMO": "1"} | environment
    )
    assert told == ""
