"""Classification markings in names: of files, papers and matters. Markings inside a PDF are intake's."""

from __future__ import annotations

import re
import unicodedata

from ecabinet.common.intake_worker import COMPOUNDS, MARKINGS

# In capitals, as on the stamps, and the last word of its piece: "(MẬT)", "MẬT - Báo cáo", "Báo cáo TỐI MẬT".
# "MẬT ĐỘ DÂN SỐ" is none. Without accents only the two longer ones are certain: "MAT" may be many a word.
MARKING = re.compile(
    r"(?<![^\W_])(?:(?P<grade>TỐI|TUYỆT|TOI|TUYET)[\s_.-]*(?:MẬT|MAT)|MẬT)\s*(?=$|_|[^\w\s])(?![_-](?:ĐỘ|MÃ)(?![^\W_]))"
)
GRADES = {"TỐI": "TỐIMẬT", "TOI": "TỐIMẬT", "TUYỆT": "TUYỆTMẬT", "TUYET": "TUYỆTMẬT", None: "MẬT"}


def marking_in_name(name: str) -> str:
    """The marking a name carries, or nothing. "Bảo mật" and "bí mật" in a name are none."""
    text = unicodedata.normalize("NFC", name)
    for found in MARKING.finditer(text):
        before = re.sub(r"[\W_]+$", "", text[: found.start()]).upper()
        if found["grade"] or not before.endswith(COMPOUNDS):
            return MARKINGS[GRADES[found["grade"]]]
    return ""
