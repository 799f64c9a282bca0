"""A remote key signs what one PIN allowed; the service guards it, the site does not believe the service."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from signing import custody
from signing.custody import Authorisation, CustodyError, Entry
from signing.custody.csc import SHA256, CscCustody
from signing.custody.csc_client import LARGEST_ANSWER, Client
from tests import services
from tests.signing.custody.conftest import Service
from tests.signing.custody.csc_service import CLIENT, CLIENT_SECRET, PIN, TRIES

pytestmark = pytest.mark.softhsm

ENTRIES = [Entry(f"decision:{n}", "0" * 64, bytes([n]) * 50) for n in range(5)]


def sign(key_ref: str = "ec", secret: str = PIN, entries: Sequence[Entry] = ENTRIES) -> Sequence[bytes]:
    allowed = Authorisation.of(entries, secret=secret)
    return custody.backend("csc").raw_sign(key_ref, entries, allowed)


def refused(key_ref: str = "ec", secret: str = PIN) -> str:
    with pytest.raises(CustodyError) as refusal:
        sign(key_ref, secret)
    assert str(refusal.value.message).endswith(".")
    return refusal.value.code


def digest_of(entry: Entry) -> str:
    return base64.b64encode(hashlib.sha256(entry.attributes).digest()).decode()


@pytest.mark.parametrize("plain", [False, True])
def test_an_elliptic_key_signs_in_order_in_either_form(service: Service, plain: bool) -> None:
    service.fault(plain_ecdsa=plain)
    for entry, raw in zip(ENTRIES, sign(), strict=True):
        service.public_key("ec").verify(raw, entry.attributes, ec.ECDSA(hashes.SHA256()))


def test_an_rsa_key_signs_pkcs1(service: Service) -> None:
    for entry, raw in zip(ENTRIES, sign("rsa"), strict=True):
        service.public_key("rsa").verify(raw, entry.attributes, padding.PKCS1v15(), hashes.SHA256())


def test_one_authorisation_lists_exactly_the_digests_that_are_signed(service: Service) -> None:
    sign()
    [allowed], [signed] = service.asked("credentials/authorize"), service.asked("signHash")
    assert allowed["hashes"] == signed["hashes"] == [digest_of(entry) for entry in ENTRIES]
    assert allowed["count"] == len(ENTRIES)


def test_a_service_that_takes_fewer_at_once_gets_parts_each_with_its_own_authorisation(
    service: Service,
) -> None:
    service.fault(credential={"multisign": 2})
    assert len(sign()) == 5
    allowed, signed = service.asked("credentials/authorize"), service.asked("signHash")
    assert [each["count"] for each in allowed] == [2, 2, 1]
    assert [each["hashes"] for each in allowed] == [each["hashes"] for each in signed]


def test_a_code_that_serves_once_is_not_spent_on_a_part_of_a_batch(service: Service) -> None:
    once = {"type": "Password", "id": "PIN", "label": "Code", "generator": "totp"}
    service.fault(credential={"multisign": 2, "auth": {"mode": "explicit", "objects": [once]}})
    assert refused() == "too_many_at_once"
    assert not service.asked("credentials/authorize")


def test_nothing_else_and_nothing_twice(service: Service) -> None:
    allowed = Authorisation.of(ENTRIES[:3], secret=PIN)
    for entries in ([ENTRIES[4]], [ENTRIES[0], ENTRIES[0]]):
        with pytest.raises(CustodyError) as refusal:
            CscCustody().raw_sign("ec", entries, allowed)
        assert refusal.value.code == "not_authorised"
    assert not service.asked("credentials/info")


class TestTheServiceGuardsItsKeys:
    """The site is not the only one that holds to the confirmed set: these are the service's refusals."""

    @pytest.fixture
    def client(self, service: Service) -> Any:
        with Client(settings.CSC) as made:
            yield made

    def allow(self, client: Client, entries: Sequence[Entry], **change: Any) -> str:
        body = {
            "credentialID": "ec",
            "hashes": [digest_of(entry) for entry in entries],
            "hashAlgorithmOID": SHA256,
            "numSignatures": len(entries),
            "authData": [{"id": "PIN", "value": PIN}],
        }
        return str(client.call("credentials/authorize", body | change)["SAD"])

    def use(self, client: Client, sad: str, entries: Sequence[Entry], **change: Any) -> list[str]:
        body = {
            "credentialID": "ec",
            "SAD": sad,
            "hashes": [digest_of(entry) for entry in entries],
            "hashAlgorithmOID": SHA256,
            "signAlgo": "1.2.840.10045.4.3.2",
        }
        return list(client.call("signatures/signHash", body | change)["signatures"])

    def code(self, act: Callable[[], Any]) -> str:
        with pytest.raises(CustodyError) as refusal:
            act()
        return refusal.value.code

    def test_a_digest_that_was_not_authorised(self, client: Client) -> None:
        sad = self.allow(client, ENTRIES[:2])
        assert self.code(lambda: self.use(client, sad, [ENTRIES[0], ENTRIES[2]])) == "not_authorised"
        assert len(self.use(client, sad, ENTRIES[:2])) == 2

    def test_an_authorisation_serves_once(self, client: Client) -> None:
        sad = self.allow(client, ENTRIES)
        self.use(client, sad, ENTRIES)
        assert self.code(lambda: self.use(client, sad, ENTRIES)) == "confirmation_expired"

    def test_an_authorisation_serves_one_key(self, client: Client) -> None:
        sad = self.allow(client, ENTRIES)
        other = lambda: self.use(client, sad, ENTRIES, credentialID="other")  # noqa: E731
        assert self.code(other) == "confirmation_expired"

    def test_the_number_of_signatures_is_the_number_of_digests(self, client: Client) -> None:
        assert self.code(lambda: self.allow(client, ENTRIES, numSignatures=50)) == "csc_refused"


