"""The demo's agencies and people. The agencies are real, the people are invented."""

from __future__ import annotations

from dataclasses import dataclass

from ecabinet.accounts.enums import AgencyKind, Duty

DOMAIN = "demo.ecabinet.example"


@dataclass(frozen=True)
class AgencyRow:
    """``code`` also names the agency for the other rows."""

    code: str
    name: str
    name_en: str
    abbreviation: str
    kind: AgencyKind = AgencyKind.MINISTRY
    parent: str = ""


@dataclass(frozen=True)
class PersonRow:
    """``login`` is the part of the address before the @; ``office`` the title, read out at a roll call."""

    login: str
    name: str
    agency: str
    office: str
    office_en: str
    duty: Duty = Duty.LEADER


AGENCIES = (
    AgencyRow("G22", "Chính phủ", "The Government", "CP", AgencyKind.GOVERNMENT),
    AgencyRow("G22.01", "Văn phòng Chính phủ", "Government Office", "VPCP", AgencyKind.OFFICE, "G22"),
    AgencyRow("G01", "Bộ Quốc phòng", "Ministry of National Defence", "BQP"),
    AgencyRow("G02", "Bộ Công an", "Ministry of Public Security", "BCA"),
    AgencyRow("G03", "Bộ Ngoại giao", "Ministry of Foreign Affairs", "BNG"),
    AgencyRow("G04", "Bộ Nội vụ", "Ministry of Home Affairs", "BNV"),
    AgencyRow("G05", "Bộ Tư pháp", "Ministry of Justice", "BTP"),
    AgencyRow("G06", "Bộ Tài chính", "Ministry of Finance", "BTC"),
    AgencyRow("G07", "Bộ Công Thương", "Ministry of Industry and Trade", "BCT"),
    AgencyRow("G08", "Bộ Nông nghiệp và Môi trường", "Ministry of Agriculture and Environment", "BNNMT"),
    AgencyRow("G09", "Bộ Xây dựng", "Ministry of Construction", "BXD"),
    AgencyRow("G10", "Bộ Văn hóa, Thể thao và Du lịch", "Ministry of Culture, Sports and Tourism", "BVHTTDL"),
    AgencyRow("G11", "Bộ Khoa học và Công nghệ", "Ministry of Science and Technology", "BKHCN"),
    AgencyRow("G12", "Bộ Giáo dục và Đào tạo", "Ministry of Education and Training", "BGDĐT"),
    AgencyRow("G13", "Bộ Y tế", "Ministry of Health", "BYT"),
    AgencyRow("G14", "Bộ Dân tộc và Tôn giáo", "Ministry of Ethnic and Religious Affairs", "BDTTG"),
    AgencyRow("G15", "Ngân hàng Nhà nước Việt Nam", "State Bank of Viet Nam", "NHNN"),
    AgencyRow("G16", "Thanh tra Chính phủ", "Government Inspectorate", "TTCP"),
    AgencyRow(
        "H26", "Ủy ban nhân dân thành phố Hà Nội", "Ha Noi People's Committee", "UBND", AgencyKind.PROVINCE
    ),
    AgencyRow(
        "H29",
        "Ủy ban nhân dân Thành phố Hồ Chí Minh",
        "Ho Chi Minh City People's Committee",
        "UBND",
        AgencyKind.PROVINCE,
    ),
    AgencyRow(
        "H17", "Ủy ban nhân dân thành phố Đà Nẵng", "Da Nang People's Committee", "UBND", AgencyKind.PROVINCE
    ),
    AgencyRow(
        "H13", "Ủy ban nhân dân thành phố Cần Thơ", "Can Tho People's Committee", "UBND", AgencyKind.PROVINCE
    ),
)

_DEPUTY = ("Phó Thủ tướng", "Deputy Prime Minister")


def _minister(login: str, name: str, agency: str, ministry: str, ministry_en: str) -> PersonRow:
    return PersonRow(login, name, agency, f"Bộ trưởng {ministry}", f"Minister of {ministry_en}")


