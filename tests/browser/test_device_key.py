"""A key that never leaves the browser: made there, certified, used for a whole list; elsewhere it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.device_cast import MINISTER, PAPERS, PIN
from tests.browser.earnest import PASSWORD
from tests.browser.site import Site, serve
from tests.browser.test_accounts import EARNEST, PATIENCE_MS

pytestmark = pytest.mark.browser
SLOW_MS = 120_000
EXTRACT = """async () => {
  const open = indexedDB.open("ecabinet-keys", 1);
  const done = (ask) => new Promise((ok, no) => { ask.onsuccess = () => ok(ask.result); ask.onerror = no; });
  const store = (await done(open)).transaction("keys").objectStore("keys");
  const [key] = await done(store.getAll());
  return crypto.subtle.exportKey("pkcs8", key).then(() => "taken", (error) => error.name);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("device"), **EARNEST) as served:
        house(served)
        yield served


def house(site: Site, *arguments: str) -> None:
    """What happens in the house, where the demo's authority issues."""
    demo = Site(site.url, {**site.environment, "ECABINET_DEMO": "1"})
    demo.python("-m", "tests.browser.device_cast", *arguments)


def minister(browse: Browse) -> Page:
    page = browse("phone")
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/account/login/")
    page.fill("[name=login]", MINISTER)
    page.fill("[name=password]", PASSWORD)
    page.locator(".signin__password button[type=submit]").click()
    page.wait_for_url(f"{browse.site.url}/")
    return page


def choose_all(page: Page) -> None:
    page.goto("/sign/")
    page.get_by_role("button", name=f"Ký {PAPERS} hồ sơ").click()
    expect(page.locator("h1")).to_have_text(f"Ký {PAPERS} hồ sơ một lần", timeout=SLOW_MS)
    page.fill("[name=pin]", PIN)
    page.get_by_role("button", name="Ký bằng mã PIN").click()


def test_a_key_of_this_phone_signs_here_and_nowhere_else(site: Site, browse: Browse) -> None:
    page = minister(browse)
    page.goto("/certificates/")
    page.get_by_label("Thiết bị của tôi").check()
    page.get_by_role("button", name="Yêu cầu cấp chứng thư số").click()
    expect(page.locator("#ask + p")).to_be_visible()
    house(site, "issue")
    page.reload()
    expect(page.locator(".certificate")).to_contain_text("Thiết bị của tôi")
    assert page.evaluate(EXTRACT) == "InvalidAccessError"

    with site.parts("signer"):
        other = minister(browse)
        choose_all(other)
        expect(other.locator("[data-passkey-error]:visible")).to_contain_text(
            "thiết bị hoặc trình duyệt khác"
        )
        choose_all(page)
        expect(page.locator(".sealed h1")).to_have_text(f"Đã ký {PAPERS} hồ sơ", timeout=SLOW_MS)
