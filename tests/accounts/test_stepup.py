"""Proof of presence before voting and signing: a fresh one counts, an old one does not."""

from __future__ import annotations

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory

from ecabinet.accounts import stepup
from ecabinet.accounts.models import User


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("y-te@demo.ecabinet.example", "a long password", full_name="Member")


def request_of(user: User, *, method: str, age: float) -> HttpRequest:
    request = RequestFactory().get("/sign/")
    request.user = user
    request.session = SessionStore()
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": time.time() - age}]
    request.session["account_authentication_methods_user"] = str(user.pk)
    return request


@pytest.mark.parametrize(("age", "fresh"), [(5, True), (599, True), (601, False)])
def test_a_proof_counts_for_ten_minutes(user: User, age: float, fresh: bool) -> None:
    assert stepup.is_fresh(request_of(user, method="password", age=age)) is fresh


def test_the_api_says_where_to_prove(user: User) -> None:
    with pytest.raises(stepup.StepUpRequired) as refused:
        stepup.require(request_of(user, method="password", age=3600), "/meetings/1/live/")
    assert refused.value.status == 403
    assert refused.value.details["url"] == "/account/reauthenticate/?next=%2Fmeetings%2F1%2Flive%2F"


def test_a_role_card_counts_in_demo_mode_only(user: User, settings: object) -> None:
    old = request_of(user, method=stepup.DEMO_METHOD, age=3600)
    assert stepup.is_fresh(old)
    settings.DEMO = False  # type: ignore[attr-defined]  # the fixture takes any setting
    assert not stepup.is_fresh(old)


def test_a_role_card_signs_in_and_is_posted_only(user: User) -> None:
    browser = Client()
    assert browser.get("/demo/enter/member/").status_code == 405
    assert browser.post("/demo/enter/member/", {"next": "/meetings/"})["Location"] == "/meetings/"
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_a_role_card_leads_to_no_other_site(user: User) -> None:
    answer = Client().post("/demo/enter/member/", {"next": "//elsewhere.example/"})
    assert answer["Location"] == "/"


def test_wrong_password_is_said_in_words_and_keeps_the_address(user: User) -> None:
    answer = Client().post("/account/login/", {"login": user.email, "password": "not it"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert user.email in page
    assert "Địa chỉ thư điện tử và mật khẩu không khớp nhau. Hãy xem lại cả hai." in page


def test_pages_carry_the_strict_policy(user: User) -> None:
    policy = Client().get("/account/login/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
