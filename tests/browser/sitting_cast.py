"""Fills a site with a chair, a clerk and eight members, two items with papers, and everybody signed in.

Prints as JSON the meeting's id, the items' ids and, by person, a session's key and the mandate's id.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from ecabinet.accounts.models import User

OTHERS = ("Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")
TITLES = ("Nghị quyết về an ninh nguồn nước", "Nghị quyết về nhà ở xã hội")


def main() -> None:
    django.setup()
    from django.utils import translation

    from meetings.actions import bodies, distribution
    from meetings.models import Membership
    from tests import cast as casting

    with translation.override("vi"), tempfile.TemporaryDirectory() as folder:
        cast = casting.assemble()
        users = {"clerk": cast.clerk, "chair": cast.chair, "member": cast.member, "second": cast.second}
        for place, name in enumerate(OTHERS, start=3):
            users[name.lower()] = casting.person(name)
            bodies.add_member(
                actor=cast.manager,
                body=cast.body,
                user=users[name.lower()],
                role="member",
                seniority=place,
                starts_on=casting.LONG_AGO,
            )
        meeting = casting.meeting(cast, days=0)
        items = [casting.item(cast, meeting, title) for title in TITLES]
        for item in items:
            casting.complete(cast, item, Path(folder))
        distribution.distribute(actor=cast.clerk, meeting=meeting, note="Họp gấp.")
    mandates = dict(Membership.objects.values_list("user_id", "pk"))
    people = {
        name: {"session": signed_in(user), "mandate": mandates.get(user.pk)} for name, user in users.items()
    }
    found = {"meeting": meeting.pk, "items": [item.pk for item in items], "people": people}
    sys.stdout.write(json.dumps(found))


def signed_in(user: User) -> str:
    """The key of a session in which this person has just entered, as by a role card."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    from ecabinet.accounts.stepup import DEMO_METHOD
    from ecabinet.demo.views import BACKEND

    request = RequestFactory().get("/")
    request.session = SessionStore()
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method=DEMO_METHOD, reauthenticated=True)
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    main()
