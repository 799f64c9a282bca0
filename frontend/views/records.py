"""A record of the archive: what it is, its signed original, its package, its proof."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive import facsimile, packages
from archive.models import Record, RecordVersion
from ecabinet.accounts.access import public, refuse_stranger
from ecabinet.accounts.tokens import tokens_of
from ecabinet.common.errors import WrongState
from ecabinet.ledger.rules.notes import unverified_head
from ecabinet.ledger.rules.proofs import parse_proof
from frontend.files import BlobResponse, Span, serve_blob


def visible_record(request: HttpRequest, pk: int, *, whole: bool = False) -> Record | HttpResponse:
    """The record; the sign-in page for strangers, 404 for those who may not see it.

    ``whole``: with all that led to it, which is open to fewer people than the signed outcome.
    """
    records, tokens = Record.objects.all(), tokens_of(request.user)
    allowed = records.opened_to(tokens) if whole else records.visible_to(tokens)
    rows = allowed.select_related("ledger_entry").prefetch_related("files", "tokens")
    record = rows.filter(pk=pk).first()
    if record is not None:
        return record
    if not request.user.is_authenticated:
        return refuse_stranger(request)
    raise Http404(_("There is no such record, or it is not yours to see."))


@public
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_record(request, pk)
    if isinstance(found, HttpResponse):
        return found
    opened = Record.objects.opened_to(tokens_of(request.user)).filter(pk=pk).exists()
    context = {"record": found, "seal": _seal(found), "opened": opened, "renewed": found.newest}
    return render(request, "frontend/record.html", context)


@public
@require_safe
def record_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The signed file with its newest archive timestamps; ``?original`` byte for byte as deposited."""
    found = visible_record(request, pk)
    if isinstance(found, HttpResponse):
        return found
    newest = _renewed(request, found)
    return serve_blob(request, newest.sha256 if newest else found.sha256, found.file_name)


@public
@require_safe
def record_part(request: HttpRequest, pk: int, path: str) -> HttpResponseBase:
    """Another file of the package, by its place in the bag."""
    found = visible_record(request, pk, whole=True)
    if isinstance(found, HttpResponse):
        return found
    part = found.files.filter(path=path).first()
    if part is None:
        raise Http404
    return serve_blob(request, part.sha256, Path(part.path).name, part.media_type, inline=False)


@public
@require_safe
def record_package(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole record as a BagIt zip."""
    found = visible_record(request, pk, whole=True)
    if isinstance(found, HttpResponse):
        return found
    path = packages.build_bag(found)
    size = path.stat().st_size
    name = found.file_name.removesuffix(".pdf") + ".zip"
    headers = {"Content-Length": str(size), "Content-Disposition": f'attachment; filename="{name}"'}
    return BlobResponse(path, Span(0, size), content_type="application/zip", headers=headers)


@public
@require_safe
def record_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger's proof, to be kept beside the file; ``?original`` as for the file."""
    found = visible_record(request, pk)
    if isinstance(found, HttpResponse):
        return found
    newest = _renewed(request, found)
    proof = newest.proof if newest else found.proof
    if not proof:
        raise WrongState(
            "not_sequenced", _("The ledger has not sealed this record yet. Try again in a minute.")
        )
    name = f'attachment; filename="{found.file_name}.tlog-proof"'
    return HttpResponse(proof, "text/plain; charset=utf-8", headers={"Content-Disposition": name})


@public
@require_safe
def record_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The first page as a picture."""
    found = visible_record(request, pk)
    if isinstance(found, HttpResponse):
        return found
    picture = facsimile.first_page(found).read_bytes()
    return HttpResponse(picture, "image/png", headers={"Cache-Control": "private, max-age=86400"})


def _renewed(request: HttpRequest, found: Record) -> RecordVersion | None:
    return None if "original" in request.GET else found.newest


def _seal(found: Record) -> dict[str, object]:
    """Where the deposit stands in the ledger; empty until it is sealed."""
    if not found.proof:
        return {}
    proof = parse_proof(found.proof)
    head = unverified_head(proof.checkpoint)
    return {"index": proof.index, "size": head.size, "origin": head.origin}
