"""Tasks from a conclusion: who gives, reports, prolongs and settles them, and what is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ecabinet.accounts import actions as accounts
from ecabinet.accounts.enums import AgencyKind
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import assignments
from meetings.enums import AssignmentState, ExtensionState, ItemKind, ReportState
from meetings.models import Assignment
from tests import cast as casting
from tests.meetings.live_room import Room

pytestmark = pytest.mark.django_db


class Work:
    """A sitting with a conclusion, and an official of the ministry that has to act on it."""

    def __init__(self, room: Room) -> None:
        self.room, self.cast = room, room.cast
        room.begin()
        room.do("record_conclusion", item_id=room.item.pk, text="Giao Bộ Y tế hoàn thiện.")
        room.item.refresh_from_db()
        self.official = self.appointed("Official", self.cast.ministry)

    def appointed(self, name: str, agency: Any) -> User:
        person = casting.person(name)
        position = accounts.create_position(
            actor=self.cast.manager, agency=agency, title=f"Chuyên viên {name}"
        )
        accounts.appoint(actor=self.cast.manager, user=person, position=position, starts_on=casting.LONG_AGO)
        return person

    def give(self, *, days: int = 10, **words: Any) -> Assignment:
        given = {
            "actor": self.cast.clerk,
            "item": self.room.item,
            "text": "Hoàn thiện dự thảo.",
            "owner": self.cast.ministry,
            "due_on": in_days(days),
        }
        return assignments.assign(**{**given, **words})

    def do(self, name: str, actor: User, assignment: Assignment, **words: Any) -> Any:
        return getattr(assignments, name)(actor=actor, assignment=assignment, **words)


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@pytest.fixture
def work(db: None, tmp_path: Path) -> Work:
    return Work(Room(tmp_path))


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        act()
    assert str(caught.value)
    return caught.value.code


def test_a_task_is_given_reported_on_and_done(work: Work) -> None:
    task, clerk = work.give(), work.cast.clerk
    work.do("report", work.official, task, text=" Đã trình dự thảo. ")
    work.do("send_back", clerk, task, note="Thiếu phụ lục")
    task.refresh_from_db()
    assert task.state == AssignmentState.OPEN
    work.do("report", work.official, task, text="Đã bổ sung phụ lục.")
    work.do("accept", clerk, task)
    task.refresh_from_db()
    assert (task.state, task.settled_at is not None) == (AssignmentState.ACCEPTED, True)
    first, second = task.reports.all()
    assert (first.state, first.note) == (ReportState.RETURNED, "Thiếu phụ lục")
    assert (second.state, second.text) == (ReportState.ACCEPTED, "Đã bổ sung phụ lục.")
    acts = LedgerEntry.objects.filter(subject=f"assignment:{task.pk}").values_list("act", flat=True)
    assert [act.removeprefix("assignment.") for act in acts] == [
        "created",
        "reported",
        "sent_back",
        "reported",
        "accepted",
    ]


def test_what_people_write_stays_out_of_the_ledger(work: Work) -> None:
    task = work.give(text="Nội dung nhiệm vụ")
    work.do("close", work.cast.clerk, task, note="Không còn cần thiết")
    told = "".join(str(bytes(entry.body).decode()) for entry in LedgerEntry.objects.all())
    assert f"assignment:{task.pk}" in told
    assert "Nội dung nhiệm vụ" not in told
    assert "Không còn cần thiết" not in told


def test_a_task_follows_from_a_conclusion(work: Work) -> None:
    assert refusal(lambda: work.give(item=work.room.other)) == "no_conclusion"
    secret = casting.item(work.cast, casting.meeting(work.cast), "Tên", ItemKind.PAPER_ONLY)
    assert refusal(lambda: work.give(item=secret)) == "on_paper"
    assert refusal(lambda: work.give(text=" ")) == "task_missing"
    assert refusal(lambda: work.give(text="x" * 4_001)) == "text_long"
    assert refusal(lambda: work.give(text="Báo cáo (TỐI MẬT)")) == "classified_text"
    assert refusal(lambda: work.give(days=-1)) == "due_past"
    assert refusal(lambda: work.give(actor=work.cast.member)) == "denied"


def test_who_sees_a_task(work: Work) -> None:
    work.give()
    office = accounts.create_agency(
        actor=work.cast.manager,
        code="G08.01",
        name="Văn phòng Bộ",
        kind=AgencyKind.OFFICE,
        parent=work.cast.ministry,
    )
    helper = work.appointed("Helper", office)
    stranger = work.appointed("Stranger", work.cast.government)
    cast = work.cast
    readers = [cast.clerk, cast.chair, cast.member, work.official, helper]
    for user in (*readers, cast.outsider, stranger):
        assert Assignment.objects.visible_to(user).exists() is (user in readers)
    owners = [user for user in (*readers, stranger) if Assignment.objects.owned_by(user).exists()]
    assert owners == [work.official, helper]


def test_only_the_owner_reports_and_only_the_desk_settles(work: Work) -> None:
    task, clerk, official = work.give(), work.cast.clerk, work.official
    assert refusal(lambda: work.do("report", clerk, task, text="x")) == "denied"
    assert refusal(lambda: work.do("ask_for_time", clerk, task, until=in_days(20), reason="x")) == "denied"
    for name, words in {
        "accept": {},
        "send_back": {"note": "x"},
        "close": {"note": "x"},
        "answer_extension": {"granted": True},
    }.items():
        assert refusal(lambda name=name, words=words: work.do(name, official, task, **words)) == "denied"


def test_every_step_has_a_state_in_which_it_is_refused(work: Work) -> None:
    task, clerk, official = work.give(), work.cast.clerk, work.official
    assert refusal(lambda: work.do("accept", clerk, task)) == "assignment_not_reported"
    assert refusal(lambda: work.do("send_back", clerk, task, note="x")) == "assignment_not_reported"
    assert refusal(lambda: work.do("send_back", clerk, task, note=" ")) == "reason_missing"
    assert refusal(lambda: work.do("answer_extension", clerk, task, granted=True)) == "no_extension"
    assert refusal(lambda: work.do("report", official, task, text="")) == "report_missing"
    work.do("report", official, task, text="Xong")
    assert refusal(lambda: work.do("report", official, task, text="Xong")) == "assignment_not_open"
    late = {"until": in_days(30), "reason": "x"}
    assert refusal(lambda: work.do("ask_for_time", official, task, **late)) == "assignment_not_open"
    work.do("close", clerk, task, note="Gộp vào nhiệm vụ khác")
    assert task.reports.get().state == ReportState.RETURNED
    assert refusal(lambda: work.do("close", clerk, task, note="x")) == "assignment_settled"
    assert refusal(lambda: work.do("report", official, task, text="x")) == "assignment_not_open"


def test_more_time_is_asked_for_and_answered(work: Work) -> None:
    task, clerk, official = work.give(days=5), work.cast.clerk, work.official
    early = {"until": in_days(5), "reason": "Chờ ý kiến"}
    assert refusal(lambda: work.do("ask_for_time", official, task, **early)) == "until_early"
    ask = {"until": in_days(12), "reason": "Chờ ý kiến"}
    assert (
        refusal(lambda: work.do("ask_for_time", official, task, **{**ask, "reason": ""})) == "reason_missing"
    )
    long = {**ask, "reason": "x" * 401}
    assert refusal(lambda: work.do("ask_for_time", official, task, **long)) == "note_long"
    work.do("ask_for_time", official, task, **ask)
    assert refusal(lambda: work.do("ask_for_time", official, task, **ask)) == "extension_waiting"
    assert refusal(lambda: work.do("answer_extension", clerk, task, granted=False)) == "reason_missing"
    work.do("answer_extension", clerk, task, granted=False, note="Đã đủ thời gian")
    task.refresh_from_db()
    assert task.due_on == in_days(5)
    work.do("ask_for_time", official, task, **ask)
    work.do("answer_extension", clerk, task, granted=True)
    task.refresh_from_db()
    assert task.due_on == in_days(12)
    states = list(task.extensions.values_list("state", flat=True))
    assert states == [ExtensionState.REFUSED, ExtensionState.GRANTED]


def test_a_closed_task_answers_the_request_for_time(work: Work) -> None:
    task = work.give()
    work.do("ask_for_time", work.official, task, until=in_days(20), reason="Chờ")
    work.do("close", work.cast.clerk, task, note="Không còn cần")
    found = task.extensions.get()
    assert (found.state, found.note) == (ExtensionState.REFUSED, "Không còn cần")


def test_what_is_late_stands_first_the_latest_on_top(work: Work) -> None:
    due = {name: work.give(days=days, text=name) for name, days in (("a", 3), ("b", 1), ("c", 20), ("d", 2))}
    with clock.starting_at(clock.now() + timedelta(days=5)):
        late = Assignment.objects.overdue(clock.today())
        assert [(task.text, task.days_late) for task in late] == [("b", 4), ("d", 3), ("a", 2)]
        work.do("report", work.official, due["b"], text="Xong")
        assert [task.text for task in Assignment.objects.overdue(clock.today())] == ["d", "a"]
        assert due["c"].days_late == 0
