"""Classification markings in names: of files and of matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecabinet.common.intake import inspect_pdf
from ecabinet.common.markings import marking_in_name
from tests.cast import pdf


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Báo cáo (MẬT)", "MẬT"),
        ("MẬT - Báo cáo", "MẬT"),
        ("Tờ trình_MẬT", "MẬT"),
        ("Báo cáo TỐI MẬT", "TỐI MẬT"),
        ("BC_TUYET_MAT_v2", "TUYỆT MẬT"),
        ("Ba\u0301o ca\u0301o MA\u0323\u0302T", "MẬT"),
        ("Kế hoạch MẬT 2026", "MẬT"),
        ("MẬT 12-BC", "MẬT"),
        ("Báo cáo MẬT về quốc phòng", "MẬT"),
        ("Báo cáo (Mật)", "MẬT"),
        ("Tối mật - Báo cáo", "TỐI MẬT"),
        ("Mật", "MẬT"),
        ("MẬT_ToTrinh", "MẬT"),
        ("MẬT V/v chuẩn bị phiên họp", "MẬT"),
        ("SẢN XUẤT MẬT ONG", ""),
        ("Mật ong - sản phẩm của vùng", ""),
        ("Về bảo mật", ""),
        ("BÁO CÁO BẢO MẬT", ""),
        ("Danh mục BÍ MẬT", ""),
        ("MẬT ĐỘ DÂN SỐ", ""),
        ("MẬT_ĐỘ_DÂN_SỐ", ""),
        ("Nghị định về danh mục bí mật nhà nước độ Tối mật", ""),
        ("ke hoach MAT BANG", ""),
    ],
)
def test_markings_are_told_from_mere_words(name: str, found: str) -> None:
    assert marking_in_name(name) == found


def test_a_marked_file_name_is_refused_whatever_the_file_holds(tmp_path: Path) -> None:
    report = inspect_pdf(pdf(tmp_path), "Báo cáo (MẬT).pdf")
    assert (report.problems, report.classification) == (("named",), "MẬT")
    assert "“MẬT”" in report.sentences[0]
    assert inspect_pdf(pdf(tmp_path), "Báo cáo bảo mật.pdf").accepted
