"""Every place for keys signs and seals a real document by the real actions, and strangers agree."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from ecabinet.accounts.models import Agency, User
from ecabinet.common import blobs
from ecabinet.operations import outside
from signing import actions, custody
from signing.custody import CustodyError
from signing.custody.cryptoki import connection
from signing.custody.pkcs11 import Pkcs11Custody
from signing.enums import Level
from signing.models import Certificate
from signing.validation import Verdict, validate
from tests.services import ROOT, Token
from tests.signing.conftest import Signers
from tests.signing.custody.conftest import HOLDER, Service, enrolled
from tests.signing.custody.csc_service import PIN
from tests.signing.custody.token_keys import make_ec, make_rsa

pytestmark = pytest.mark.softhsm

LIMIT = 60  # seconds for another program


@dataclass(frozen=True)
class Pair:
    """A person's and an agency's certificate of one backend, and the person's PIN there."""

    person: User
    own: Certificate
    seal: Certificate
    secret: str = ""


@pytest.fixture
def people(db: None) -> tuple[User, Agency]:
    person = User.objects.create_user("khai@example.vn", full_name=HOLDER)
    return person, Agency.objects.create(code="G09", name="Chính phủ", name_en="The Government")


def in_files(request: pytest.FixtureRequest) -> Pair:
    signers: Signers = request.getfixturevalue("signers")
    return Pair(signers.person, signers.own, signers.seal)


def in_token(request: pytest.FixtureRequest) -> Pair:
    """The person's key is made there by the site, the seal's by an administrator."""
    imported = request.getfixturevalue("imported")
    person, agency = request.getfixturevalue("people")
    own = enrolled("pkcs11", *Pkcs11Custody().new_key(), user=person)
    return Pair(person, own, enrolled("pkcs11", *imported(make_ec), agency=agency))


def rsa_in_token(request: pytest.FixtureRequest) -> Pair:
    imported = request.getfixturevalue("imported")
    person, agency = request.getfixturevalue("people")
    own = enrolled("pkcs11", *imported(make_rsa, b"\x01"), user=person)
    return Pair(person, own, enrolled("pkcs11", *imported(make_rsa, b"\x02"), agency=agency))


def at_a_service(request: pytest.FixtureRequest) -> Pair:
    service: Service = request.getfixturevalue("service")
    person, agency = request.getfixturevalue("people")
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setattr(settings, "CSC", replace(settings.CSC, seal_pins={"rsa": PIN}))
    own = enrolled("csc", "ec", service.public_key("ec"), user=person)
    return Pair(person, own, enrolled("csc", "rsa", service.public_key("rsa"), agency=agency), PIN)


PLACES = [in_files, in_token, rsa_in_token, at_a_service]


@pytest.fixture(params=PLACES, ids=lambda place: place.__name__)
def pair(request: pytest.FixtureRequest) -> Pair:
    place: Callable[[pytest.FixtureRequest], Pair] = request.param
    return place(request)


@pytest.fixture
def sealed(pair: Pair, unsigned: str) -> Path:
    signed = actions.sign_pdf(actor=pair.person, sha256=unsigned, certificate=pair.own, secret=pair.secret)
    done = actions.seal_pdf(actor=pair.person, sha256=signed.sha256, certificate=pair.seal)
    assert (done.level, done.timestamp_pending) == (Level.LTA, False)
    return blobs.path_of(done.sha256)


def test_it_signs_and_seals(sealed: Path) -> None:
    report = validate(sealed)
    assert (report.verdict, report.level) == (Verdict.GENUINE, "B-LTA")
    assert [each.signer for each in report.signatures[:2]] == [HOLDER, "Chính phủ"]


@pytest.mark.poppler
def test_poppler_agrees(sealed: Path) -> None:
    command = ["pdfsig", "-nocert", str(sealed)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False).stdout
    assert told.count("Signature is Valid") == 2  # it does not look at document timestamps
    assert "invalid" not in told.lower()


def test_a_key_that_is_not_the_certificates_signs_nothing(pair: Pair, unsigned: str) -> None:
    """The reference of one key stands beside the certificate of another."""
    Certificate.objects.filter(pk=pair.own.pk).update(chain=pair.seal.chain)
    pair.own.refresh_from_db()
    with pytest.raises(CustodyError) as refusal:
        actions.sign_pdf(actor=pair.person, sha256=unsigned, certificate=pair.own, secret=pair.secret)
    assert refusal.value.code == "key_mismatch"


@pytest.mark.parametrize("pair", PLACES[1:], indirect=True)
def test_a_place_the_site_does_not_allow_signs_nothing(
    pair: Pair, unsigned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = {name: path for name, path in settings.SIGNING_CUSTODY.items() if name != pair.own.backend}
    monkeypatch.setattr(settings, "SIGNING_CUSTODY", allowed)
    with pytest.raises(CustodyError) as refusal:
        actions.sign_pdf(actor=pair.person, sha256=unsigned, certificate=pair.own, secret=pair.secret)
    assert refusal.value.code == "custody_unknown"


def test_the_doctor_reaches_every_place_and_finds_the_keys(
    people: tuple[User, Agency], imported: Callable[..., Any], service: Service, token: Token
) -> None:
    person, agency = people
    key_ref, public = imported()
    enrolled("pkcs11", key_ref, public, user=person)
    enrolled("csc", "ec", service.public_key("ec"), agency=agency)
    assert outside.key_custody() == ""
    with translation.override("en"):
        enrolled("pkcs11", "0c0c", public, user=person)
        enrolled("csc", "gone", service.public_key("ec"), agency=agency)
        assert outside.key_custody().count("keys of 1 certificates are not there") == 2
        shutil.rmtree(token.folder)
        token.folder.mkdir()
        connection().close()
        service.fault(info={"methods": ["signatures/signDoc"]})
        told = outside.key_custody()
        assert "pkcs11: The security module that keeps the key is not connected." in told
        assert "csc: The signing service does not sign digests" in told


def test_the_doctor_finds_keys_in_a_place_that_is_not_allowed(
    people: tuple[User, Agency], imported: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled("pkcs11", *imported(), user=people[0])
    monkeypatch.setattr(settings, "SIGNING_CUSTODY", {"pkcs12": settings.SIGNING_CUSTODY["pkcs12"]})
    with translation.override("en"):
        assert "ECABINET_CUSTODY does not allow" in outside.key_custody()


def test_what_each_place_asks_of_a_person(token: Any) -> None:
    places = {name: custody.backend(name) for name in settings.SIGNING_CUSTODY}
    assert {name: place.needs_secret for name, place in places.items()} == {
        "pkcs12": False,
        "device": False,
        "pkcs11": False,
        "csc": True,
    }
    assert [name for name, place in places.items() if place.on_device] == ["device"]


def test_no_answer_of_a_place_is_believed_unread() -> None:
    """Whoever asks a place for signatures checks them under the certificate; the session's loop is apart."""
    callers = {
        path
        for path in (ROOT / "signing" / "actions").rglob("*.py")
        if ".raw_sign(" in path.read_text(encoding="utf-8") and path.name != "sessions.py"
    }
    assert callers
    assert all("require_by(" in path.read_text(encoding="utf-8") for path in callers)
