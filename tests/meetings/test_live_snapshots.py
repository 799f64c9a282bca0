"""Frames: drawn once for many who ask at once, never older than what was committed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.db import connections

from ecabinet.accounts import actions as positions
from ecabinet.accounts.enums import AgencyKind, Duty
from ecabinet.accounts.models import Agency, User
from meetings import snapshots
from meetings.actions.bodies import add_member
from meetings.enums import MeetingState, MembershipRole
from meetings.models import Meeting, Membership
from meetings.permissions import can_read_meeting, can_vote, readers_of, voters_of
from meetings.projection import seat_label
from meetings.queries.live import Head
from tests import cast as casting
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_who_ask_at_once_get_the_same_bytes(tmp_path: Path) -> None:
    snapshots._newest.clear()
    room = Room(tmp_path)
    room.begin()

    def ask(_number: int) -> tuple[Head, bytes]:
        try:
            return snapshots.frame_of(room.meeting.pk, "observer")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(ask, range(24)))
    assert len({id(frame) for _head, frame in frames}) == 1
    room.do("end_item", item_id=room.item.pk)
    head, newer = snapshots.frame_of(room.meeting.pk, "observer")
    assert head.seq == frames[0][0].seq + 1
    assert newer != frames[0][1]


@pytest.mark.parametrize(
    ("office", "sign"),
    [
        ("Thủ tướng", "TTg"),
        ("Phó Thủ tướng", "PTTg"),
        ("Tổng Thanh tra", "TTT"),
        ("", ""),
    ],
)
def test_an_office_without_an_agency_is_a_short_sign_in_a_seat(office: str, sign: str) -> None:
    assert seat_label(office, None) == sign


def test_all_readers_at_once_are_those_who_may_read_each(tmp_path: Path) -> None:
    room = Room(tmp_path)
    cast, meeting = room.cast, Meeting.objects.select_related("body__agency").get(pk=room.meeting.pk)
    parent = positions.create_agency(
        actor=cast.manager, code="G0", name="Trên", name_en="Above", kind=AgencyKind.OFFICE
    )
    Agency.objects.filter(pk=cast.government.pk).update(parent=parent)
    for number, agency in enumerate((cast.government, parent, cast.ministry)):
        clerk = casting.person(f"Clerk {number}")
        desk = positions.create_position(
            actor=cast.manager, agency=agency, title="Chuyên viên", duty=Duty.SECRETARIAT
        )
        positions.appoint(actor=cast.manager, user=clerk, position=desk, starts_on=casting.LONG_AGO)
    people = {
        role: casting.person(f"Person {role}") for role in (MembershipRole.SECRETARY, MembershipRole.OBSERVER)
    }
    for role, user in people.items():
        add_member(
            actor=cast.manager, body=cast.body, user=user, role=role, seniority=9, starts_on=casting.LONG_AGO
        )
    Membership.objects.filter(user=cast.second).update(ends_on=date(2021, 1, 1))
    for state in (MeetingState.IN_SESSION, MeetingState.PREPARING):
        Meeting.objects.filter(pk=meeting.pk).update(state=state)
        meeting = Meeting.objects.select_related("body__agency").get(pk=meeting.pk)
        alone = {user.pk for user in User.objects.all() if can_read_meeting(user, meeting)}
        assert readers_of(meeting) == alone
        assert voters_of(meeting) == {user.pk for user in User.objects.all() if can_vote(user, meeting)}
    assert len(alone) == 4  # the clerk, those above and beside, the secretary
