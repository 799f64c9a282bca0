"""What goes into an index: one document for each page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from search.rules.numbers import ref_keys, ref_norm
from search.rules.text import bigrams, clean, fold, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One page of a record. ``acl_tokens`` says who may find it; without any, nobody does.

    ``page`` counts from 1, ``date`` is the day of issue, ``text`` what stands on the page.
    ``kind`` is the key of a facet: a stable code or the printed name.
    """

    record: int
    page: int
    text: str
    acl_tokens: tuple[str, ...]
    ref: str = ""
    title: str = ""
    title_en: str = ""
    kind: str = ""
    kind_name: str = ""  # in words, for ``kind:resolution``; in every language people may type
    agency: str = ""
    signer: str = ""
    date: date | None = None
    source: str = ""  # filled in by the indexer

    @property
    def ref_norm(self) -> str:
        return ref_norm(self.ref)

    @property
    def year(self) -> int:
        """The year of issue, 0 when unknown."""
        return self.date.year if self.date else 0

    @property
    def day(self) -> int:
        """The date as a number that sorts: 20261126; 0 when unknown."""
        return int(self.date.strftime("%Y%m%d")) if self.date else 0


WORD_FIELDS = ("words", "pairs", "title", "title_pairs")


def analysed(document: IndexDocument) -> dict[str, str]:
    """The analysed fields, terms parted by one space, as both engines store them.

    ``words`` and ``pairs`` come from the page, ``title`` and ``title_pairs`` from both titles; each
    also as ``…_plain`` without diacritics. ``kind_words``, ``agency_words`` and ``signer_words`` serve
    ``field:`` conditions and are plain.
    """
    page, title = terms(document.text), terms(f"{document.title} {document.title_en}")
    made = {
        "words": " ".join(page),
        "pairs": " ".join(bigrams(page)),
        "title": " ".join(title),
        "title_pairs": " ".join(bigrams(title)),
    }
    made |= {f"{name}_plain": fold(value) for name, value in made.items()}
    spoken = {
        "kind": f"{document.kind} {document.kind_name}",
        "agency": document.agency,
        "signer": document.signer,
    }
    return made | {f"{name}_words": fold(" ".join(terms(value))) for name, value in spoken.items()}


def keys_of(document: IndexDocument) -> list[str]:
    """The number's keys; see :func:`search.rules.numbers.ref_keys`."""
    return ref_keys(document.ref)


def prepared(documents: Iterable[IndexDocument], source: str) -> list[IndexDocument]:
    """The documents as they may enter an index: texts in their stored form, the source's name on them."""
    return [
        replace(
            document,
            source=source,
            text=clean(document.text),
            title=clean(document.title),
            title_en=clean(document.title_en),
            ref=clean(document.ref),
        )
        for document in documents
    ]
