"""The demo's minutes: those of older meetings signed and kept, the last ones before the members."""

from __future__ import annotations

from datetime import timedelta

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.demo.cast import Cast
from meetings.actions import minutes, minutes_way
from meetings.enums import ItemKind, MinutesState
from meetings.models import AgendaItem, Meeting, Minutes
from signing import actions as signing
from signing.queries import waiting_for

TIME_FOR_COMMENTS = timedelta(days=45)
OPENING = (
    "Thủ tướng Chính phủ khai mạc phiên họp, nêu mục đích, yêu cầu và thông báo chương trình phiên họp.\n"
    "Các thành viên Chính phủ thống nhất chương trình."
)
DISCUSSION = (
    "{sponsor} trình bày tờ trình và dự thảo.\n"
    "Các ý kiến cơ bản tán thành sự cần thiết ban hành; đề nghị làm rõ nguồn kinh phí, thời điểm có hiệu lực "
    "và trách nhiệm của từng cơ quan trong tổ chức thực hiện."
)
CLOSING = "Thủ tướng Chính phủ kết luận và giao các bộ, cơ quan hoàn thiện các văn bản đã thông qua."
COMMENTS = (
    (3, "Đề nghị ghi rõ thời hạn hoàn thành tại kết luận."),
    (7, "Đề nghị thể hiện đầy đủ ý kiến về nguồn kinh phí thực hiện."),
)


def circulate(cast: Cast, meeting: Meeting) -> None:
    """Word the minutes of a meeting that is over and put them before the members."""
    made = minutes.draft(actor=cast.clerk, meeting=meeting)
    items = list(meeting.items.select_related("sponsor"))
    said = {str(i.pk): DISCUSSION.format(sponsor=i.sponsor) for i in items if i.kind != ItemKind.MINUTES}
    words = {"opening": OPENING, "closing": CLOSING, "items": said}
    minutes.write(actor=cast.clerk, minutes=made, prose=words, seen=minutes.prose_digest(made))
    minutes.circulate(actor=cast.clerk, minutes=made, until=clock.today() + TIME_FOR_COMMENTS)


def comment(cast: Cast) -> None:
    """Two members have remarked on the last minutes."""
    made = Minutes.objects.get(state=MinutesState.CIRCULATED)
    item = made.meeting.items.order_by("sort_order")[1]
    for place, text in COMMENTS:
        author = cast.members[place].user
        minutes.comment(actor=author, minutes=made, text=text, item_id=item.pk)


def put_on_agenda(cast: Cast, item: AgendaItem) -> None:
    """What was circulated last is approved as this item."""
    waiting = Minutes.objects.filter(state=MinutesState.CIRCULATED).first()
    if waiting is not None:
        minutes.put_on_agenda(actor=cast.clerk, minutes=waiting, item=item)


def sign_approved(cast: Cast) -> None:
    """Print what the meeting has approved; the secretary and the chair sign; it is sealed and put away."""
    for made in Minutes.objects.filter(state=MinutesState.APPROVED):
        minutes_way.advance(made.pk)
        for user in (cast.clerk, cast.chair):
            _sign(user)
        minutes_way.advance(made.pk)


def _sign(user: User) -> None:
    requests = [request.pk for request in waiting_for(user).filter(kind=minutes.KIND)]
    signing.authorise(actor=user, request_ids=requests, gesture=DemoGesture())
