"""What the demo's meetings deal with. ``law`` names the law, or the own text, that fills the papers."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.enums import DecisionType, ItemKind


@dataclass(frozen=True)
class Outcome:
    """How a past item ended: votes against and abstentions, the rest of those present in favour."""

    against: int = 0
    abstain: int = 0
    type: DecisionType = DecisionType.RESOLUTION


@dataclass(frozen=True)
class ItemRow:
    """``articles`` is how many articles fill the draft (about a third of a page each)."""

    title: str
    title_en: str
    sponsor: str
    rapporteur: str
    minutes: int
    law: str = ""
    kind: ItemKind = ItemKind.DECISION
    articles: int = 8
    consent: bool = False
    outcome: Outcome | None = None
    unsigned: bool = False  # its decision was brought to the chair this morning
    long_appendix: bool = False


OFFICE, OFFICE_HEAD = "G22.01", "van-phong"
ENVIRONMENT, EDUCATION, TOURISM = "Luật Bảo vệ môi trường", "Luật Giáo dục", "Luật Du lịch"
CYBER, YOUTH, CROPS = "Luật An ninh mạng", "Luật Thanh niên", "Luật Trồng trọt"
LIVESTOCK, RESIDENCE, INFORMATION = "Luật Chăn nuôi", "Luật Cư trú", "Luật Tiếp cận thông tin"
OFFICIALS, FILM, DRUGS = "Luật Viên chức", "Luật Điện ảnh", "Luật Phòng, chống ma túy"
CIVIL_CODE = "Bộ luật dân sự"
AGENDA, DATA_SHARING = "Chương trình phiên họp", "Kết nối, chia sẻ dữ liệu"  # of own_texts


def opening(month: str, month_en: str) -> ItemRow:
    return ItemRow(
        f"Khai mạc; thông qua chương trình và biên bản phiên họp {month}",
        f"Opening; adoption of the agenda and of the {month_en} minutes",
        OFFICE,
        OFFICE_HEAD,
        10,
        AGENDA,
        kind=ItemKind.MINUTES,
    )


# Three meetings that are over, the oldest first.
PAST = (
    (
        ItemRow(
            "Nghị quyết về bảo vệ môi trường làng nghề giai đoạn 2026–2030",
            "Resolution on environmental protection in craft villages, 2026–2030",
            "G08",
            "nong-nghiep",
            40,
            ENVIRONMENT,
            outcome=Outcome(against=1),
        ),
        ItemRow(
            "Nghị định quy định về du lịch cộng đồng",
            "Decree on community-based tourism",
            "G10",
            "van-hoa",
            30,
            TOURISM,
            outcome=Outcome(against=2, abstain=1, type=DecisionType.DECREE),
        ),
        ItemRow(
            "Nghị quyết về chương trình việc làm cho thanh niên",
            "Resolution on the youth employment programme",
            "G04",
            "noi-vu",
            25,
            YOUTH,
            outcome=Outcome(),
        ),
    ),
    (
        ItemRow(
            "Nghị định về bảo đảm an ninh mạng trong cơ quan nhà nước",
            "Decree on cyber-security in state agencies",
            "G02",
            "cong-an",
            45,
            CYBER,
            articles=12,
            outcome=Outcome(against=3, abstain=2, type=DecisionType.DECREE),
        ),
        ItemRow(
            "Nghị quyết về phát triển giống cây trồng chịu hạn, chịu mặn",
            "Resolution on drought- and salt-tolerant crop varieties",
            "G08",
            "nong-nghiep",
            30,
            CROPS,
            outcome=Outcome(abstain=1),
        ),
        ItemRow(
            "Nghị quyết về miễn học phí đối với trẻ em mầm non 5 tuổi vùng khó khăn",
            "Resolution on free pre-school for five-year-olds in disadvantaged areas",
            "G12",
            "giao-duc",
            30,
            EDUCATION,
            outcome=Outcome(),
        ),
        ItemRow(
            "Dự thảo Nghị định về phí lưu hành phim trực tuyến",
            "Draft decree on online film distribution fees",
            "G10",
            "van-hoa",
            25,
            FILM,
            outcome=Outcome(against=15, abstain=2),
        ),
    ),
    (
        ItemRow(
            "Nghị định quy định chi tiết về quyền tiếp cận thông tin của công dân",
            "Decree on citizens' right of access to information",
            "G05",
            "tu-phap",
            40,
            INFORMATION,
            outcome=Outcome(against=2, type=DecisionType.DECREE),
        ),
        ItemRow(
            "Nghị quyết về đăng ký cư trú điện tử toàn trình",
            "Resolution on fully electronic residence registration",
            "G02",
            "cong-an",
            30,
            RESIDENCE,
            outcome=Outcome(abstain=2),
        ),
        ItemRow(
            "Nghị quyết về phòng, chống dịch bệnh trong chăn nuôi",
            "Resolution on livestock disease prevention",
            "G08",
            "nong-nghiep",
            30,
            LIVESTOCK,
            outcome=Outcome(against=1, abstain=1),
        ),
        ItemRow(
            "Nghị quyết về phòng, chống tội phạm ma túy trên tuyến biên giới",
            "Resolution on preventing drug crime along the border",
            "G02",
            "cong-an",
            25,
            DRUGS,
            articles=5,
            outcome=Outcome(),
            unsigned=True,
        ),
        ItemRow(
            "Nghị định sửa đổi quy định về tuyển dụng, sử dụng viên chức",
            "Decree amending the rules on recruiting and employing public employees",
            "G04",
            "noi-vu",
            20,
            OFFICIALS,
            articles=5,
            outcome=Outcome(against=2, type=DecisionType.DECREE),
            unsigned=True,
        ),
        ItemRow(
            "Nghị quyết về chương trình sữa học đường",
            "Resolution on the school milk programme",
            "G12",
            "giao-duc",
            15,
            EDUCATION,
            articles=4,
            outcome=Outcome(abstain=1),
            unsigned=True,
        ),
    ),
)

# The meeting that starts now.
NOW = (
    opening("tháng trước", "previous month's"),
    ItemRow(
        "Dự thảo Nghị định quy định việc kết nối, chia sẻ dữ liệu giữa các cơ quan nhà nước",
        "Draft decree on data connection and sharing between state agencies",
        "G11",
        "khoa-hoc",
        45,
        DATA_SHARING,
    ),
    ItemRow(
        "Bảo đảm an ninh nguồn nước cho sản xuất và sinh hoạt mùa khô",
        "Water security for production and daily life in the dry season",
        "G08",
        "nong-nghiep",
        45,
        ENVIRONMENT,
        articles=10,
    ),
    ItemRow(
        "Dự án Bộ luật Dân sự (sửa đổi)",
        "Draft Civil Code (amended)",
        "G05",
        "tu-phap",
        40,
        EDUCATION,
        kind=ItemKind.DISCUSSION,
        long_appendix=True,
    ),
    ItemRow(
        "Nội dung phát hành bằng bản giấy",
        "Matter issued on paper only",
        OFFICE,
        OFFICE_HEAD,
        15,
        kind=ItemKind.PAPER_ONLY,
    ),
    ItemRow(
        "Tình hình kinh tế - xã hội; giải ngân vốn đầu tư công",
        "Socio-economic situation; disbursement of public investment",
        "G06",
        "tai-chinh",
        40,
        TOURISM,
        kind=ItemKind.DISCUSSION,
        articles=6,
    ),
    ItemRow(
        "Nghị quyết về hỗ trợ thanh niên khởi nghiệp ở nông thôn",
        "Resolution on support for rural young entrepreneurs",
        "G04",
        "noi-vu",
        5,
        YOUTH,
        articles=4,
        consent=True,
    ),
    ItemRow(
        "Nghị quyết về công tác cai nghiện ma túy tại cộng đồng",
        "Resolution on community-based drug rehabilitation",
        "G02",
        "cong-an",
        5,
        DRUGS,
        articles=4,
        consent=True,
    ),
    ItemRow(
        "Nghị quyết về liên hoan phim quốc tế Hà Nội",
        "Resolution on the Ha Noi International Film Festival",
        "G10",
        "van-hoa",
        5,
        FILM,
        articles=3,
        consent=True,
    ),
    ItemRow(
        "Báo cáo công tác cải cách hành chính trong quý",
        "Report on administrative reform in the quarter",
        "G04",
        "noi-vu",
        15,
        OFFICIALS,
        kind=ItemKind.INFORMATION,
        articles=5,
    ),
)

# The meeting being prepared: one item has no papers yet.
NEXT = (
    opening("tháng trước", "previous month's"),
    ItemRow(
        "Nghị định về giáo dục thường xuyên và học tập suốt đời",
        "Decree on continuing education and lifelong learning",
        "G12",
        "giao-duc",
        40,
        EDUCATION,
    ),
    ItemRow(
        "Nghị quyết về vùng trồng lúa chất lượng cao, phát thải thấp",
        "Resolution on high-quality, low-emission rice",
        "G08",
        "nong-nghiep",
        30,
        CROPS,
    ),
    ItemRow(
        "Chiến lược quốc gia về y tế số đến năm 2030",
        "National digital health strategy to 2030",
        "G13",
        "y-te",
        45,
    ),
)
