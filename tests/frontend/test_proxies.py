"""A member gives the own vote away on the meeting's page, and takes it back, without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.models import Proxy
from tests import cast as casting
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    made = Room(tmp_path)
    made.cast.body.proxies = 1
    made.cast.body.save()
    return made


def test_give_and_take_back(room: Room) -> None:
    browser, page = casting.client(room.cast.second), f"/meetings/{room.meeting.pk}/"
    form = browser.get(page).content.decode()
    acting = room.cast.body.memberships.get(user=room.cast.member)
    assert f'value="{acting.pk}"' in form
    answer = browser.post(f"{page}proxy/", {"acting": acting.pk})
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#proxy")
    proxy = Proxy.objects.get()
    assert (proxy.acting, proxy.given_by, proxy.note) == (acting, room.cast.second, "")
    assert "<b>Member</b>" in browser.get(page).content.decode()
    assert "<b>Second</b>" in casting.client(room.cast.member).get(page).content.decode()
    browser.post(f"{page}proxy/", {"end": proxy.pk})
    proxy.refresh_from_db()
    assert proxy.revoked_at is not None


def test_a_refusal_stands_on_the_page(room: Room) -> None:
    browser, page = casting.client(room.cast.second), f"/meetings/{room.meeting.pk}/"
    own = room.cast.body.memberships.get(user=room.cast.second)
    answer = browser.post(f"{page}proxy/", {"acting": own.pk})
    assert answer.status_code == 400
    assert "không ai tự ủy quyền cho mình" in answer.content.decode()
    for sent in ({}, {"acting": "x"}, {"acting": "-1"}, {"acting": "²"}):
        assert browser.post(f"{page}proxy/", sent).status_code == 404
    assert not Proxy.objects.exists()


def test_where_the_body_allows_none_nothing_is_offered(room: Room) -> None:
    room.cast.body.proxies = 0
    room.cast.body.save()
    page = casting.client(room.cast.second).get(f"/meetings/{room.meeting.pk}/").content.decode()
    assert "/proxy/" not in page
