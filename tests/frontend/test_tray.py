"""The signing tray as plain forms: list, look, confirm, results, return."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ecabinet.accounts import pins
from ecabinet.accounts.models import User
from ecabinet.ledger.models import LedgerEntry
from signing import actions, completions
from signing.enums import RequestState, SessionState
from signing.models import SigningRequest, SigningSession
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


def opened(client: Client, ids: list[int]) -> int:
    """The session over these requests, ready for its gesture."""
    answer = client.post(reverse("tray-confirm"), {"request": ids})
    assert answer.status_code == 302
    session = SigningSession.objects.latest("id")
    assert answer["Location"] == reverse("tray-session", args=[session.pk])
    actions.prepare_session(session.pk)
    return session.pk


def test_sign_the_selection_with_one_confirmation(client: Client, rows: list[SigningRequest]) -> None:
    pk = opened(client, [row.pk for row in rows])
    ask = client.get(reverse("tray-session", args=[pk])).content.decode()
    assert "Ký 2 hồ sơ một lần" in ask
    assert SigningRequest.objects.filter(state=RequestState.SIGNED).count() == 0
    running = client.post(reverse("tray-sign", args=[pk]), {}, follow=True)
    assert running.redirect_chain == [(reverse("tray-session", args=[pk]), 302)]
    assert '<progress value="0" max="2"' in running.content.decode()
    assert reverse("tray-session", args=[pk]) in client.get(reverse("tray")).content.decode()
    actions.finish_session(pk)
    done = client.get(reverse("tray-session", args=[pk])).content.decode()
    assert done.count("result--ok") == 2
    assert SigningRequest.objects.filter(state=RequestState.SIGNED).count() == 2


def test_while_it_is_prepared_the_page_says_so(client: Client, rows: list[SigningRequest]) -> None:
    answer = client.post(reverse("tray-confirm"), {"request": [row.pk for row in rows]}, follow=True)
    assert "Đang chuẩn bị" in answer.content.decode()
    url = reverse("tray-session", args=[SigningSession.objects.latest("id").pk])
    assert "hx-get" in client.get(url, headers={"HX-Request": "true"}).content.decode()
    early = client.post(reverse("tray-sign", args=[SigningSession.objects.latest("id").pk]), {})
    assert early.status_code == 409
    actions.prepare_session(SigningSession.objects.latest("id").pk)
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_pressed_twice_is_signed_once(client: Client, rows: list[SigningRequest]) -> None:
    pk = opened(client, [row.pk for row in rows])
    answers = [client.post(reverse("tray-sign", args=[pk]), {}).status_code for _press in (1, 2)]
    assert answers == [302, 302]
    actions.finish_session(pk)
    assert LedgerEntry.objects.filter(act="signature.made").count() == 2


def test_the_session_of_another_is_not_there(client: Client, rows: list[SigningRequest]) -> None:
    pk = opened(client, [rows[0].pk])
    stranger = Client()
    stranger.force_login(
        User.objects.create_user("stranger@example.vn", full_name="Stranger"), backend=BACKEND
    )
    assert stranger.get(reverse("tray-session", args=[pk])).status_code == 404
    assert stranger.post(reverse("tray-sign", args=[pk]), {}).status_code == 404


def test_with_a_pin_only_the_right_pin_signs(
    client: Client,
    rows: list[SigningRequest],
    signers: Signers,  # noqa: F811 - the fixture
) -> None:
    pins.set_pin(actor=signers.person, pin="280619")
    pk = opened(client, [rows[0].pk])
    assert 'name="pin"' in client.get(reverse("tray-session", args=[pk])).content.decode()
    wrong = client.post(reverse("tray-sign", args=[pk]), {"pin": "280618"})
    assert (wrong.status_code, wrong.content.decode().count('role="alert"')) == (403, 1)
    assert client.post(reverse("tray-sign", args=[pk]), {"pin": "280619"}).status_code == 302
    session = SigningSession.objects.get(pk=pk)
    assert session.assertion == {"method": "pin", "challenge": session.challenge}


def test_on_a_real_site_nothing_is_signed_without_passkey_or_pin(
    client: Client, rows: list[SigningRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = opened(client, [rows[0].pk])
    monkeypatch.setattr(settings, "DEMO", False)
    page = client.get(reverse("tray-session", args=[pk])).content.decode()
    assert reverse("mfa_index") in page
    assert '<button class="button button--primary' not in page
    assert client.post(reverse("tray-sign", args=[pk]), {}).status_code == 403
    assert client.post(reverse("tray-sign", args=[pk]), {"credential": "{}"}).status_code == 403
    assert client.post(reverse("tray-sign", args=[pk]), {"credential": "no json"}).status_code == 403
    assert SigningSession.objects.get(pk=pk).state == SessionState.OPEN


def test_nothing_chosen_is_a_sentence(client: Client, rows: list[SigningRequest]) -> None:
    page = client.post(reverse("tray-confirm"), {})
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()


def test_return_keeps_what_was_typed_and_takes_the_row_away(
    client: Client, rows: list[SigningRequest]
) -> None:
    url = reverse("tray-return", args=[rows[0].pk])
    assert client.post(url, {"reason": " "}).status_code == 400
    assert client.post(url, {"reason": "Sai căn cứ"}).status_code == 302
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].reason) == (RequestState.RETURNED, "Sai căn cứ")


def test_a_refusal_is_offered_where_it_can_be_and_keeps_the_reason(
    client: Client, rows: list[SigningRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, look = reverse("tray-refuse", args=[rows[0].pk]), {"look": rows[0].pk}
    assert url not in client.get(reverse("tray"), look).content.decode()
    assert client.post(url, {"reason": "Trái luật"}).status_code == 400
    monkeypatch.setitem(completions._refusals, "test", lambda **told: None)
    assert url in client.get(reverse("tray"), look).content.decode()
    empty = client.post(url, {"reason": " "})
    assert empty.status_code == 400
    assert empty.content.decode().count('<details class="tray__return" open>') == 1
    assert client.post(url, {"reason": "Trái luật"}).status_code == 302
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].reason) == (RequestState.REFUSED, "Trái luật")


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
