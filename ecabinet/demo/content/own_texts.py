"""Texts of the demo that no law has: what is submitted with the agenda, and a decree on sharing data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LINES = Path(__file__).with_name("own_texts.jsonl")


@dataclass(frozen=True)
class Article:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """What fills the papers of one item."""

    statement: tuple[Article, ...]
    draft: tuple[Article, ...]
    opinions: tuple[Article, ...]


@cache
def own_text(name: str) -> Texts | None:
    """The text of that name; None when the demo has none and a law is to be used."""
    with LINES.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["name"] == name]

    def part(wanted: str) -> tuple[Article, ...]:
        found = (row for row in rows if row["part"] == wanted)
        return tuple(Article(row["heading"], tuple(row["paragraphs"])) for row in found)

    return Texts(part("statement"), part("draft"), part("opinions")) if rows else None
