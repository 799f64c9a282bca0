"""Papers of the demo, laid out like those of an office and printed from real law texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from ecabinet.common.pdf import render_pdf
from ecabinet.demo.content.agendas import CIVIL_CODE, EDUCATION, ENVIRONMENT, ItemRow
from meetings.enums import DocumentRole

LAWS = Path(__file__).with_name("laws.jsonl")


@dataclass(frozen=True)
class Article:
    number: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class PaperRow:
    """One paper to print."""

    role: DocumentRole
    title: str
    title_en: str
    articles: tuple[Article, ...]
    agency: str
    subject: str
    on: date
    revised: bool = False


@cache
def law(name: str) -> tuple[Article, ...]:
    """The articles of one law, in order."""
    with LAWS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(_article(row["article"], row["text"]) for row in rows if row["law"] == name)


def _article(number: str, text: str) -> Article:
    heading, *rest = [part.strip() for part in text.split("\n") if part.strip()]
    return Article(number, heading, tuple(rest))


def papers_of(item: ItemRow, agency: str, on: date) -> Iterator[PaperRow]:
    """The papers an agency submits with the item: statement, draft, opinions, appendices."""
    if not item.law:
        return

    def paper(role: DocumentRole, title: str, title_en: str, articles: tuple[Article, ...]) -> PaperRow:
        return PaperRow(role, title, title_en, articles, agency=agency, subject=item.title, on=on)

    texts = law(item.law)
    yield paper(DocumentRole.STATEMENT, "Tờ trình", "Statement", texts[1:4])
    if item.kind == "decision":
        yield paper(DocumentRole.DRAFT, "Dự thảo", "Draft", texts[3 : 3 + item.articles])
        summary = "Tổng hợp ý kiến các bộ, ngành", "Summary of agencies' opinions"
        yield paper(DocumentRole.OPINIONS, *summary, texts[-5:-1])
    if item.long_appendix:
        title = "Phụ lục: toàn văn dự thảo và luật có liên quan", "Annex: full text and related laws"
        yield paper(DocumentRole.APPENDIX, *title, law(CIVIL_CODE) + law(ENVIRONMENT) + law(EDUCATION))


def printed(paper: PaperRow) -> bytes:
    """The paper as a PDF."""
    html = render_to_string("documents/demo_paper.html", {"paper": paper, "roles": DocumentRole})
    return render_pdf(html, lang="vi", title=f"{paper.title}: {paper.subject}", tagged=False)


def decision_text(item: ItemRow, articles: Sequence[Article]) -> str:
    """The content of a decision on the item, one paragraph a line."""
    lines = ["Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;", f"Căn cứ {item.law};", "QUYẾT NGHỊ:"]
    for number, article in enumerate(articles, start=1):
        lines += [f"Điều {number}. {article.heading}", *article.paragraphs]
    return "\n".join(lines)
