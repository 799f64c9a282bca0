"""Fills a site that is not a demo with a minister and 200 dossiers.

Demo mode is on only while it fills, for the certificate.
"""

from __future__ import annotations

import django

from tests.browser.earnest import PASSWORD

DOSSIERS = 200
MINISTER = "minister@example.vn"


def main() -> None:
    django.setup()
    from django.utils import translation

    from ecabinet.accounts.models import User
    from ecabinet.common import blobs
    from signing import actions
    from signing.enums import Urgency
    from tests.load.trays import two_pages, variants

    with translation.override("vi"):
        minister = User.objects.create_user(MINISTER, PASSWORD, full_name="Đặng Quỳnh Chi")
        actions.issue_demo_certificate(actor=None, user=minister)
        for number, data in enumerate(variants(two_pages(), DOSSIERS)):
            actions.request_signature(
                actor=None,
                signer=minister,
                kind="test",
                subject=f"test:{number}",
                reference=f"{1800 + number}/BYT-KCB",
                title=f"Hướng dẫn thu dung, điều trị sốt xuất huyết tại tuyến xã, đợt {number}",
                sender="Cục Quản lý Khám, chữa bệnh",
                urgency=Urgency.EXPRESS if number < 3 else Urgency.NORMAL,
                sha256=blobs.put_bytes(data),
            )


if __name__ == "__main__":
    main()
