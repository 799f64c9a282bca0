"""Signing in, and proving it again, on a site that is not a demo: keys, codes, links, sessions, step-up."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Browse
from tests.browser.earnest import PASSWORD
from tests.browser.site import Site, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
PATIENCE_MS = 30_000

EARNEST = {"ECABINET_DEMO": "0", "ECABINET_HTTPS": "0", "ECABINET_SECRET_KEY": "e" * 60}
PLATFORM_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
BEGIN = "import django; django.setup(); "
SESSIONS = BEGIN + (
    "from allauth.usersessions.models import UserSession\n"
    "from django.contrib.sessions.models import Session\n"
    "mine = UserSession.objects.filter(user__email='{email}')\n"
)
END = SESSIONS + "[session.end() for session in mine]"
AN_HOUR_AGO = SESSIONS + (
    "for row in Session.objects.filter(pk__in=mine.values('session_key')):\n"
    "    data = row.get_decoded()\n"
    "    for proof in data['account_authentication_methods']: proof['at'] -= 3600\n"
    "    row.session_data = Session.objects.encode(data); row.save()"
)
CLOSE = BEGIN + (
    "from ecabinet.accounts.models import User; User.objects.filter(email='{email}').update(is_active=False)"
)
LOOK = BEGIN + (
    "from ecabinet.accounts.models import User; User.objects.update(language='{lang}', theme='{theme}')"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("earnest"), **EARNEST) as served:
        yield served


@pytest.fixture(scope="module")
def meetings(site: Site) -> dict[str, int]:
    """Ids of the meeting that sits ``now`` and of the ``coming`` one; fills the site."""
    filling = Site(site.url, {**site.environment, "ECABINET_DEMO": "1"})
    found: dict[str, int] = json.loads(filling.python("-m", "tests.browser.earnest"))
    return found


@pytest.fixture
def browse(browse: Browse, meetings: dict[str, int]) -> Browse:
    return browse


def address(who: str) -> str:
    return f"{who}@example.vn"


def run(site: Site, script: str, who: str) -> None:
    site.python("-c", script.format(email=address(who)))


def enter(page: Page, who: str, password: str = PASSWORD) -> None:
    """Type address and password on the sign-in page, which is opened unless it is there."""
    if "/account/login/" not in page.url:
        page.goto("/account/login/")
    page.fill("[name=login]", address(who))
    page.fill("[name=password]", password)
    page.locator(".signin__password button[type=submit]").click()


def signed_in(browse: Browse, who: str, size: str = "desktop") -> Page:
    page = browse(size)
    page.set_default_timeout(PATIENCE_MS)
    enter(page, who)
    page.wait_for_url(f"{browse.site.url}/")
    return page


def leave(page: Page) -> None:
    page.goto("/account/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/account/login/")


def send(page: Page) -> None:
    page.locator("main form.stack-form button[type=submit]").click()


def virtual_key(page: Page) -> tuple[CDPSession, str]:
    """A device that confirms by itself, as a finger would."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM_KEY})[
        "authenticatorId"
    ]


def use_passkey(page: Page) -> None:
    page.locator("form[data-passkey] button[type=submit]").click()


def code_of(secret: str, step: int = 0) -> str:
    """What a code app shows now, or ``step`` half-minutes from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))


def mails(site: Site, who: str) -> list[Any]:
    """What came into somebody's mailbox, the oldest first."""
    folder = Path(site.environment["ECABINET_DATA_DIR"]) / "mail"
    parser = BytesParser(policy=policy.default)
    letters = [parser.parsebytes(file.read_bytes()) for file in sorted(folder.glob("*.log"))]
    return [letter for letter in letters if letter["To"] == address(who)]


