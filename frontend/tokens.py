"""The colours of css/tokens.css read back, with their contrast, so that the style guide cannot lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHEET = Path(__file__).parent / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-fA-F]{3,6}),\s*(#[0-9a-fA-F]{3,6})\);")
BLOCK = {
    "normal": re.compile(r"^:root \{(.*?)^\}", re.DOTALL | re.MULTILINE),
    "more": re.compile(r'^:root\[data-contrast="more"\] \{(.*?)^\}', re.DOTALL | re.MULTILINE),
}
GROUND = "paper"


@dataclass(frozen=True)
class Colour:
    """``on_light`` and ``on_dark`` are WCAG contrast ratios to the paper, 1 to 21."""

    name: str
    light: str
    dark: str
    on_light: float
    on_dark: float


@cache
def colours(contrast: str = "normal") -> dict[str, Colour]:
    """Every light-dark pair of the sheet by name; ``contrast`` is normal or more."""
    found = BLOCK[contrast].search(SHEET.read_text(encoding="utf-8"))
    pairs = {name: (light, dark) for name, light, dark in PAIR.findall(found.group(1) if found else "")}
    light_ground, dark_ground = pairs[GROUND]
    return {
        name: Colour(name, light, dark, ratio(light, light_ground), ratio(dark, dark_ground))
        for name, (light, dark) in pairs.items()
    }


def ratio(first: str, second: str) -> float:
    """Contrast of two colours after WCAG 2.2, rounded to a tenth."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 1)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rgb`` or ``#rrggbb``, 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> Sequence[int]:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[at : at + 2], 16) for at in (0, 2, 4)]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
