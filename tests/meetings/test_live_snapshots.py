"""Frames: drawn once for many who ask at once, never older than what was committed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from meetings import snapshots
from meetings.projection import seat_label
from meetings.queries.live import Head
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
