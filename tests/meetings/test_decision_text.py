"""The content of a decision: from a printed draft to blocks."""

from __future__ import annotations

import pytest

from meetings.rules import Block, abstract_under, decision_blocks, draft_content

FIRST = """CHÍNH PHỦ
Số: /2026/NQ-CP
NGHỊ QUYẾT
Về an ninh nguồn nước
Căn cứ Luật Tổ chức Chính phủ ngày
18 tháng 02 năm 2025;
QUYẾT NGHỊ:
Điều 1. Mục tiêu về nước
sinh hoạt
Bảo đảm nước sinh hoạt cho
"""
SECOND = """2
mọi hộ dân.
1. Bộ Tài chính cấp vốn;
a) đợt một
Điều 2. Hiệu lực
Nghị quyết có hiệu lực từ ngày ký.
"""


def test_a_printed_draft_becomes_paragraphs() -> None:
    assert draft_content([FIRST, SECOND]).splitlines() == [
        "Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;",
        "QUYẾT NGHỊ:",
        "Điều 1. Mục tiêu về nước sinh hoạt",
        "Bảo đảm nước sinh hoạt cho mọi hộ dân.",
        "1. Bộ Tài chính cấp vốn;",
        "a) đợt một",
        "Điều 2. Hiệu lực",
        "Nghị quyết có hiệu lực từ ngày ký.",
    ]


def test_a_draft_without_articles_leaves_the_content_to_a_person() -> None:
    assert draft_content(["Chỉ là một tờ trình.\nKhông có điều khoản."]) == ""


def test_blocks_tell_what_a_paragraph_is() -> None:
    text = "Căn cứ Hiến pháp;\n\nQUYẾT NGHỊ:\n Điều 1. Giao Bộ Y tế.\nKhoản tiếp theo."
    assert decision_blocks(text) == (
        Block("basis", "Căn cứ Hiến pháp;"),
        Block("enacting", "QUYẾT NGHỊ:"),
        Block("article", "Điều 1. Giao Bộ Y tế."),
        Block("paragraph", "Khoản tiếp theo."),
    )


@pytest.mark.parametrize(
    ("kind", "text", "printed"),
    [
        ("Nghị quyết", "Nghị quyết về chương trình sữa học đường", "Về chương trình sữa học đường"),
        ("Nghị định", "nghị định quy định về du lịch", "Quy định về du lịch"),
        ("Nghị quyết", "Về an ninh nguồn nước", "Về an ninh nguồn nước"),
        ("Nghị quyết", "Nghị quyết", "Nghị quyết"),
        ("Nghị định", "Nghị quyết về nước", "Nghị quyết về nước"),
    ],
)
def test_the_kind_stands_once_over_the_abstract(kind: str, text: str, printed: str) -> None:
    assert abstract_under(kind, text) == printed
