"""Fills a site that is not a demo with a ministry, its minister, registration officers and three papers.

``python -m tests.browser.device_cast`` fills; with ``issue`` the officers approve and issue what waits. Demo
mode is on only while this runs, for its authority.
"""

from __future__ import annotations

import sys

import django

from tests.browser.earnest import PASSWORD

MINISTER, PIN, PAPERS = "minister@example.vn", "280619", 3


def fill() -> None:
    from ecabinet.accounts import pins
    from ecabinet.common import blobs
    from signing import actions
    from tests.load.trays import two_pages, variants
    from tests.signing.register_cast import assemble

    minister = assemble().minister
    minister.set_password(PASSWORD)
    minister.save(update_fields=["password"])
    pins.set_pin(actor=minister, pin=PIN)
    for number, data in enumerate(variants(two_pages(), PAPERS)):
        actions.request_signature(
            actor=None,
            signer=minister,
            kind="test",
            subject=f"test:{number}",
            title=f"Văn bản {number}",
            sha256=blobs.put_bytes(data),
        )


def issue() -> None:
    from ecabinet.accounts.models import User
    from signing import actions
    from signing.models import CertificateRequest

    officers = [User.objects.get(email=f"{name}@example.vn") for name in ("first", "second")]
    for waiting in CertificateRequest.objects.filter(state="requested"):
        actions.approve_request(actor=officers[0], request_id=waiting.pk)
        actions.issue_certificate(actor=officers[1], request_id=waiting.pk)


if __name__ == "__main__":
    django.setup()
    from django.utils import translation

    with translation.override("vi"):
        issue() if sys.argv[1:] == ["issue"] else fill()
