"""The sheet of a roll call as a page: printed, entered, compared, confirmed; a refusal loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from meetings.models import Membership, RollCall
from tests import cast as casting
from tests.meetings.live_room import Room
from voting.models import Poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None, tmp_path: Path) -> Room:
    made = Room(tmp_path)
    made.begin()
    return made


def form(room: Room, browser: Any) -> dict[str, str]:
    """The fields of the empty sheet with an answer for everybody."""
    page = browser.get(f"/items/{room.item.pk}/roll-call/")
    shown = page.context["sheet"]
    marks = {f"answer-{line.member.pk}": "for" for line in shown.lines}
    return {"deed": "enter", "question": shown.question, "held_at": shown.held_at, **marks}


def test_the_sheet_has_the_names_in_order_with_a_box_for_each_answer(room: Room) -> None:
    answer = casting.client(room.cast.clerk).get(f"/items/{room.item.pk}/roll-call/")
    page = answer.content.decode().partition("roll-call__list")[2]
    assert page.index("<b>Chair") < page.index("<b>Member") < page.index("<b>Second")
    # Three choices of the rule, no answer, absent, takes no part.
    assert page.count('type="radio"') == 3 * 6


def test_one_enters_the_other_confirms(room: Room) -> None:
    clerk, chair = casting.client(room.cast.clerk), casting.client(room.cast.chair)
    address = f"/items/{room.item.pk}/roll-call/"
    room.meeting.refresh_from_db()
    words = form(room, clerk)
    # The field counts minutes: the sitting of the test began in this very one.
    words["held_at"] = _next_minute(room)
    assert clerk.post(address, words).status_code == 302
    digest = RollCall.objects.get().digest
    assert digest not in clerk.get(address + "?edit=1").content.decode()
    assert 'value="confirm"' not in clerk.get(address).content.decode()
    assert 'value="confirm"' in chair.get(address).content.decode()
    refused = clerk.post(address, {"deed": "confirm", "digest": digest})
    assert refused.status_code == 403
    assert chair.post(address, {"deed": "confirm", "digest": digest}).status_code == 302
    assert Poll.objects.get().verdict["in_favour"] == 3


def _next_minute(room: Room) -> str:
    """Moves the opening back, so that the present minute lies within the sitting."""
    from datetime import timedelta

    from ecabinet.common import clock
    from frontend.queries.roll_call import as_field

    room.meeting.started_at = clock.now() - timedelta(hours=1)
    room.meeting.save(update_fields=["started_at"])
    return as_field(clock.now())


def test_a_refusal_brings_back_what_was_typed(room: Room) -> None:
    clerk = casting.client(room.cast.clerk)
    words = {**form(room, clerk), "held_at": "", "question": "Câu hỏi khác"}
    answer = clerk.post(f"/items/{room.item.pk}/roll-call/", words)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Câu hỏi khác" in page
    assert page.partition("roll-call__list")[2].count(" checked") == 3
    assert not RollCall.objects.exists()


def test_who_takes_no_part_is_marked_beforehand(room: Room) -> None:
    room.do("declare_recusal", room.cast.member, item_id=room.item.pk, reason="other")
    page = casting.client(room.cast.clerk).get(f"/items/{room.item.pk}/roll-call/")
    marked = {line.member.pk: line.answer for line in page.context["sheet"].lines if line.answer}
    assert marked == {Membership.objects.get(user=room.cast.member).pk: "recused"}


def test_members_have_no_such_page(room: Room) -> None:
    assert casting.client(room.cast.member).get(f"/items/{room.item.pk}/roll-call/").status_code == 404
