"""A verification in words: the answer, why, and what to do. In the language of the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.rules import LedgerState, Verdict
from archive.verify import Verification
from ecabinet.common import clock
from signing.validation.report import Role, SignatureReport, ValidationReport
from signing.validation.report import Verdict as Signed

GOOD_CODES = {"intact", "trusted", "longterm"}
NOTE_CODES = {"demo", "timestamp_pending", "unsigned", "unreadable", "encrypted", "not_pdf", "limits"}


class Mark(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One reason: ``head`` says it, ``detail`` explains it."""

    mark: Mark
    head: str
    detail: str = ""


def as_data(result: Verification) -> dict[str, Any]:
    """The technical report with the words that people read, as plain values for JSON."""
    words = {
        "answer": answer(result.verdict),
        "summary": summary(result),
        "findings": [vars(finding) for finding in findings(result)],
        "checked_at": clock.now().isoformat(),
    }
    return result.as_data() | words


def answer(verdict: Verdict) -> str:
    """The verdict in two or three words."""
    return {
        Verdict.GENUINE: _("The genuine original"),
        Verdict.CHANGED: _("It has been changed"),
        Verdict.UNKNOWN: _("It cannot be told"),
    }[verdict]


def summary(result: Verification) -> str:
    """One sentence under the answer."""
    number = {"reference": result.reference}
    if result.verdict == Verdict.GENUINE:
        if result.reference:
            return _as_sealed(result) % number
        return _("Nothing in this file was changed since it was signed.")
    if result.verdict == Verdict.CHANGED:
        if result.reference:
            text = _("This file is not %(reference)s as it was sealed. Do not act on it.")
            return text % number
        return _("This file is not as it was signed. Do not act on it.")
    if result.ledger.state == LedgerState.BAD:
        return _("The proof that came with the file does not hold. Ask for the proof again.")
    return _("There is not enough to go by. That does not make it a forgery: it may be a scan of a paper.")


def _as_sealed(result: Verification) -> str:
    if result.original and result.original.appendix:
        return _("This file belongs to %(reference)s, not one character different.")
    if result.renewed:
        return _("This file is %(reference)s as it was sealed, with renewed timestamps.")
    return _("This file is %(reference)s as it was sealed, not one character different.")


def findings(result: Verification) -> list[Finding]:
    """Why the verdict is what it is, the weightiest reason first."""
    found = [*_original(result), *_signatures(result), *_ledger(result)]
    good_first = result.verdict == Verdict.GENUINE
    order = [Mark.GOOD, Mark.NOTE, Mark.BAD] if good_first else [Mark.BAD, Mark.NOTE, Mark.GOOD]
    return sorted(found, key=lambda finding: order.index(finding.mark))


def _original(result: Verification) -> Iterator[Finding]:
    if result.original is None:
        return
    if result.original.appendix:
        text = _("It is an appendix of %(reference)s: the signed document names this very file.")
        detail = _("“%(title)s”, by its fingerprint (SHA-256).") % {"title": result.original.appendix}
        yield Finding(Mark.GOOD, text % {"reference": result.reference}, detail)
        return
    if result.original.sha256 == result.sha256:
        text = _("It is the file the archive keeps, byte for byte.")
        yield Finding(Mark.GOOD, text)
        return
    if result.renewed:
        text = _("It is the original of the archive with renewed timestamps.")
        yield Finding(Mark.GOOD, text, _("Nothing but timestamps and their proof was added behind it."))
        return
    yield Finding(Mark.BAD, _("It differs from the original in the archive."), _difference(result))


def _difference(result: Verification) -> str:
    parts = []
    if result.added:
        parts.append(_added(result.added))
    if result.changed_pages:
        parts.append(_pages(result.changed_pages))
        if result.same_pages:
            text = ngettext("%(n)d page looks the same.", "%(n)d pages look the same.", result.same_pages)
            parts.append(text % {"n": result.same_pages})
    elif result.same_pages:
        parts.append(_("All pages look the same: the difference lies in what is not drawn."))
    return " ".join(parts)


def _added(count: int) -> str:
    text = ngettext(
        "%(n)s byte was added behind the unchanged original.",
        "%(n)s bytes were added behind the unchanged original.",
        count,
    )
    return text % {"n": number_format(count, force_grouping=True)}


