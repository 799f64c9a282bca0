"""Fills a site with the small cast and a meeting whose papers are out. Prints the meeting's id."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import django

# Card of the demo → the person of the cast who sits there.
SEATS = {"thu-tuong": "chair", "y-te": "member", "tai-chinh": "second", "thu-ky": "clerk"}


def main() -> None:
    django.setup()
    from django.utils import translation

    from ecabinet.accounts.models import User
    from ecabinet.demo.cards import DOMAIN
    from meetings.actions import distribution
    from tests import cast as casting

    with translation.override("vi"), tempfile.TemporaryDirectory() as folder:
        cast = casting.assemble()
        for login, seat in SEATS.items():
            User.objects.filter(pk=getattr(cast, seat).pk).update(email=f"{login}@{DOMAIN}")
        meeting = casting.meeting(cast, days=0)
        for title in ("Nghị quyết về an ninh nguồn nước", "Nghị quyết về nhà ở xã hội"):
            casting.complete(cast, casting.item(cast, meeting, title), Path(folder))
        distribution.distribute(actor=cast.clerk, meeting=meeting, note="Họp gấp.")
    sys.stdout.write(str(meeting.pk))


if __name__ == "__main__":
    main()
