"""A phone: two hundred dossiers, one gesture with the finger, one that fails and is signed anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.utils import websafe_decode
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.earnest import PASSWORD
from tests.browser.site import Site, serve
from tests.browser.test_accounts import EARNEST, PATIENCE_MS, use_passkey, virtual_key
from tests.browser.tray_cast import DOSSIERS, MINISTER

pytestmark = pytest.mark.browser
SLOW_MS = 120_000
BEGIN = "import django; django.setup()\n"
# One prepared file is damaged on the disk between the list and the gesture.
DAMAGE = BEGIN + (
    "from signing.actions.preparations import path_of\n"
    "from signing.models import Preparation\n"
    "file = path_of(Preparation.objects.order_by('request_id')[5].file)\n"
    "with file.open('r+b') as handle: handle.seek(300); handle.write(b'XXXX')"
)
# A little of what the database says, as JSON.
TOLD = BEGIN + (
    "import json\n"
    "from ecabinet.ledger.models import LedgerEntry\n"
    "from signing.models import SigningRequest, SigningSession\n"
    "print(json.dumps({'signed': SigningRequest.objects.filter(state='signed').count(),"
    "'entries': LedgerEntry.objects.filter(act='signature.made').count(),"
    "'sessions': list(SigningSession.objects.filter(state='done').order_by('id')"
    ".values('challenge', 'assertion'))}))"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("tray"), **EARNEST) as served:
        Site(served.url, {**served.environment, "ECABINET_DEMO": "1"}).python("-m", "tests.browser.tray_cast")
        yield served


def signed_in(browse: Browse) -> Page:
    page = browse("phone")
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/account/login/")
    page.fill("[name=login]", MINISTER)
    page.fill("[name=password]", PASSWORD)
    page.locator(".signin__password button[type=submit]").click()
    page.wait_for_url(f"{browse.site.url}/")
    return page


def minister(browse: Browse) -> Page:
    """Signed in on a phone, with a passkey of that phone."""
    page = signed_in(browse)
    virtual_key(page)
    page.goto("/account/keys/webauthn/add/")
    use_passkey(page)
    page.wait_for_url("**/recovery-codes/")
    return page


def told(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.python("-c", TOLD).splitlines()[-1])
    return found


def holds(session: dict[str, Any]) -> bool:
    """What was kept is a passkey's own signature over the digest of exactly that list (WebAuthn 3, §7.2)."""
    kept = session["assertion"]
    client = websafe_decode(kept["clientDataJSON"])
    authenticator = websafe_decode(kept["authenticatorData"])
    x, y = (int.from_bytes(websafe_decode(kept["public_key"][name]), "big") for name in ("-2", "-3"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    signature = websafe_decode(kept["signature"])
    key.verify(signature, authenticator + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
    user_verified = bool(authenticator[32] & 0x04)
    challenge = websafe_decode(json.loads(client)["challenge"])
    return user_verified and challenge == bytes.fromhex(session["challenge"])


def test_what_was_left_out_stays_out_while_looking_and_searching(browse: Browse) -> None:
    page = signed_in(browse)
    page.goto("/sign/")
    chosen, button = page.locator("[name=request]:checked"), page.locator(".tray__act [data-chosen]")
    for place in (0, 1):
        page.locator("[name=request]").nth(place).uncheck()
    expect(button).to_have_text(f"Ký {DOSSIERS - 2} hồ sơ")
    page.locator(".dossier__look").nth(2).click()
    page.locator(".tray__back").click()
    expect(button).to_have_text(f"Ký {DOSSIERS - 2} hồ sơ")
    expect(page.locator("[name=request]").nth(0)).not_to_be_checked()

    page.get_by_role("searchbox").fill("1817/byt cuc quan ly")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("[name=request]")).to_have_count(1)
    expect(button).to_have_text("Ký 1 hồ sơ")
    page.locator(".dossier__look").click()
    page.locator(".tray__back").click()
    expect(page.locator("[name=request]")).to_have_count(1)
    page.get_by_role("link", name="Xem tất cả").click()
    expect(chosen).to_have_count(DOSSIERS - 2)

    page.get_by_role("link", name="Chọn tất cả").click()
    expect(chosen).to_have_count(DOSSIERS)
    page.get_by_role("link", name="Bỏ chọn tất cả").click()
    expect(button).to_have_text("Hãy chọn hồ sơ")
    page.locator("[name=request]").nth(5).check()
    page.reload()
    expect(button).to_have_text("Ký 1 hồ sơ")


def test_two_hundred_dossiers_with_one_gesture(site: Site, browse: Browse) -> None:
    page = minister(browse)
    page.goto("/sign/")
    expect(page.locator("[name=request]:checked")).to_have_count(DOSSIERS)
    with site.parts("signer"):
        page.get_by_role("button", name=f"Ký {DOSSIERS} hồ sơ").click()
        # Prepared while one looks on, unless it was done before.
        expect(page.locator("h1")).to_have_text(f"Ký {DOSSIERS} hồ sơ một lần", timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    site.python("-c", DAMAGE)

    use_passkey(page)
    expect(page.locator("progress")).to_have_attribute("max", str(DOSSIERS))
    page.reload()
    expect(page.locator(".tray__count .num")).to_have_text("0")
    with site.parts("signer"):
        expect(page.locator(".sealed h1")).to_have_text(f"Đã ký {DOSSIERS - 1} hồ sơ", timeout=SLOW_MS)
        failed = page.locator(".result--fail")
        expect(failed).to_have_count(1)
        expect(failed).to_contain_text("Tệp để ký đã bị hỏng")
        assert told(site)["signed"] == DOSSIERS - 1

        failed.get_by_role("button", name="Ký lại hồ sơ này").click()
        expect(page.locator("h1")).to_have_text("Ký 1 hồ sơ một lần", timeout=SLOW_MS)
        use_passkey(page)
        expect(page.locator(".sealed h1")).to_have_text("Đã ký 1 hồ sơ")
    page.goto("/sign/")
    expect(page.locator(".empty__title")).to_be_visible()

    after = told(site)
    assert (after["signed"], after["entries"]) == (DOSSIERS, DOSSIERS)
    assert [holds(session) for session in after["sessions"]] == [True, True]
