"""Pure functions and frozen values: no Django, no clock, no database."""

from __future__ import annotations

import re

# A kind and the issuer, capital letters (Vietnamese ones too) parted by hyphens: NQ-CP, QĐ-TTg.
SERIES = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*")

WITH_YEAR = ("NĐ-",)  # beginnings of series whose numbers carry the year


def is_series(text: str) -> bool:
    return bool(SERIES.fullmatch(text))


def notation(number: int, series: str, year: int) -> str:
    """Number and notation as printed: ``36/NQ-CP``, ``02/2026/NĐ-CP``.

    Below 10 with a zero in front (Decree 30/2020); a decree is a legal document and carries its year
    (Law on the promulgation of legal documents).
    """
    middle = f"{year}/" if series.startswith(WITH_YEAR) else ""
    return f"{number:02d}/{middle}{series}"
