"""A drawn hand for the demo: a blue signature made from the signer's name, without any text.

A real site stores each person's own image; Decree 30/2020 wants it blue and without words.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from itertools import pairwise

BLUE = "#1b3f9c"
WIDTH, HEIGHT = 170.0, 68.0

Point = tuple[float, float]


def handwriting(name: str) -> str:
    """An SVG drawing, the same for the same name."""
    folded = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower() or "x"
    given = (folded.split() or ["x"])[-1]  # a name without a Latin letter has a hand, too
    noise = hashlib.sha256(name.encode()).digest()
    lines = [_capital(noise), _letters(given, noise), _flourish(noise)]
    paths = "".join(f'<path d="{_smooth(points)}"/>' for points in lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" fill="none" '
        f'stroke="{BLUE}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">{paths}</svg>'
    )


def _capital(noise: bytes) -> list[Point]:
    """A tall opening loop."""
    lean = noise[0] / 255 * 10
    return [(14, 46), (20 + lean, 10), (30 + lean, 6), (24, 34), (16, 58), (12, 52), (30, 34), (46, 32)]


def _letters(given: str, noise: bytes) -> list[Point]:
    """A wave over the baseline; ascenders and descenders where the name has them."""
    points: list[Point] = [(44, 34)]
    step = 84 / max(len(given), 4)
    for index, letter in enumerate((given * 4)[: max(len(given), 4)]):
        x, wobble = 46 + index * step, noise[(index + 1) % 32] / 255 * 5
        rise = 24 if letter in "bdfhklt" else 11
        drop = 15 if letter in "gpqyj" else 2
        points += [
            (x + step * 0.35, 40 - rise - wobble),
            (x + step * 0.6, 42 + drop),
            (x + step, 38 - wobble),
        ]
    return points


def _flourish(noise: bytes) -> list[Point]:
    sweep = noise[9] / 255 * 8
    return [(132, 36), (158, 26 + sweep), (150, 48), (96, 54 + sweep / 2), (36, 57), (70, 60), (160, 50)]


def _smooth(points: list[Point]) -> str:
    """A Catmull-Rom spline through the points, written as cubic curves."""
    padded = [points[0], *points, points[-1]]
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for index, (start, end) in enumerate(pairwise(points)):
        before, after = padded[index], padded[index + 3]
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        numbers = " ".join(f"{value:.1f}" for pair in (first, second, end) for value in pair)
        path += f"C{numbers}" if math.dist(start, end) else ""
    return path
