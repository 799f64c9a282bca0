"""Pages for what went wrong: in both languages, with a sentence and a way onward."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from ecabinet.accounts.models import User
from frontend.views import errors
from tests import cast as casting

TOO_LONG = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


def signed_in(language: str) -> Client:
    person = User.objects.create_user(f"{language}@example.vn", full_name="Người", language=language)
    return casting.client(person)


def stranger(language: str) -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE=language)


def failed(language: str) -> Any:
    with translation.override(language):
        return errors.server_error(RequestFactory().get("/"))


def hurried(language: str) -> Any:
    """Asked once too often; the address is of one language only, so that each begins anew."""
    browser = Client(
        HTTP_ACCEPT_LANGUAGE=language, REMOTE_ADDR={"vi": "10.0.0.1", "en": "10.0.0.2"}[language]
    )
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"}):
        browser.post("/account/login/")
        return browser.post("/account/login/")


FORM: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded"}
PAGES: dict[int | str, Callable[[str], Any]] = {
    400: lambda language: stranger(language).get("/", HTTP_HOST="elsewhere.example"),
    403: lambda language: signed_in(language).get("/account/reauthenticate/"),
    404: lambda language: stranger(language).get("/nowhere/"),
    405: lambda language: signed_in(language).get("/sign/confirm/"),
    413: lambda language: stranger(language).post("/account/login/", {"login": TOO_LONG}, **FORM),
    429: hurried,
    500: failed,
    "csrf": lambda language: Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE=language).post("/"),
}


@pytest.mark.parametrize("wrong", PAGES)
def test_a_page_in_both_languages_with_a_way_onward(db: None, wrong: int | str) -> None:
    cache.clear()
    headings = set()
    for language in ("vi", "en"):
        page = PAGES[wrong](language)
        text = page.content.decode()
        assert page.status_code == (403 if wrong == "csrf" else wrong)
        assert f'<html lang="{language}"' in text
        assert re.search(r'class="button[^"]*" href="', text)
        headings.add(re.findall(r"<h1[^>]*>([^<]+)</h1>", text)[0])
    assert len(headings) == 2


def test_what_is_not_there_leads_strangers_to_sign_in_and_others_to_the_search(db: None) -> None:
    lost = stranger("vi").get("/nowhere/").content.decode()
    assert re.search(r'class="button button--primary" href="/account/login/"', lost)
    assert 'href="/search/"' not in lost
    lost = signed_in("vi").get("/nowhere/").content.decode()
    assert '<a href="/search/">Tra cứu</a>' in lost
    assert re.search(r'class="button button--primary" href="/"', lost)


def test_scripts_get_json(db: None) -> None:
    refused = Client().post("/api/v1/meetings/1/start", TOO_LONG, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (401, "signed_out")
    refused = signed_in("vi").post("/api/v1/meetings/1/polls", TOO_LONG, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
