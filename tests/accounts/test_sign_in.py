"""Signing in tells a stranger nothing, holds guessing back in words, and a closed way leads onward."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from ecabinet.accounts.models import User

PASSWORD = "mưa rào trên mái ngói"
KNOWN, UNKNOWN = "member@example.vn", "nobody@example.vn"


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(KNOWN, PASSWORD, full_name="Member")


def sign_in(browser: Client, address: str, password: str) -> Any:
    return browser.post("/account/login/", {"login": address, "password": password})


def told(page: Any, address: str) -> str:
    """What a page says, without the typed address and the form's token."""
    text = page.content.decode().replace(address, "")
    return re.sub(r'(csrfmiddlewaretoken" value=|csrf-token" content=|X-CSRFToken": )"[^"]*"', "", text)


def test_sign_in_does_not_tell_who_has_an_account(user: User) -> None:
    User.objects.create_user("closed@example.vn", PASSWORD, full_name="Closed", is_active=False)
    pages = {who: sign_in(Client(), who, "not it") for who in (KNOWN, UNKNOWN, "closed@example.vn")}
    assert {page.status_code for page in pages.values()} == {200}
    assert len({told(page, who) for who, page in pages.items()}) == 1


def test_a_forgotten_password_does_not_tell_who_has_an_account(user: User) -> None:
    answers = {who: Client().post("/account/password/reset/", {"email": who}) for who in (KNOWN, UNKNOWN)}
    assert {(answer.status_code, answer["Location"]) for answer in answers.values()} == {
        (302, "/account/password/reset/done/")
    }
    assert [letter.to for letter in mail.outbox] == [[KNOWN], [UNKNOWN]]
    assert "/password/reset/key/" in mail.outbox[0].body
    assert "/password/reset/key/" not in mail.outbox[1].body


def test_mail_is_in_the_language_of_its_reader(user: User) -> None:
    user.language = "en"
    user.save()
    Client(HTTP_ACCEPT_LANGUAGE="vi").post("/account/password/reset/", {"email": KNOWN})
    assert mail.outbox[0].subject == "E-Cabinet: set a new password"


def test_a_mail_server_that_is_away_stops_nobody(user: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = Client().post("/account/password/reset/", {"email": KNOWN})
    assert answer["Location"] == "/account/password/reset/done/"


def test_guessing_one_password_is_held_back_in_words(user: User) -> None:
    for _ in range(5):
        sign_in(Client(), KNOWN, "not it")
    held = sign_in(Client(), KNOWN, PASSWORD)
    assert "Sai quá nhiều lần." in held.content.decode()
    assert "_auth_user_id" not in held.client.session


def test_a_whole_cabinet_behind_one_address_signs_in_at_once(user: User) -> None:
    by_key = {Client().post("/account/keys/webauthn/login/").status_code for _ in range(40)}
    by_password = {sign_in(Client(), KNOWN, PASSWORD).status_code for _ in range(40)}
    assert (by_key, by_password) == ({302}, {302})


def test_too_many_attempts_are_a_page_and_for_a_script_json(user: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS, settings.MFA_RATE_LIMITS = {"login": "1/m/ip"}, {"webauthn_login": "1/m/ip"}
    browser = Client()
    sign_in(browser, KNOWN, "not it")
    page = sign_in(browser, KNOWN, "not it")
    assert (page.status_code, "Quá nhiều lần thử" in page.content.decode()) == (429, True)
    for _ in range(2):
        refused = browser.post("/account/keys/webauthn/login/", HTTP_ACCEPT="application/json")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")


def test_no_role_cards_outside_demo_mode(user: User, settings: Any) -> None:
    User.objects.create_user("thu-tuong@demo.ecabinet.example", full_name="Chair")
    assert "/demo/enter/" in Client().get("/account/login/").content.decode()
    settings.DEMO = False
    assert "/demo/enter/" not in Client().get("/account/login/").content.decode()


def test_only_an_own_other_device_can_be_signed_out(user: User) -> None:
    stranger = User.objects.create_user("other@example.vn", PASSWORD, full_name="Other")
    here, there, elsewhere = Client(), Client(), Client()
    for browser, person in ((here, user), (there, user), (elsewhere, stranger)):
        sign_in(browser, person.email, PASSWORD)
        browser.get("/account/sessions/")
    rows = {
        name: UserSession.objects.get(session_key=b.session.session_key)
        for name, b in (("here", here), ("there", there), ("elsewhere", elsewhere))
    }
    ended = {name: here.post(f"/account/sessions/{row.pk}/end/").status_code for name, row in rows.items()}
    assert ended == {"here": 404, "there": 302, "elsewhere": 404}
    assert there.get("/")["Location"] == "/account/login/"
    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 200)


def test_the_only_device_is_not_told_to_look_out_for_others(user: User) -> None:
    here, there = Client(), Client()
    advice, alone = "Nếu thấy ở đây một máy không phải của ông/bà", "Không nơi nào khác."
    sign_in(here, KNOWN, PASSWORD)
    page = here.get("/account/sessions/").content.decode()
    assert (alone in page, advice in page) == (True, False)
    sign_in(there, KNOWN, PASSWORD)
    there.get("/account/sessions/")
    page = here.get("/account/sessions/").content.decode()
    assert (alone in page, advice in page, "Đăng xuất máy đó" in page) == (False, True, True)


def test_the_secret_of_a_code_app_opens_by_a_link_and_is_typed_in_fours(user: User) -> None:
    browser = Client()
    sign_in(browser, KNOWN, PASSWORD)
    answer = browser.get("/account/keys/totp/activate/")
    secret, page = answer.context["form"].secret, answer.content.decode()
    (link,) = re.findall(r'href="(otpauth://[^"]+)"', page)
    assert parse_qs(urlsplit(unescape(link)).query)["secret"] == [secret]
    (typed,) = re.findall(r'<code class="secret">(.*?)</code>', page)
    assert re.findall(r"<span>(.{4})</span>", typed) == [secret[at : at + 4] for at in range(0, 32, 4)]


def test_a_fresh_sign_in_is_proof_enough_for_a_new_key(user: User) -> None:
    browser = Client()
    sign_in(browser, KNOWN, PASSWORD)
    assert browser.get("/account/keys/webauthn/add/").status_code == 200
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    asked = browser.get("/account/keys/webauthn/add/")
    assert asked["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fkeys%2Fwebauthn%2Fadd%2F"


def test_part_of_a_page_never_becomes_a_whole_one(db: None) -> None:
    part = {"HTTP_HX_REQUEST": "true"}
    assert Client().get("/", **part)["HX-Refresh"] == "true"
    refused = Client().post("/sign/confirm/", **part)
    assert (refused.status_code, refused["HX-Reswap"], refused["HX-Trigger"]) == (401, "none", "ask-plainly")
