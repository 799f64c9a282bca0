"""What the demo's written ballots ask, and what members say."""

from __future__ import annotations

from dataclasses import dataclass

from ecabinet.demo.content.agendas import CROPS, TOURISM, ItemRow


@dataclass(frozen=True)
class BallotRow:
    """``item`` tells title, sponsor and the papers."""

    item: ItemRow
    question: str
    question_en: str


ENDED = BallotRow(
    ItemRow(
        "Điều chỉnh quy hoạch khu du lịch quốc gia",
        "Changes to the plan of a national tourist area",
        "G10",
        "van-hoa",
        20,
        TOURISM,
        articles=5,
    ),
    "Thông qua dự thảo Quyết định điều chỉnh quy hoạch khu du lịch quốc gia?",
    "Adopt the draft decision that changes the plan of the national tourist area?",
)
OUT = BallotRow(
    ItemRow(
        "Hỗ trợ giống cây trồng sau thiên tai",
        "Seed support after natural disasters",
        "G08",
        "nong-nghiep",
        20,
        CROPS,
        articles=6,
    ),
    "Thông qua dự thảo Nghị quyết về hỗ trợ giống cây trồng sau thiên tai?",
    "Adopt the draft resolution on seed support after natural disasters?",
)
DRAFT = BallotRow(
    ItemRow("Lịch nghỉ Tết Nguyên đán", "Days off at Lunar New Year", "G22.01", "van-phong", 10),
    "Thống nhất phương án nghỉ Tết Nguyên đán theo Tờ trình?",
    "Agree to the days off at Lunar New Year as proposed?",
)
# Choice, comment and opinions by clause, in turn.
OPINIONS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("for", "", ()),
    ("for", "Đề nghị sớm ban hành.", ()),
    ("for", "", (("Điều 3", "Bổ sung trách nhiệm của Ủy ban nhân dân cấp tỉnh."),)),
    ("for", "", ()),
    (
        "against",
        "Chưa rõ nguồn kinh phí.",
        (
            ("Điều 3", "Quy định rõ mức chi từ ngân sách trung ương."),
            ("Khoản 2 Điều 5", "Kéo dài thời hạn chuyển tiếp thành 12 tháng."),
        ),
    ),
    ("for", "", ()),
    ("abstain", "", ()),
)