# The 27 members, in their order of precedence; the first is the chair.
MEMBERS = (
    PersonRow("thu-tuong", "Trần Quốc Khải", "G22", "Thủ tướng Chính phủ", "Prime Minister"),
    PersonRow("pho-thu-tuong-1", "Nguyễn Hoàng Minh", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-2", "Lê Thị Thanh Vân", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-3", "Đỗ Mạnh Cường", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-4", "Phạm Gia Hưng", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-5", "Hoàng Bích Ngọc", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-6", "Vũ Đình Phong", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-7", "Bùi Tiến Đạt", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-8", "Tô Hải Yến", "G22", *_DEPUTY),
    PersonRow("pho-thu-tuong-9", "Lâm Chí Thành", "G22", *_DEPUTY),
    _minister("quoc-phong", "Cao Xuân Bách", "G01", "Bộ Quốc phòng", "National Defence"),
    _minister("cong-an", "Phan Nhật Minh", "G02", "Bộ Công an", "Public Security"),
    _minister("ngoai-giao", "Trịnh Tuệ Lâm", "G03", "Bộ Ngoại giao", "Foreign Affairs"),
    _minister("noi-vu", "Ngô Việt Anh", "G04", "Bộ Nội vụ", "Home Affairs"),
    _minister("tu-phap", "Đinh Thu Trang", "G05", "Bộ Tư pháp", "Justice"),
    _minister("tai-chinh", "Dương Khánh Toàn", "G06", "Bộ Tài chính", "Finance"),
    _minister("cong-thuong", "Lương Đức Huy", "G07", "Bộ Công Thương", "Industry and Trade"),
    _minister(
        "nong-nghiep", "Vũ Thanh Hà", "G08", "Bộ Nông nghiệp và Môi trường", "Agriculture and Environment"
    ),
    _minister("xay-dung", "Nguyễn Trọng Đạt", "G09", "Bộ Xây dựng", "Construction"),
    _minister(
        "van-hoa", "Hà Ngọc Mai", "G10", "Bộ Văn hóa, Thể thao và Du lịch", "Culture, Sports and Tourism"
    ),
    _minister("khoa-hoc", "Trương Vĩnh Phúc", "G11", "Bộ Khoa học và Công nghệ", "Science and Technology"),
    _minister("giao-duc", "Đoàn Minh Tâm", "G12", "Bộ Giáo dục và Đào tạo", "Education and Training"),
    _minister("y-te", "Đặng Quỳnh Chi", "G13", "Bộ Y tế", "Health"),
    _minister("dan-toc", "Lò Văn Sơn", "G14", "Bộ Dân tộc và Tôn giáo", "Ethnic and Religious Affairs"),
    PersonRow(
        "ngan-hang",
        "Mạc Thế Anh",
        "G15",
        "Thống đốc Ngân hàng Nhà nước Việt Nam",
        "Governor of the State Bank of Viet Nam",
    ),
    PersonRow("thanh-tra", "Quách Thành Nam", "G16", "Tổng Thanh tra Chính phủ", "Inspector General"),
    PersonRow(
        "van-phong",
        "Kiều Anh Dũng",
        "G22.01",
        "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
        "Minister, Chairman of the Government Office",
    ),
)

STAFF = (
    PersonRow(
        "thu-ky",
        "Nguyễn Thị Lan Hương",
        "G22.01",
        "Vụ trưởng Vụ Tổng hợp",
        "Director, General Affairs Department",
        Duty.SECRETARIAT,
    ),
    PersonRow(
        "chuyen-vien",
        "Trần Văn Hòa",
        "G22.01",
        "Chuyên viên Vụ Tổng hợp",
        "Officer, General Affairs",
        Duty.SECRETARIAT,
    ),
    PersonRow(
        "luu-tru",
        "Bùi Thị Kim Oanh",
        "G22.01",
        "Trưởng phòng Lưu trữ",
        "Head of Archives",
        Duty.ARCHIVIST,
    ),
    PersonRow("kiem-toan", "Phùng Đức Long", "G16", "Kiểm soát viên", "Auditor", Duty.AUDITOR),
    PersonRow(
        "dang-ky",
        "Cao Thị Minh Nguyệt",
        "G22.01",
        "Chuyên viên đăng ký chứng thư số",
        "Certificate Registration Officer",
        Duty.NONE,
    ),
    PersonRow(
        "dang-ky-2",
        "Mai Xuân Thắng",
        "G22.01",
        "Phó Vụ trưởng Vụ Hành chính",
        "Deputy Director, Administration",
        Duty.NONE,
    ),
    PersonRow("van-thu", "Hồ Minh Châu", "G13", "Văn thư Bộ Y tế", "Clerk, Ministry of Health", Duty.CLERK),
    PersonRow(
        "quan-tri", "Lý Quang Vinh", "G22.01", "Quản trị hệ thống", "System administrator", Duty.ADMINISTRATOR
    ),
)

# Leaders of provinces: invited to meetings, without a vote.
INVITEES = (
    PersonRow("ha-noi", "Nguyễn Phú An", "H26", "Chủ tịch UBND thành phố Hà Nội", "Mayor of Ha Noi"),
    PersonRow(
        "ho-chi-minh",
        "Võ Hoài Nam",
        "H29",
        "Chủ tịch UBND Thành phố Hồ Chí Minh",
        "Mayor of Ho Chi Minh City",
    ),
)


def email(login: str) -> str:
    return f"{login}@{DOMAIN}"
