"""Anybody may ask whether a document is genuine: no account, no script needed."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from archive import checks, findings, queries
from archive.evidence import file_digest
from archive.findings import Finding, Mark
from archive.models import Record
from archive.rules import LedgerState, Verdict
from archive.trust import trust_archive
from archive.verify import Original, Trust, Verification, verify_file
from ecabinet.accounts.access import public
from ecabinet.accounts.tokens import tokens_of
from ecabinet.common import blobs, clock, places, throttle
from ecabinet.common.errors import DomainError
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.rules.notes import parse_vkey
from frontend.templatetags.ecabinet import docno
from signing.validation.report import Role

CHECKS_PER_MINUTE = 20
TRUST_PER_MINUTE = 60
SIGNS = {Mark.GOOD: "check", Mark.BAD: "x", Mark.NOTE: "info"}
ROLE_NAMES = {
    Role.PERSON: gettext_lazy("Signature"),
    Role.SEAL: gettext_lazy("Seal"),
    Role.TIMESTAMP: gettext_lazy("Timestamp"),
}


@dataclass(frozen=True)
class Row:
    """One line of the evidence: what it is, the fact, and how it is known."""

    name: str
    text: str
    note: str = ""
    mono: bool = False


@dataclass(frozen=True)
class Reason:
    icon: str
    finding: Finding


@dataclass(frozen=True)
class Answer:
    """What the result page shows. ``record`` is the original, where the visitor may see it."""

    verdict: str
    words: str
    summary: SafeString
    reasons: tuple[Reason, ...]
    rows: tuple[Row, ...]
    record: Record | None
    known: bool
    technical: str  # the whole report as JSON

    @property
    def technical_link(self) -> str:
        """The same as an address that holds it: nothing of it is kept here to be fetched later."""
        return f"data:application/json;base64,{b64encode(self.technical.encode()).decode()}"


@public
@csrf_exempt  # strangers without cookies may ask; nothing is changed and nothing of theirs is kept
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Choose a file or type a code; a posted file is answered at once."""
    typed = request.GET.get("code", "").strip()
    if typed:
        record = queries.by_code(typed)
        code = record.verify_code if record else typed
        return HttpResponseRedirect(reverse("verify-code", args=[code[:40].replace("/", "")]))
    return _page(request, None)