def _pages(changed: Sequence[int]) -> str:
    shown = ", ".join(map(str, changed[:12])) + (" …" if len(changed) > 12 else "")
    return ngettext("Page %(pages)s is another one.", "Pages %(pages)s are others.", len(changed)) % {
        "pages": shown
    }


def _signatures(result: Verification) -> Iterator[Finding]:
    report = result.report
    if report.verdict == Signed.GENUINE:
        pages = ngettext("%(n)d page", "%(n)d pages", report.pages) % {"n": report.pages}
        yield Finding(
            Mark.GOOD,
            _("The content has not changed since it was signed."),
            _("The signatures cover the whole file, %(pages)s.") % {"pages": pages},
        )
        for signature in report.signatures:
            if signature.role != Role.TIMESTAMP:
                yield _signed_by(signature)
    yield from _remarks(report)


def _remarks(report: ValidationReport) -> Iterator[Finding]:
    """What else the signatures tell; only a proven change weighs against the file."""
    for reason in report.reasons:
        if reason.code in ("intact", "trusted"):
            continue
        mark = Mark.GOOD if reason.code in GOOD_CODES else Mark.NOTE
        if report.verdict == Signed.CHANGED and reason.code not in NOTE_CODES:
            mark = Mark.BAD
        yield Finding(mark, reason.sentence)


def _signed_by(signature: SignatureReport) -> Finding:
    head = _("Sealed by %(name)s.") if signature.role == Role.SEAL else _("Signed by %(name)s.")
    detail = clock.exactly(signature.time) if signature.time else ""
    if signature.time_proven:
        detail = _("%(time)s, confirmed by a timestamp; the certificate was valid.") % {"time": detail}
    name = signer_line(signature)
    return Finding(Mark.GOOD, head % {"name": name}, detail)


def signer_line(signature: SignatureReport) -> str:
    """“Trần Quốc Khải, Thủ tướng Chính phủ”."""
    parts = [
        signature.signer,
        signature.title or (signature.organisation if signature.role == Role.PERSON else ""),
    ]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _ledger(result: Verification) -> Iterator[Finding]:
    ledger = result.ledger
    place = {"index": count(ledger.index), "size": count(ledger.size), "reference": ledger.reference}
    if ledger.state == LedgerState.PROVED:
        yield Finding(
            Mark.GOOD,
            _("It stands in the ledger."),
            _("Entry %(index)s of %(size)s, under a head signed by the ledger.") % place,
        )
    elif ledger.state == LedgerState.RENEWED:
        yield Finding(
            Mark.GOOD,
            _("The original it begins with stands in the ledger; only renewed timestamps follow."),
            _("Entry %(index)s of %(size)s, under a head signed by the ledger.") % place,
        )
    elif ledger.state == LedgerState.OTHER_FILE:
        text = _("The ledger holds another file as %(reference)s.") if ledger.reference else ""
        text = text or _("The proof is that of another file.")
        yield Finding(Mark.BAD, text % place, _difference(result) if result.original is None else "")
    elif ledger.state == LedgerState.NO_KEY:
        yield Finding(Mark.NOTE, _("The proof was not checked: the ledger's public key is missing."))
    elif ledger.state == LedgerState.BAD:
        yield _bad_proof(result)
    yield from _outside(result)


def _bad_proof(result: Verification) -> Finding:
    if result.ledger.outside == "conflicts":
        text = _("The ledger shows two different histories: the checkpoint kept outside has another root.")
        return Finding(Mark.BAD, text, _("Tell the archive and keep both files."))
    return Finding(Mark.BAD, _("The proof does not hold."), result.ledger.why)


def _outside(result: Verification) -> Iterator[Finding]:
    if result.ledger.outside == "agrees":
        yield Finding(Mark.GOOD, _("The head agrees with the checkpoint kept outside."))
    elif result.ledger.outside == "other_size":
        text = _("The checkpoint kept outside is of another size and was not compared.")
        yield Finding(Mark.NOTE, text, _("Use a proof that was made under that checkpoint."))


def count(number: int) -> str:
    return str(number_format(number, force_grouping=True))
