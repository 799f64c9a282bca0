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
from ecabinet.demo.content.own_texts import Article, Texts, own_text
from meetings.enums import DocumentRole
from meetings.rules import abstract_under

LAWS = Path(__file__).with_name("laws.jsonl")
SERIES = {"Nghị định": "/{year}/NĐ-CP", "Nghị quyết": "/NQ-CP"}


@dataclass(frozen=True)
class PaperRow:
    """One paper to print. ``sign`` is the agency's abbreviation in numbers."""

    role: DocumentRole
    title: str
    title_en: str
    articles: tuple[Article, ...]
    agency: str
    subject: str
    on: date
    sign: str = ""
    revised: bool = False

    @property
    def kind(self) -> str:
        """What the draft is to become."""
        return next((kind for kind in SERIES if self._outcome.startswith(kind)), "Nghị quyết")

    @property
    def abstract(self) -> str:
        """What stands under the kind of a draft: “Quy định …”, “Về …”."""
        under = abstract_under(self.kind, self._outcome)
        return under if under != self._outcome else f"Về {under[0].lower()}{under[1:]}"

    @property
    def notation(self) -> str:
        """Behind the number, which is still open."""
        if self.role == DocumentRole.DRAFT:
            return SERIES[self.kind].format(year=self.on.year)
        return "-".join(filter(None, ("/TTr", self.sign)))

    @property
    def _outcome(self) -> str:
        text = self.subject.removeprefix("Dự thảo ")
        return text[0].upper() + text[1:]


@cache
def law(name: str) -> tuple[Article, ...]:
    """The articles of one law, in order."""
    with LAWS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(_article(row["text"]) for row in rows if row["law"] == name)


def _article(text: str) -> Article:
    heading, *rest = [part.strip() for part in text.split("\n") if part.strip()]
    return Article(heading, tuple(rest))


def _texts(item: ItemRow) -> Texts:
    """The item's own text, or pieces of its law."""
    own = own_text(item.law)
    if own is not None:
        return own
    articles = law(item.law)
    return Texts(articles[1:4], articles[3 : 3 + item.articles], articles[-5:-1])


def papers_of(item: ItemRow, agency: str, on: date, sign: str = "") -> Iterator[PaperRow]:
    """The papers an agency submits with the item: statement, draft, opinions, appendices."""
    if not item.law:
        return

    def paper(role: DocumentRole, title: str, title_en: str, articles: tuple[Article, ...]) -> PaperRow:
        return PaperRow(role, title, title_en, articles, agency=agency, subject=item.title, on=on, sign=sign)

    texts = _texts(item)
    yield paper(DocumentRole.STATEMENT, "Tờ trình", "Statement", texts.statement)
    if item.kind == "decision":
        yield paper(DocumentRole.DRAFT, "Dự thảo", "Draft", texts.draft)
        summary = "Tổng hợp ý kiến các bộ, ngành", "Summary of agencies' opinions"
        yield paper(DocumentRole.OPINIONS, *summary, texts.opinions)
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
