"""Turns the text of a printed draft into the paragraphs of a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["basis", "enacting", "article", "paragraph"]

_BASIS = re.compile(r"(Căn cứ|Theo đề nghị|Xét đề nghị|Trên cơ sở|Pursuant to|At the proposal of)\b")
_ARTICLE = re.compile(r"(Điều|Article)\s+\d+[a-zđ]?\s*[.:]")
_ENACTING = re.compile(r"(QUYẾT NGHỊ|QUYẾT ĐỊNH|NGHỊ ĐỊNH|RESOLVES|DECIDES|CONCLUDES|KẾT LUẬN)\s*:?")
_POINT = re.compile(r"(\d+\.|[a-zđ]\)|[-–+])\s")
_ENDS_PARAGRAPH = re.compile(r"[.:;!?…][”\"’)]?\s*")
_PAGE_NUMBER = re.compile(r"\s*\d{1,4}\s*")


@dataclass(frozen=True)
class Block:
    """One paragraph of a decision's content, with what it is (form of Decree 30/2020, annex I)."""

    kind: BlockKind
    text: str


def block_of(paragraph: str) -> Block:
    """What a paragraph is, told by its first words."""
    if _ENACTING.fullmatch(paragraph):
        return Block("enacting", paragraph)
    if _ARTICLE.match(paragraph):
        return Block("article", paragraph)
    return Block("basis" if _BASIS.match(paragraph) else "paragraph", paragraph)


def decision_blocks(text: str) -> tuple[Block, ...]:
    """The content as blocks; a paragraph is a line that is not empty."""
    return tuple(block_of(line.strip()) for line in text.splitlines() if line.strip())


def abstract_under(kind: str, text: str) -> str:
    """The abstract as it stands under its kind: “Về …” under NGHỊ QUYẾT, not “Nghị quyết về …” again."""
    words = text.strip()
    rest = words[len(kind) :].lstrip()
    if not words.casefold().startswith(f"{kind} ".casefold()) or not rest:
        return words
    return rest[0].upper() + rest[1:]


def joined_lines(pages: Iterable[str]) -> list[str]:
    """Paragraphs of a printed text: lines broken by the page are joined, page numbers dropped."""
    paragraphs: list[str] = []
    for line in (raw.strip() for page in pages for raw in page.splitlines()):
        if not line or _PAGE_NUMBER.fullmatch(line):
            continue
        if paragraphs and _goes_on(paragraphs[-1], line):
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
        else:
            paragraphs.append(line)
    return paragraphs


def _goes_on(before: str, line: str) -> bool:
    if _ARTICLE.match(before) and line[:1].isupper():
        return False  # an article's heading stands alone; a broken heading goes on in small letters
    begins = any(pattern.match(line) for pattern in (_BASIS, _ARTICLE, _ENACTING, _POINT))
    return not begins and not _ENDS_PARAGRAPH.fullmatch(before[-1:]) and not _ENACTING.fullmatch(before)


def draft_content(pages: Iterable[str]) -> str:
    """The content of a printed draft from its first legal basis or article on, one paragraph a line.

    Empty when the draft has neither: then a person writes the content.
    """
    paragraphs = joined_lines(pages)
    first = next((i for i, text in enumerate(paragraphs) if block_of(text).kind != "paragraph"), None)
    return "" if first is None else "\n".join(paragraphs[first:])
