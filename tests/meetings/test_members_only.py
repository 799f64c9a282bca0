"""Items for members only: invitees, observers and the wall learn that something is dealt with, not what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meetings import snapshots
from meetings.actions import bodies, live
from meetings.enums import MembershipRole
from meetings.live_access import Refused, Visitor, refusal
from meetings.live_types import Audience
from meetings.models import AgendaItem, DocumentVersion
from meetings.permissions import can_read_version
from meetings.projection import live_state
from meetings.queries import programme
from meetings.queries.decisions import visible_decisions
from tests import cast as casting
from tests.cast import LONG_AGO
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db
NAME = "Dự thảo Nghị quyết"
HINT = "Nội dung chỉ dành cho thành viên"


@pytest.fixture
def room(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """The outsider is invited and gets the papers of the meeting; its first item is for members only."""
    snapshots._newest.clear()  # ids come again when a test's rows are rolled back
    assemble = casting.assemble

    def with_guest() -> casting.Cast:
        cast = assemble()
        bodies.add_member(
            actor=cast.manager,
            body=cast.body,
            user=cast.outsider,
            role=MembershipRole.INVITEE,
            starts_on=LONG_AGO,
        )
        return cast

    monkeypatch.setattr(casting, "assemble", with_guest)
    made = Room(tmp_path)
    AgendaItem.objects.filter(pk=made.item.pk).update(restricted=True, conclusion="Giao Bộ Y tế")
    made.begin()
    return made


def told(room: Room, audience: Audience) -> str:
    return json.dumps(live_state(room.meeting, audience), ensure_ascii=False)


@pytest.mark.parametrize("audience", ["observer", "projector"])
def test_other_screens_show_a_placeholder_and_no_vote(room: Room, audience: Audience) -> None:
    poll = room.open_poll()
    live.cast_ballot(actor=room.cast.member, meeting_id=room.meeting.pk, poll_id=poll, choice="for", key="k")
    for _closed in (False, True):
        state = live_state(room.meeting, audience)
        assert (state["poll"], state["polls"]) == (None, [])
        assert state["current"] is not None
        assert (state["current"]["title"], state["current"]["papers"]) == (HINT, [])
        assert state["programme"][0]["outcome"] is None
        for secret in (NAME, "Bộ Y tế"):
            assert secret not in json.dumps(state["programme"][0], ensure_ascii=False)
            assert secret not in json.dumps(state["current"], ensure_ascii=False)
        if not _closed:
            room.do("close_poll", poll_id=poll)
    assert "Nội dung khác" in told(room, audience)


@pytest.mark.parametrize("audience", ["member", "desk"])
def test_members_and_the_desk_see_it(room: Room, audience: Audience) -> None:
    room.open_poll()
    state = live_state(room.meeting, audience)
    assert state["poll"] is not None
    assert NAME in told(room, audience)


def test_a_guest_cannot_ask_for_what_members_see(room: Room) -> None:
    guest, url = casting.client(room.cast.outsider), f"/api/v1/meetings/{room.meeting.pk}/state?audience="
    assert guest.get(url + "member").status_code == 403
    assert guest.get(url + "desk").status_code == 403
    shown = guest.get(url + "observer")
    assert shown.status_code == 200
    assert NAME not in shown.content.decode()
    assert casting.client(room.cast.member).get(url + "member").status_code == 200
    assert casting.client(room.cast.clerk).get(url + "member").status_code == 200


def test_nor_by_a_socket(room: Room) -> None:
    key = casting.client(room.cast.outsider).session.session_key
    answers = {
        name: refusal(Visitor(str(key), room.meeting.pk, name)) for name in ("member", "observer", "desk")
    }
    assert answers == {"member": Refused.NO_ACCESS, "observer": None, "desk": Refused.NO_ACCESS}


def test_its_papers_and_its_name_are_on_no_page_of_a_guest(room: Room) -> None:
    guest, cast = casting.client(room.cast.outsider), room.cast
    versions = list(DocumentVersion.objects.all())
    assert not any(can_read_version(cast.outsider, version) for version in versions)
    assert all(can_read_version(user, versions[0]) for user in (cast.member, cast.clerk, cast.chair))
    assert guest.get(f"/papers/{versions[0].pk}/file").status_code == 404
    meeting = room.meeting.pk
    for page in (f"/meetings/{meeting}/", f"/meetings/{meeting}/live/", f"/meetings/{meeting}/wall/", "/"):
        answer = guest.get(page)
        assert answer.status_code == 200
        assert NAME not in answer.content.decode()
        assert "Giao Bộ Y tế" not in answer.content.decode()
    assert HINT in guest.get(f"/meetings/{meeting}/").content.decode()
    assert [row.title for row in programme(room.meeting, cast.outsider).items] == [HINT, "Nội dung khác"]
    assert programme(room.meeting, cast.member).items[0].title == NAME
    assert not visible_decisions(cast.outsider).exists()


def test_who_reports_on_it_reads_its_papers(room: Room) -> None:
    version = DocumentVersion.objects.all()[0]
    AgendaItem.objects.filter(pk=room.item.pk).update(rapporteur=room.cast.outsider)
    assert can_read_version(room.cast.outsider, version)
