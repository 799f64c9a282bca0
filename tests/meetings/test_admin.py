"""The clerk's administration: every page opens, in both languages, and writes go through actions."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from tests import cast as casting
from tests.cast import Cast


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return casting.client(cast.clerk)


@pytest.fixture
def prepared(cast: Cast, meeting: Meeting, tmp_path: Path) -> Meeting:
    casting.complete(cast, casting.item(cast, meeting), tmp_path)
    return meeting


def pages(meeting: Meeting) -> list[str]:
    item = meeting.items.get()
    dossier = item.dossier
    return [
        reverse("wagtailadmin_home"),
        *(reverse(f"{name}:index") for name in ("meetings", "dossiers", "bodies")),
        *(reverse(f"{name}:index") for name in ("persons", "agencies", "positions", "appointments")),
        *(reverse(f"{name}:add") for name in ("meetings", "dossiers", "bodies", "positions", "appointments")),
        f"{reverse('items:add')}?meeting={meeting.pk}",
        reverse("meetings:edit", args=[meeting.pk]),
        reverse("items:edit", args=[item.pk]),
        reverse("dossiers:edit", args=[dossier.pk]),
        reverse("bodies:edit", args=[meeting.body_id]),
        reverse("meetings_board", args=[meeting.pk]),
        reverse("meetings_distribute", args=[meeting.pk]),
        reverse("meetings_cancel", args=[meeting.pk]),
        reverse("meetings_preview", args=[meeting.pk]),
        reverse("meetings_reading", args=[meeting.pk]),
        reverse("meetings_reading_index"),
        reverse("meetings_papers", args=[dossier.pk]),
        reverse("meetings:history", args=[meeting.pk]),
        reverse("person_chooser:choose"),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens(cast: Cast, clerk: Client, prepared: Meeting, language: str) -> None:
    cast.clerk.language = language
    cast.clerk.save()
    bad = {}
    for page in pages(prepared):
        answer = clerk.get(page)
        if answer.status_code != 200:
            bad[page] = answer.status_code
    assert bad == {}
