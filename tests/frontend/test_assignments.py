"""Tasks on screens: given from a conclusion, reported on, answered; what was typed is never lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ecabinet.common import clock
from frontend.queries.today import today_of
from meetings.actions import assignments
from meetings.enums import AssignmentState
from meetings.models import Assignment
from tests.cast import client
from tests.meetings.live_room import Room
from tests.meetings.test_assignments import Work, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(db: None, tmp_path: Path) -> Work:
    return Work(Room(tmp_path))


def post(user: Any, path: str, **data: Any) -> Any:
    return client(user).post(path, data)


def test_a_task_is_given_from_the_conclusion(work: Work) -> None:
    address = f"/items/{work.room.item.pk}/assignments/"
    page = client(work.cast.clerk).get(address).content.decode()
    assert "Giao Bộ Y tế hoàn thiện." in page
    words = {"text": "Trình dự thảo", "owner": work.cast.ministry.pk, "due_on": in_days(9).isoformat()}
    refused = post(work.cast.clerk, address, **{**words, "due_on": "2020-01-01"})
    assert refused.status_code == 400
    assert "Trình dự thảo" in refused.content.decode()
    assert post(work.cast.clerk, address, **{**words, "due_on": "mai"}).status_code == 422
    assert post(work.cast.clerk, address, **words).status_code == 302
    assert "Trình dự thảo" in client(work.cast.clerk).get(address).content.decode()
    assert client(work.cast.member).get(address).status_code == 404
    assert Assignment.objects.count() == 1


def test_an_item_without_conclusion_says_what_to_do_first(work: Work) -> None:
    page = client(work.cast.clerk).get(f"/items/{work.room.other.pk}/assignments/").content.decode()
    assert 'name="due_on"' not in page


def test_the_owner_reports_and_the_desk_answers(work: Work) -> None:
    task = work.give()
    address = f"/assignments/{task.pk}/"
    own = client(work.official).get(address).content.decode()
    assert f"{address}report/" in own
    assert f"{address}close/" not in own
    desk = client(work.cast.clerk).get(address).content.decode()
    assert f"{address}report/" not in desk
    assert f"{address}close/" in desk
    assert post(work.official, f"{address}report/", text="Đã trình.").status_code == 302
    refused = post(work.cast.clerk, f"{address}send-back/", note="")
    assert refused.status_code == 400
    assert post(work.cast.clerk, f"{address}accept/", note="").status_code == 302
    task.refresh_from_db()
    assert task.state == AssignmentState.ACCEPTED
    assert client(work.cast.outsider).get(address).status_code == 404
    assert post(work.cast.clerk, f"{address}explode/").status_code == 404


def test_a_refused_request_for_time_keeps_its_words(work: Work) -> None:
    task = work.give()
    address = f"/assignments/{task.pk}/extend/"
    for until in ("", "hôm nay", in_days(1).isoformat()):
        refused = post(work.official, address, until=until, reason="Chờ ý kiến Bộ Tư pháp")
        assert refused.status_code == 400
        assert "Chờ ý kiến Bộ Tư pháp" in refused.content.decode()
    assert post(work.official, address, until=in_days(30).isoformat(), reason="Chờ").status_code == 302
    assert post(work.cast.clerk, f"/assignments/{task.pk}/refuse/", note="Đủ rồi").status_code == 302
    assert "Đủ rồi" in client(work.official).get(f"/assignments/{task.pk}/").content.decode()


def test_the_list_begins_with_what_is_overdue_longest(work: Work) -> None:
    for text, days in (("nhiệm vụ A", 3), ("nhiệm vụ B", 1), ("nhiệm vụ C", 30)):
        work.give(text=text, days=days)
    with clock.starting_at(clock.now() + timedelta(days=6)):
        page = client(work.official).get("/assignments/?own").content.decode()
        places = [page.index(f"nhiệm vụ {name}") for name in "BAC"]
        assert places == sorted(places)
        assert 'id="late"' in page
    assert "nhiệm vụ A" not in client(work.cast.outsider).get("/assignments/").content.decode()


def test_today_shows_tasks_to_those_concerned(work: Work) -> None:
    task = work.give()
    assert today_of(work.official).tasks == (task,)
    assert today_of(work.cast.clerk).tasks == ()
    assert f"/assignments/{task.pk}/" in client(work.official).get("/").content.decode()
    assignments.ask_for_time(actor=work.official, assignment=task, until=in_days(30), reason="Chờ")
    assert today_of(work.cast.clerk).tasks == (task,)
    assignments.report(actor=work.official, assignment=task, text="Xong")
    assert (today_of(work.official).tasks, today_of(work.cast.clerk).tasks) == ((), (task,))
    assert today_of(work.cast.member).tasks == ()