def test_a_passkey_from_its_making_to_its_removal(site: Site, browse: Browse) -> None:
    page = signed_in(browse, "passkey")
    virtual_key(page)
    page.goto("/account/keys/")
    page.get_by_role("link", name="Tạo khóa trên máy này").click()
    use_passkey(page)
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes code")).to_have_count(10)
    page.goto("/account/keys/webauthn/")
    page.get_by_role("link", name="Đổi tên").click()
    page.fill("[name=name]", "Máy tính bảng")
    send(page)
    expect(page.locator(".key__what b")).to_have_text("Máy tính bảng")

    leave(page)
    page.goto("/account/login/?next=/account/sessions/")
    use_passkey(page)
    page.wait_for_url(f"{site.url}/account/sessions/")

    page.goto("/account/keys/webauthn/")
    page.locator(".key__do a", has_text="Bỏ").click()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.locator(".key")).to_have_count(0)
    # The device still has the key, and the page still knows where the person wanted to go.
    leave(page)
    page.goto("/account/login/?next=/account/sessions/")
    use_passkey(page)
    expect(page.locator(".toast--fail")).to_be_visible()
    assert page.url.endswith("/account/login/?next=%2Faccount%2Fsessions%2F")
    assert [letter["Subject"] for letter in mails(site, "passkey")] == [
        "E-Cabinet: đã thêm khóa truy cập",
        "E-Cabinet: đã xóa khóa truy cập",
    ]


def test_codes_of_an_app_and_for_the_day_it_is_lost(browse: Browse) -> None:
    page = signed_in(browse, "codes")
    page.goto("/account/keys/totp/activate/")
    page.fill("[name=code]", "000000")
    send(page)
    expect(page.locator(".field__error")).to_have_text("Mã sai hoặc đã hết hạn. Hãy nhập mã đang hiện.")
    secret = page.locator("code.secret").inner_text()
    page.fill("[name=code]", code_of(secret))
    send(page)
    page.wait_for_url("**/recovery-codes/")
    spare = page.locator(".codes code").first.inner_text()

    leave(page)
    enter(page, "codes")
    page.fill("[name=code]", "000000")
    send(page)
    expect(page.locator(".stack-form .field__error")).to_be_visible()
    # The code of now has been used already, and none counts twice.
    page.fill("[name=code]", code_of(secret, step=1))
    send(page)
    page.wait_for_url(f"{browse.site.url}/")

    leave(page)
    enter(page, "codes")
    page.fill("[name=code]", spare)
    send(page)
    page.wait_for_url(f"{browse.site.url}/")
    page.goto("/account/keys/totp/deactivate/")
    page.locator("main form .button--final").click()
    page.wait_for_url("**/account/keys/")
    leave(page)
    enter(page, "codes")
    page.wait_for_url(f"{browse.site.url}/")


def test_a_forgotten_password_is_set_by_the_link_in_the_mail(site: Site, browse: Browse) -> None:
    page = browse()
    page.goto("/account/password/reset/")
    page.fill("[name=email]", address("forgetful"))
    send(page)
    page.wait_for_url("**/reset/done/")
    letter = mails(site, "forgetful")[-1]
    assert letter["Subject"] == "E-Cabinet: đặt mật khẩu mới"
    (link,) = re.findall(rf"{site.url}\S+", letter.get_content())
    page.goto(link)
    for once, again, words in (
        ("ngắn", "ngắn", "Mật khẩu quá ngắn"),
        ("x" * 20, "y" * 20, "phải giống nhau"),
    ):
        page.fill("[name=password1]", once)
        page.fill("[name=password2]", again)
        send(page)
        expect(page.locator(".field__error")).to_contain_text(words)
    page.fill("[name=password1]", "nắng sớm bên hiên nhà")
    page.fill("[name=password2]", "nắng sớm bên hiên nhà")
    send(page)
    page.get_by_role("link", name="Đăng nhập").last.click()
    enter(page, "forgetful", "nắng sớm bên hiên nhà")
    page.wait_for_url(f"{site.url}/")
    leave(page)
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Liên kết này không dùng được nữa")


def test_another_device_is_signed_out_and_its_open_room_goes(
    browse: Browse, meetings: dict[str, int]
) -> None:
    phone, desktop = signed_in(browse, "second", "phone"), signed_in(browse, "second")
    for way in ("one", "password"):
        if "/login/" in phone.url:
            enter(phone, "second")
        phone.goto(f"/meetings/{meetings['now']}/live/")
        expect(phone.locator(".live-bar__link")).to_contain_text("Đã nối")
        if way == "one":
            desktop.goto("/account/sessions/")
            desktop.locator(".key form button").click()
            expect(desktop.locator(".toast")).to_contain_text("Đã đăng xuất thiết bị đó.")
        else:
            desktop.goto("/account/password/change/")
            desktop.fill("[name=oldpassword]", PASSWORD)
            desktop.fill("[name=password1]", "gió mùa về trên phố")
            desktop.fill("[name=password2]", "gió mùa về trên phố")
            send(desktop)
            expect(desktop.locator(".toast")).to_be_visible()
        phone.wait_for_url("**/account/login/**")


