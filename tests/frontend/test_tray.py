"""The signing tray as plain forms: list, look, confirm, results, return."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ecabinet.accounts.models import User
from signing.enums import RequestState
from signing.models import SigningRequest
from tests.signing.conftest import Signers, _demo, signers  # noqa: F401 - fixtures
from tests.signing.test_sessions import ask

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def rows(signers: Signers) -> list[SigningRequest]:  # noqa: F811 - the fixture
    return [ask(signers, number) for number in (1, 2)]


@pytest.fixture
def client(signers: Signers) -> Client:  # noqa: F811 - the fixture
    client = Client()
    client.force_login(signers.person, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "demo", "at": 0}]
    session["account_authentication_methods_user"] = str(signers.person.pk)
    session.save()
    return client


def test_list_and_look(client: Client, rows: list[SigningRequest]) -> None:
    page = client.get(reverse("tray"))
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count('name="request"') == 2
    assert "Chưa xem hồ sơ nào." in html
    assert "<span data-chosen>Ký 2 hồ sơ</span>" in html
    none = client.get(reverse("tray"), {"pick": "none"}).content.decode()
    assert "<span data-chosen>Hãy chọn hồ sơ</span>" in none
    look = client.get(reverse("tray"), {"look": rows[0].pk})
    assert 'data-state="look"' in look.content.decode()
    rows[0].refresh_from_db()
    assert rows[0].looked_at is not None


def test_sign_the_selection_with_one_confirmation(client: Client, rows: list[SigningRequest]) -> None:
    ids = [row.pk for row in rows]
    confirm = client.post(reverse("tray-confirm"), {"request": ids})
    assert "aria-modal" in confirm.content.decode()
    assert SigningRequest.objects.filter(state=RequestState.SIGNED).count() == 0
    results = client.post(reverse("tray-sign"), {"request": ids}, follow=True)
    assert results.redirect_chain == [(reverse("tray-results"), 302)]
    assert results.content.decode().count("result--ok") == 2
    assert SigningRequest.objects.filter(state=RequestState.SIGNED).count() == 2


def test_nothing_chosen_is_a_sentence(client: Client, rows: list[SigningRequest]) -> None:
    page = client.post(reverse("tray-confirm"), {})
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()


def test_signing_twice_is_a_sentence(client: Client, rows: list[SigningRequest]) -> None:
    client.post(reverse("tray-sign"), {"request": [rows[0].pk]})
    again = client.post(reverse("tray-sign"), {"request": [rows[0].pk]})
    assert again.status_code == 400
    assert 'role="alert"' in again.content.decode()


def test_return_keeps_what_was_typed_and_takes_the_row_away(
    client: Client, rows: list[SigningRequest]
) -> None:
    url = reverse("tray-return", args=[rows[0].pk])
    assert client.post(url, {"reason": " "}).status_code == 400
    assert client.post(url, {"reason": "Sai căn cứ"}).status_code == 302
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].reason) == (RequestState.RETURNED, "Sai căn cứ")


def test_the_files_are_for_the_signer_only(client: Client, rows: list[SigningRequest]) -> None:
    urls = [
        reverse("tray-file", args=[rows[0].pk]),
        reverse("tray-read", args=[rows[0].pk]),
        reverse("tray-page", args=[rows[0].pk, 1]),
        reverse("tray-signatures", args=[rows[0].pk]),
    ]
    assert [client.get(url).status_code for url in urls] == [200] * 4
    assert client.get(reverse("tray-page", args=[rows[0].pk, 2])).status_code == 404
    stranger = Client()
    stranger.force_login(
        User.objects.create_user("stranger@example.vn", full_name="Stranger"), backend=BACKEND
    )
    assert [stranger.get(url).status_code for url in urls] == [404] * 4
    assert stranger.get(reverse("tray"), {"look": rows[0].pk}).status_code == 404


def test_an_empty_tray_says_so(client: Client) -> None:
    page = client.get(reverse("tray"))
    assert "empty__title" in page.content.decode()
    assert client.get(reverse("tray-results")).status_code == 302


def test_without_a_fresh_proof_nothing_is_signed(client: Client, rows: list[SigningRequest]) -> None:
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    answer = client.post(reverse("tray-sign"), {"request": [rows[0].pk]})
    assert answer.status_code == 302
    assert SigningRequest.objects.filter(state=RequestState.SIGNED).count() == 0
