"""What hands do in the live room, and what the desk does over the API when it is not the point of a test."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

COUNTED = "Phiếu đã được ghi nhận"
_SEND = """async ([path, body]) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const api = JSON.parse(document.getElementById("live-config").textContent).api;
  const answer = await fetch(api + path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": token,
      "Idempotency-Key": `${Math.random()}`,
    },
  });
  return {status: answer.status, ...(await answer.json())};
}"""


def face(page: Page) -> Locator:
    return page.locator(".ballot__state")


def choice(page: Page, words: str) -> Locator:
    return face(page).get_by_role("button", name=words, exact=True)


def cast(page: Page, words: str) -> None:
    choice(page, words).click()
    face(page).get_by_role("button", name=f"Bỏ phiếu: {words}").click()
    shows_ballot(page, words)


def shows_ballot(page: Page, words: str) -> None:
    expect(face(page).get_by_text(COUNTED)).to_be_visible()
    expect(face(page).locator(".receipt__facts dd").first).to_have_text(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def send(page: Page, path: str, /, **body: object) -> Any:
    """A command of this meeting from the page's own session; what the API answered, with its status."""
    return page.evaluate(_SEND, [path, body])
