"""The demo's tasks: what the last meetings' conclusions gave to whom, and how far it has come."""

from __future__ import annotations

from datetime import timedelta

from ecabinet.accounts.models import Agency, Appointment, User
from ecabinet.common import clock
from ecabinet.demo.cast import Cast
from meetings.actions import assignments
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Assignment

TEXTS = (
    "Tiếp thu ý kiến thành viên Chính phủ, hoàn thiện dự thảo và trình ký ban hành.",
    "Xây dựng kế hoạch triển khai, hướng dẫn các địa phương tổ chức thực hiện.",
    "Báo cáo kết quả thực hiện sáu tháng đầu, nêu rõ khó khăn và kiến nghị.",
    "Rà soát nguồn kinh phí, phối hợp với Bộ Tài chính đề xuất phương án.",
)
# Days after the meeting by which each is due; the second is late by the time of the present meeting.
DUE_AFTER = (45, 20, 60, 40)


def give(cast: Cast) -> None:
    """One task from each of the last four conclusions, given the day after the meeting."""
    items = AgendaItem.objects.filter(meeting__state=MeetingState.ADJOURNED).exclude(conclusion="")
    newest = items.order_by("-meeting__starts_at", "sort_order")
    for item, text, days in zip(newest, TEXTS, DUE_AFTER, strict=False):
        day = (item.meeting.adjourned_at or clock.now()) + timedelta(days=1)
        if item.sponsor is None:
            continue
        with clock.starting_at(day):
            assignments.assign(
                actor=cast.clerk,
                item=item,
                text=text,
                owner=item.sponsor,
                due_on=clock.today() + timedelta(days=days),
            )
    _answer()


def _answer() -> None:
    """The first owner has reported, the third asks for more time."""
    first, _second, third = Assignment.objects.order_by("pk")[:3]
    report = "Đã tiếp thu, giải trình ý kiến; dự thảo hoàn thiện đã gửi Văn phòng Chính phủ."
    assignments.report(actor=_official(first.owner), assignment=first, text=report)
    later, reason = third.due_on + timedelta(days=15), "Chờ số liệu quý IV của các địa phương."
    assignments.ask_for_time(actor=_official(third.owner), assignment=third, until=later, reason=reason)


def _official(agency: Agency) -> User:
    held = Appointment.objects.in_force(clock.today()).filter(position__agency=agency)
    return held.select_related("user").order_by("position__rank", "pk")[0].user
