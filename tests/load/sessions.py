"""Signing sessions of one person of the demo in each state, and unsigned decisions, for looking at."""

from __future__ import annotations

import secrets

from ecabinet.accounts.gestures import DemoGesture
from ecabinet.accounts.models import User
from ecabinet.common import blobs
from ecabinet.demo.cards import person_of
from signing import actions
from signing.actions import preparations
from signing.models import Preparation, SigningSession
from tests.load.trays import two_pages, variants

# Titles in both languages.
TITLES = (
    (
        "Hướng dẫn thu dung, điều trị sốt xuất huyết tại tuyến xã trong mùa mưa",
        "Guidance on treating dengue fever in communes during the rains",
    ),
    (
        "Ban hành danh mục kỹ thuật chuyên môn được thực hiện tại trạm y tế",
        "List of procedures that health stations may carry out",
    ),
    (
        "Trả lời kiến nghị cử tri tỉnh Lào Cai về thanh toán bảo hiểm y tế",
        "Answer to voters in Lào Cai on payments of health insurance",
    ),
    (
        "Kiện toàn Hội đồng tư vấn cấp giấy phép lưu hành vắc xin",
        "Members of the council that advises on licences for vaccines",
    ),
    ("Chương trình dinh dưỡng học đường 2027–2030", "School nutrition programme 2027–2030"),
    (
        "Phê duyệt kế hoạch kiểm tra an toàn thực phẩm dịp Tết",
        "Plan for inspecting food safety before the New Year",
    ),
)


def in_each_state(card: str) -> dict[str, int]:
    """Ids of sessions that prepare, ask, run and are done; in the last one a dossier failed."""
    user = person_of(card)
    assert user is not None
    actions.issue_demo_certificate(actor=None, user=user)
    preparing = actions.open_session(actor=user, request_ids=_asked(user, "a"))
    asking = _opened(user, _asked(user, "b"))
    running = _opened(user, _asked(user, "c"))
    actions.confirm_session(actor=user, session_id=running.pk, gesture=DemoGesture())
    rows = _asked(user, "d")
    done = _opened(user, rows)
    broken = Preparation.objects.get(request=rows[2])
    preparations.path_of(broken.file).write_bytes(b"damaged")
    actions.confirm_session(actor=user, session_id=done.pk, gesture=DemoGesture())
    actions.finish_session(done.pk)
    return {"preparing": preparing.pk, "asking": asking.pk, "running": running.pk, "done": done.pk}


def unsigned(card: str) -> dict[str, int]:
    """Ids of a decision returned and one refused; the tray is filled up until it offers to be searched."""
    from meetings.enums import UNSIGNED
    from meetings.models import Decision
    from signing.queries import waiting_for

    user = person_of(card)
    assert user is not None
    waiting = list(waiting_for(user).filter(kind="decision"))
    if not Decision.objects.filter(state__in=UNSIGNED).exists():
        reason = "Điều 2 còn thiếu thời hạn báo cáo; đề nghị bổ sung rồi trình lại."
        actions.return_unsigned(actor=user, request_id=waiting[-1].pk, reason=reason)
        reason = "Nội dung thuộc thẩm quyền của Quốc hội."
        actions.refuse_to_sign(actor=user, request_id=waiting[-2].pk, reason=reason)
        _asked(user, "e")
        _asked(user, "f")
    return {state: Decision.objects.filter(state=state)[0].pk for state in UNSIGNED}


def _asked(user: User, series: str) -> list[int]:
    first = 1842 + 10 * "abcdef".index(series)
    return [
        actions.request_signature(
            actor=None,
            signer=user,
            kind="screens",
            subject=f"screens:{series}{number}:{secrets.token_hex(4)}",  # another set each time
            reference=f"{first + number}/BYT-KCB",
            title=title,
            title_en=title_en,
            sender="Cục Quản lý Khám, chữa bệnh",
            sender_en="Medical Services Administration",
            sha256=blobs.put_bytes(data),
        ).pk
        for number, ((title, title_en), data) in enumerate(
            zip(TITLES, variants(two_pages(), len(TITLES)), strict=True)
        )
    ]


def _opened(user: User, requests: list[int]) -> SigningSession:
    session = actions.open_session(actor=user, request_ids=requests)
    actions.prepare_session(session.pk)
    return session