def test_a_closed_account_leaves_its_open_room(site: Site, browse: Browse, meetings: dict[str, int]) -> None:
    page = signed_in(browse, "chair")
    page.goto(f"/meetings/{meetings['now']}/live/")
    expect(page.locator(".live-bar__link")).to_contain_text("Đã nối")
    run(site, CLOSE, "chair")
    page.wait_for_url("**/account/login/**")


def test_step_up_before_a_ballot_comes_back_to_the_marked_choice(
    site: Site, browse: Browse, axe: Callable[[Page], list[str]], meetings: dict[str, int]
) -> None:
    page, room = signed_in(browse, "member", "phone"), f"/meetings/{meetings['now']}/live/"
    marked = page.locator(".vote[aria-pressed=true]")
    run(site, AN_HOUR_AGO, "member")
    page.goto(room)
    page.locator(".vote", has_text="Không tán thành").click()
    page.get_by_role("button", name="Bỏ phiếu: Không tán thành").click()
    page.wait_for_url("**/account/reauthenticate/**")
    assert axe(page) == []
    page.fill("[name=password]", "not it")
    send(page)
    expect(page.locator(".field__error")).to_contain_text("Mật khẩu không đúng.")
    page.fill("[name=password]", PASSWORD)
    send(page)
    page.wait_for_url(f"**{room}")
    expect(marked).to_have_text("Không tán thành")
    # The session ends while the choice is marked: signing in again in place brings it back.
    run(site, END, "member")
    page.wait_for_url("**/account/login/**")
    enter(page, "member")
    page.wait_for_url(f"**{room}")
    expect(marked).to_have_text("Không tán thành")
    page.get_by_role("button", name="Bỏ phiếu: Không tán thành").click()
    expect(page.locator(".receipt__title")).to_have_text("Phiếu đã được ghi nhận")


def choose_the_last(page: Page) -> None:
    page.goto("/sign/")
    page.locator("[name=request]").first.uncheck()
    page.locator(".tray__act button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Ký 1 hồ sơ một lần", timeout=120_000)


def test_a_pin_is_set_after_a_step_up_and_signs_what_was_chosen(site: Site, browse: Browse) -> None:
    page = signed_in(browse, "member", "phone")
    with site.parts("signer"):
        choose_the_last(page)
        page.locator("main").get_by_role("link", name="Khóa và mã").click()
        run(site, AN_HOUR_AGO, "member")
        page.get_by_role("link", name="Đặt mã PIN").click()
        page.wait_for_url("**/account/reauthenticate/**")
        page.fill("[name=password]", "not it")
        send(page)
        page.fill("[name=password]", PASSWORD)
        send(page)
        page.wait_for_url("**/account/keys/pin/")
        for name in ("pin", "again"):
            page.fill(f"[name={name}]", "280619")
        send(page)
        page.wait_for_url("**/account/keys/")
        choose_the_last(page)
        page.fill("[name=pin]", "280618")
        page.get_by_role("button", name="Ký bằng mã PIN").click()
        expect(page.get_by_role("alert")).to_contain_text("Mã PIN không đúng")
        page.fill("[name=pin]", "280619")
        page.get_by_role("button", name="Ký bằng mã PIN").click()
        expect(page.locator(".result--ok .result__title")).to_have_text("Văn bản 2")
    page.goto("/sign/")
    expect(page.locator(".dossier__title")).to_have_text("Văn bản 1")


