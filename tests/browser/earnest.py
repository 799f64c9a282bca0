"""Fills a site that is not a demo: the small cast and some more people, all with one password; a poll that
is open, a meeting to come, two papers to sign.

Demo mode is on only while it fills, for its certificates. Prints the ids of both meetings as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import django

PASSWORD = "mưa rào trên mái ngói"
# One person for each story, so that no story meets what another one left.
PEOPLE = ("Passkey", "Codes", "Forgetful", "Keys")


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
        for name in PEOPLE:
            casting.person(name)
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
        room.open_poll()
        found = {"now": room.meeting.pk, "coming": coming.pk}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
