"""Pure functions and frozen values: no Django, no clock, no database."""

from __future__ import annotations

import re

# A kind and the issuer, capital letters (Vietnamese ones too) parted by hyphens: NQ-CP, QĐ-TTg.
SERIES = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*")


def is_series(text: str) -> bool:
    return bool(SERIES.fullmatch(text))


def notation(number: int, series: str) -> str:
    """Number and notation as printed: ``36/NQ-CP``. Below 10 with a zero in front (Decree 30/2020)."""
    return f"{number:02d}/{series}"