def test_a_wrong_pin_is_said_and_enough_of_them_lock_the_key(service: Service) -> None:
    assert refused(secret="0000") == "wrong_secret"
    sign()
    assert [refused(secret="0000") for _turn in range(TRIES)] == ["wrong_secret"] * TRIES
    assert refused(secret=PIN) == "secret_locked"


def test_no_pin_at_all_is_asked_for_before_the_service_counts_it(service: Service) -> None:
    assert refused(secret="") == "secret_missing"
    assert not service.asked("credentials/authorize")


def test_a_seal_has_its_pin_from_the_site(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, seal_pins={"rsa": PIN}))
    assert len(sign("rsa", secret="")) == 5
    assert refused("ec", secret="") == "secret_missing"


def test_the_pin_is_nowhere_to_be_read(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """The service answers a wrong PIN with the PIN in its description."""
    caplog.set_level(logging.DEBUG)
    allowed = Authorisation.of(ENTRIES, secret="31415926")
    with pytest.raises(CustodyError) as refusal:
        CscCustody().raw_sign("ec", ENTRIES, allowed)
    told = caplog.text + repr(allowed) + repr(refusal.value) + str(refusal.value.message) + repr(settings.CSC)
    assert "31415926" not in told
    assert settings.CSC.client_secret not in told
    assert allowed == Authorisation.of(ENTRIES)


def test_a_confirmation_that_came_too_late(service: Service) -> None:
    service.fault(lifetime=-1)
    assert refused() == "confirmation_expired"


def test_a_service_that_signs_with_another_key_is_found(service: Service) -> None:
    service.fault(lie=True)
    assert refused() == "key_mismatch"


def test_a_service_that_mixes_up_the_answers_is_found(service: Service) -> None:
    given = [base64.b64encode(raw).decode() for raw in sign()]
    service.fault(signed={"signatures": list(reversed(given))})
    assert refused() == "key_mismatch"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"hang": True}, "csc_away"),
        ({"drip": True, "length": 900_000}, "csc_away"),
        ({"length": 900_000}, "csc_away"),
        ({"status": 500}, "csc_away"),
        ({"status": 429}, "csc_away"),
        ({"status": 202}, "key_unsupported"),
        ({"status": 302, "location": "https://elsewhere.example/"}, "csc_unreadable"),
        ({"body": "<html>"}, "csc_unreadable"),
        ({"body": "[" * 50_000}, "csc_unreadable"),
        ({"body": "[]"}, "csc_unreadable"),
        ({"body": '{"signatures": "x"}'}, "csc_unreadable"),
        ({"body": '{"signatures": ["*", "*", "*", "*", "*"]}'}, "csc_unreadable"),
        ({"body": '{"signatures": []}'}, "csc_unreadable"),
        ({"padding": LARGEST_ANSWER}, "csc_unreadable"),
        ({"status": 403}, "csc_denied"),
    ],
)
def test_a_service_that_is_broken(
    service: Service, fault: dict[str, Any], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign()  # the way there works
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, timeout=1))
    service.fault(answer={"signHash": fault})
    assert refused() == code