@public
@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where the printed code leads: what was sealed under it, and the question for the file."""
    record = queries.by_code(code)
    if record is None:
        throttle.check(request, "verify-code", limit=CHECKS_PER_MINUTE, seconds=60)
        return render(request, "frontend/verify.html", _question(request, None) | {"typed": code}, status=404)
    return _page(request, record)


@public
@require_safe
def trust_bundle(request: HttpRequest) -> HttpResponse:
    """Everything public that checking without a network needs."""
    throttle.check(request, "trust", limit=TRUST_PER_MINUTE, seconds=60)
    name = 'attachment; filename="trust.zip"'
    return HttpResponse(trust_archive(), "application/zip", headers={"Content-Disposition": name})


def _page(request: HttpRequest, record: Record | None) -> HttpResponse:
    if request.method != "POST":
        return render(request, "frontend/verify.html", _question(request, record))
    try:
        throttle.check(request, "verify", limit=CHECKS_PER_MINUTE, seconds=60)
        with _received(request) as path:
            answer = _answer(request, path, record)
    except DomainError as error:
        context = _question(request, record) | {"error": error}
        return render(request, "frontend/verify.html", context, status=error.status)
    if request.POST.get("format") == "json":
        return HttpResponse(answer.technical, "application/json")
    return render(request, "frontend/verify_result.html", {"answer": answer, "again": request.path})


def _question(request: HttpRequest, record: Record | None) -> dict[str, object]:
    return {
        "record": record,
        "readable": record is not None and _may_see(request, record),
        "vkey": ledger.vkey(),
        "max_size": settings.PAPER_MAX_BYTES,
        "typed": "",
    }


@contextmanager
def _received(request: HttpRequest) -> Iterator[Path]:
    """The posted file on disk, for as long as it is looked at. Raises DomainError without one."""
    upload = _upload(request)
    with NamedTemporaryFile(prefix="verify-", suffix=".pdf") as copy:
        for piece in upload.chunks():
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)


def _upload(request: HttpRequest) -> UploadedFile[bytes]:
    limit = settings.PAPER_MAX_BYTES
    message = _("The file is larger than %(size)s MB.") % {"size": limit // 1_048_576}
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + 65_536:
        raise DomainError("too_large", message, 413)
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError("no_file", _("No file was chosen. Choose the PDF of the document."), 422)
    if not upload.size:
        raise DomainError("empty_file", _("The file is empty. Choose the PDF of the document."), 422)
    if upload.size > limit:
        raise DomainError("too_large", message, 413)
    return upload


def _answer(request: HttpRequest, path: Path, record: Record | None) -> Answer:
    with places.place("verify", places=settings.VERIFY_PLACES):
        return _looked_at(request, path, record)


def _looked_at(request: HttpRequest, path: Path, record: Record | None) -> Answer:
    digest = file_digest(path)
    named = queries.appendix_of(digest)
    kept = queries.by_sha256(digest)
    sealed = kept or (None if named else record or queries.original_of(path, digest))
    visible = sealed if sealed and _may_see(request, sealed) else None
    original = _original(sealed, visible) if sealed else _as_appendix(named, digest)
    proof = queries.proof_of(sealed, digest) if sealed else ""
    trust = Trust([parse_vkey(ledger.vkey())])
    report = checks.report_on(path, digest, ours=kept is not None)
    result = verify_file(path, proof=proof, trust=trust, original=original, report=report)
    reasons = [Reason(SIGNS[finding.mark], finding) for finding in findings.findings(result)]
    other = _other_paper(record, sealed)
    return Answer(
        verdict=result.verdict.value,
        words=findings.answer(result.verdict),
        summary=_summary(result),
        reasons=(*other, *reasons),
        rows=tuple(_evidence(result)),
        record=visible,
        known=original is not None,
        technical=json.dumps(findings.as_data(result), ensure_ascii=False, indent=2, default=str),
    )


def _as_appendix(named: tuple[Record, str] | None, digest: str) -> Original | None:
    return Original(named[0].reference, digest, appendix=named[1]) if named else None


def _original(sealed: Record, visible: Record | None) -> Original:
    """What the archive keeps; pages are compared only for those who may see them."""
    path = blobs.path_of(sealed.sha256) if visible else None
    return Original(sealed.reference, sealed.sha256, path, renewals=queries.renewals_of(sealed))


def _other_paper(record: Record | None, sealed: Record | None) -> tuple[Reason, ...]:
    """A genuine file, but not the one whose code was scanned."""
    if record is None or sealed is None or record == sealed:
        return ()
    text = _("The code you scanned is that of %(reference)s, another document.")
    finding = Finding(Mark.NOTE, text % {"reference": record.reference})
    return (Reason("triangle-alert", finding),)


def _may_see(request: HttpRequest, record: Record) -> bool:
    user = request.user
    return bool(queries.visible_ids([record.pk], tokens_of(user)))


def _summary(result: Verification) -> SafeString:
    """The sentence with the number set as one sign."""
    text = findings.summary(result)
    if not result.reference:
        return format_html("{}", text)
    before, _number, after = text.partition(result.reference)
    return format_html("{}{}{}", before, docno(result.reference), after)


def _evidence(result: Verification) -> Iterator[Row]:
    digest = result.sha256
    yield Row(_("Fingerprint (SHA-256)"), " ".join(digest[at : at + 4] for at in range(0, 64, 4)), mono=True)
    for signature in result.report.signatures:
        level = f"PAdES {signature.level}" if signature.level else ""
        time = clock.exactly(signature.time) if signature.time else ""
        note = " · ".join(filter(None, (time, level)))
        yield Row(str(ROLE_NAMES[signature.role]), findings.signer_line(signature) or signature.issuer, note)
    if not result.report.signatures:
        yield Row(_("Signatures"), _("None"))
    yield _ledger_row(result)
    yield Row(_("Checked at"), clock.exactly(clock.now()))


def _ledger_row(result: Verification) -> Row:
    evidence = result.ledger
    if evidence.state == LedgerState.PROVED:
        place = {"index": findings.count(evidence.index), "size": findings.count(evidence.size)}
        return Row(_("Ledger"), _("Entry %(index)s of %(size)s") % place, evidence.origin)
    if result.verdict == Verdict.GENUINE and result.original:
        return Row(_("Ledger"), _("Deposited; the ledger seals it within a minute"))
    size = findings.count(ledger.tree_size())
    return Row(_("Ledger"), _("This file is not among its %(size)s entries") % {"size": size})
