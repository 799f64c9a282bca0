"""Classification markings in names: of files, papers and matters. Markings inside a PDF are intake's."""

from __future__ import annotations

import re
import unicodedata

from ecabinet.common.intake_worker import COMPOUNDS, MARKINGS

# In capitals, as on the stamps: "(MẬT)", "Báo cáo TỐI MẬT", "Kế hoạch MẬT 2026", "Báo cáo MẬT về quốc phòng".
# "MẬT ĐỘ DÂN SỐ" is none. Without accents only the two longer ones are certain: "MAT" may be many a word.
STAMPED = re.compile(r"(?<![^\W_])(?:(?P<grade>TỐI|TUYỆT|TOI|TUYET)[\s_.-]*(?:MẬT|MAT)|MẬT)(?![^\W\d_])")
# In any case where nothing but the marking can be meant: "(Mật)", "Tối mật - Báo cáo", "Mật: …".
APART = re.compile(
    r"(?:^|(?P<open>[(\[]))\s*(?:(?P<grade>tối|tuyệt)\s+)?mật\s*(?(open)[)\]]|(?:[-–—:]\s|$))", re.IGNORECASE
)
# What makes a mere word of it: "SẢN XUẤT MẬT ONG" in a heading in capitals, "MẬT_ĐỘ_DÂN_SỐ" in a file's name.
HEADING = re.compile(r"\s+(?P<next>[^\W\d_]{2,})|[_-](?:ĐỘ|MÃ|ONG)(?![^\W_])")
GRADES = {"TỐI": "TỐIMẬT", "TOI": "TỐIMẬT", "TUYỆT": "TUYỆTMẬT", "TUYET": "TUYỆTMẬT", None: "MẬT"}


def marking_in_name(name: str) -> str:
    """The marking a name carries, or nothing. "Bảo mật", "bí mật" and "MẬT ONG" in a name are none."""
    text = unicodedata.normalize("NFC", name).strip()
    for found in (*STAMPED.finditer(text), *APART.finditer(text)):
        grade = (found["grade"] or "").upper() or None
        if grade or not _is_a_word(text, found):
            return MARKINGS[GRADES[grade]]
    return ""


def _is_a_word(text: str, found: re.Match[str]) -> bool:
    """Part of a compound or of a heading in capitals, and no stamp."""
    before = re.sub(r"[\W_]+$", "", text[: found.start()]).upper()
    after = HEADING.match(text, found.end())
    in_capitals = after is not None and (after["next"] or "ONG").isupper()
    return before.endswith(COMPOUNDS) or in_capitals