def test_a_service_that_is_down(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = f"https://127.0.0.1:{services.free_port()}"
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, url=nobody))
    assert refused() == "csc_away"


@pytest.mark.parametrize(
    "change",
    [
        {"authorities": ""},
        {"url": "https://localhost:{port}/csc/v2"},
        {"url": "http://127.0.0.1:{port}/csc/v2"},
    ],
)
def test_nobody_else_is_taken_for_the_service(
    service: Service, change: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown authority, another name in the certificate, and no encryption at all."""
    port = service.url.split(":")[2].partition("/")[0]
    changed = {name: value.format(port=port) for name, value in change.items()}
    sign()
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, **changed))
    assert refused() == "csc_away"


def test_a_site_that_is_not_let_in(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, client_id="stranger"))
    assert refused() == "csc_denied"
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, bearer="made-up"))
    assert refused() == "csc_denied"


def test_a_fixed_token_lets_the_site_in(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"grant_type": "client_credentials", "scope": "service"}
    site = settings.CSC
    reply = requests.post(
        site.token_url, data=form, auth=(CLIENT, CLIENT_SECRET), verify=site.authorities, timeout=10
    )
    fixed = replace(site, bearer=reply.json()["access_token"], client_id="", client_secret="")
    monkeypatch.setattr(settings, "CSC", fixed)
    assert len(sign()) == len(ENTRIES)


def test_a_token_that_was_taken_back_is_asked_for_again(service: Service) -> None:
    sign()
    service.fault(forget_tokens=True)
    sign()


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        ({"key": {"status": "disabled", "algo": ["1.2.840.10045.4.3.2"]}}, "key_disabled"),
        ({"key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.4"]}}, "key_unsupported"),
        ({"cert": {"status": "revoked", "certificates": []}}, "key_disabled"),
        ({"cert": {"status": "valid", "certificates": []}}, "csc_unreadable"),
        ({"cert": {"status": "valid", "certificates": ["AAAA"]}}, "csc_unreadable"),
        ({"SCAL": "1"}, "key_unbound"),
        ({"auth": {"mode": "oauth2code"}}, "key_unsupported"),
        ({"auth": {"mode": "explicit", "objects": []}}, "key_unsupported"),
        ({"multisign": 0}, "csc_unreadable"),
    ],
)
def test_a_key_that_may_not_sign_here(service: Service, credential: dict[str, Any], code: str) -> None:
    service.fault(credential=credential)
    assert refused() == code
    with pytest.raises(CustodyError):
        CscCustody().import_credential("ec")
    assert not service.asked("credentials/authorize")


def test_the_register_imports_a_certificate_with_its_chain(service: Service) -> None:
    signer, root = CscCustody().import_credential("rsa")
    assert signer.public_key() == service.public_key("rsa")
    signer.verify_directly_issued_by(root)
    assert CscCustody().credentials() == ["ec", "other", "rsa"]
    with pytest.raises(CustodyError) as refusal:
        CscCustody().import_credential("nobody")
    assert refusal.value.code == "key_missing"


def test_a_chain_whose_links_do_not_hold_is_refused(service: Service) -> None:
    [signer, _root] = CscCustody().import_credential("ec")
    der = base64.b64encode(signer.public_bytes(Encoding.DER)).decode()
    service.fault(credential={"cert": {"status": "valid", "certificates": [der, der]}})
    with pytest.raises(CustodyError) as refusal:
        CscCustody().import_credential("ec")
    assert refusal.value.code == "csc_unreadable"
