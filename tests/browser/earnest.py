"""Fills a site that is not a demo: the small cast with passwords, an open poll, two papers to sign.

Demo mode is on only while it fills, for its certificates. Prints the ids the tests need as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import django

PASSWORD = "mưa rào trên mái ngói"


def main() -> None:
    django.setup()
    from django.utils import translation

    from ecabinet.accounts.models import User
    from ecabinet.common import blobs
    from meetings.actions.distribution import distribute
    from signing import actions as signing
    from tests import cast as casting
    from tests.meetings.live_room import Room
    from tests.signing.conftest import printed

    with translation.override("vi"), tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        room.begin()
        for user in User.objects.all():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        member = room.cast.member
        signing.issue_demo_certificate(actor=None, user=member)
        for number in (1, 2):
            signing.request_signature(
                actor=None,
                signer=member,
                kind="test",
                subject=f"test:{number}",
                title=f"Văn bản {number}",
                sha256=blobs.put_bytes(printed(f"{number}/NQ-CP")),
            )
        coming = casting.meeting(room.cast, days=5)
        casting.complete(room.cast, casting.item(room.cast, coming), Path(folder))
        distribute(actor=room.cast.clerk, meeting=coming)
        found = {"meeting": room.meeting.pk, "coming": coming.pk, "poll": room.open_poll()}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