@pytest.mark.parametrize("form", ["position", "return"])
def test_what_was_typed_survives_the_end_of_a_session(
    site: Site, browse: Browse, meetings: dict[str, int], form: str
) -> None:
    """A part sent by htmx and a plain form: a sentence, sign in in a new window, Back, send."""
    pages = {"position": f"/meetings/{meetings['coming']}/", "return": "/sign/?look=1"}
    box = {"position": ".stance__box:has([name=stance])", "return": ".tray__return"}[form]
    page = signed_in(browse, "member")
    page.goto(pages[form])
    page.locator(f"{box} > summary").click()
    if form == "position":
        page.locator("[name=stance]").last.check()
    page.locator(f"{box} textarea").fill("Cần làm rõ nguồn kinh phí.")
    run(site, END, "member")
    page.locator(f"{box} button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Phiên làm việc đã kết thúc")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập trong cửa sổ mới").click()
    enter(opened.value, "member")
    opened.value.wait_for_url(f"{site.url}/")
    page.get_by_role("link", name="Quay lại").click()
    expect(page.locator(f"{box} textarea")).to_be_visible()
    expect(page.locator(f"{box} textarea")).to_have_value("Cần làm rõ nguồn kinh phí.")
    page.locator(f"{box} button[type=submit]").click()
    if form == "position":
        expect(page.locator(".stance__said")).to_have_text("Cần làm rõ nguồn kinh phí.")
    else:
        page.wait_for_url("**/sign/")


def test_a_conclusion_survives_the_end_of_a_session(browse: Browse, meetings: dict[str, int]) -> None:
    page, desk = signed_in(browse, "clerk"), f"/meetings/{meetings['now']}/desk/"
    page.goto(desk)
    words = page.locator(".live-desk textarea, textarea").first
    # From here on the server does not know the person any more, whatever is sent.
    page.context.clear_cookies(name="sessionid")
    words.fill("Thống nhất thông qua, giao Bộ Y tế hoàn thiện.")
    page.wait_for_url("**/account/login/**")
    enter(page, "clerk")
    page.wait_for_url(f"**{desk}")
    expect(words).to_have_value("Thống nhất thông qua, giao Bộ Y tế hoàn thiện.")


@pytest.fixture(scope="module")
def keys_state(site: Site, chromium: Browser, meetings: dict[str, int]) -> Any:
    """Cookies of a browser whose person has a passkey, a code app and recovery codes."""
    opened = Browse(chromium, site)
    page = signed_in(opened, "keys")
    virtual_key(page)
    page.goto("/account/keys/webauthn/add/")
    use_passkey(page)
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/keys/totp/activate/")
    page.fill("[name=code]", code_of(page.locator("code.secret").inner_text()))
    send(page)
    page.wait_for_url("**/account/keys/")
    state = page.context.storage_state()
    page.context.close()
    return state


OWN = (
    "keys/",
    "keys/webauthn/",
    "keys/webauthn/add/",
    "keys/webauthn/keys/{key}/edit/",
    "keys/webauthn/keys/{key}/remove/",
    "keys/totp/deactivate/",
    "keys/recovery-codes/",
    "keys/recovery-codes/generate/",
    "keys/reauthenticate/",
    "keys/webauthn/reauthenticate/",
    "reauthenticate/",
    "password/change/",
    "sessions/",
    "logout/",
)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_pages_of_keys_and_codes_are_accessible(
    browse: Browse, axe: Callable[[Page], list[str]], keys_state: Any, lang: str, theme: str
) -> None:
    browse.site.python("-c", LOOK.format(lang=lang, theme=theme))
    page = browse("phone", lang=lang, theme=theme, storage_state=keys_state)
    page.goto("/account/keys/webauthn/")
    rename = page.locator(".key__do a").first.get_attribute("href") or ""
    wrong = []
    for path in OWN:
        page.goto("/account/" + path.format(key=re.findall(r"/(\d+)/", rename)[0]))
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("html").get_attribute("data-theme") == theme
        wrong += [f"{path} {found}" for found in axe(page)]
        wrong += [f"{path} is wider than a phone"] if page.evaluate(TOO_WIDE) else []
    stranger = browse("phone", lang=lang, theme=theme)
    enter(stranger, "keys")
    stranger.wait_for_url("**/account/keys/authenticate/")
    wrong += [f"second step {found}" for found in axe(stranger)]
    assert wrong == []
