"""The signing tray: list, look, one confirmation for the whole selection, a result for each row."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecabinet.accounts.models import in_language
from ecabinet.accounts.stepup import require_step_up
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError
from frontend.files import serve_blob
from frontend.queries.tray import results_of, tray_of
from frontend.views.meetings import signed_in
from frontend.views.reader import Desk, Link
from signing import actions
from signing.models import SigningRequest
from signing.permissions import can_look

RESULTS = "tray_results"  # in the session: ids of the last confirmation
PREVIEW_WIDTH = 1100  # pixels: a page at the width of the preview on a dense screen


@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """``?look=`` a request's id opens it beside the list; ``?pick=none`` clears the selection."""
    look = _number(request.GET.get("look", ""))
    if look is not None:
        _looked(request, look)
    chosen: list[int] | None = [] if request.GET.get("pick") == "none" else None
    return _page(request, "look" if look is not None else "list", chosen=chosen, look=look)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The list and count of what will be signed, once more, before the one confirmation."""
    chosen = _chosen(request)
    if not chosen:
        refusal = DomainError("nothing_to_sign", _("Choose at least one document first."))
        return _page(request, "list", chosen=[], refusal=refusal)
    return _page(request, "confirm", chosen=chosen)


@require_POST
@require_step_up
def sign(request: HttpRequest) -> HttpResponse:
    """The one gesture. Each dossier is signed or fails on its own."""
    user, chosen = signed_in(request), _chosen(request)
    method = request.session.get("account_authentication_methods", [])
    evidence = {"method": [each.get("method", "") for each in method], "chosen": chosen}
    try:
        rows = actions.authorise(actor=user, request_ids=chosen, evidence=evidence)
    except DomainError as refusal:
        return _page(request, "list", chosen=chosen, refusal=refusal)
    request.session[RESULTS] = [row.pk for row in rows]
    return redirect("tray-results")


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What the last confirmation did; what failed can be signed again from here."""
    outcome = results_of(signed_in(request), request.session.get(RESULTS, []))
    if not outcome.signed and not outcome.failed:
        return redirect("tray")
    return render(request, "frontend/tray_results.html", {"results": outcome})


@require_POST
def return_unsigned(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one dossier back with a reason."""
    typed = request.POST.get("reason", "")
    try:
        actions.return_unsigned(actor=signed_in(request), request_id=pk, reason=typed)
    except DomainError as refusal:
        return _page(request, "look", look=pk, refusal=refusal, typed=typed)
    return redirect("tray")


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole file on the reader's desk."""
    row = _looked(request, pk)
    desk = Desk(
        file_url=reverse("tray-file", args=[row.pk]),
        size=blobs.path_of(row.sha256).stat().st_size,
        pages=row.pages,
        title=in_language(row.title, row.title_en),
        kicker=row.reference or in_language(row.sender, row.sender_en),
        back=Link(f"{reverse('tray')}?look={row.pk}", _("Signing tray")),
        key=f"sign:{row.pk}",
        signatures_url=reverse("tray-signatures", args=[row.pk]),
    )
    return render(request, "frontend/reader_shell.html", {"desk": desk})


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _row(request, pk)
    return serve_blob(request, row.sha256, f"{row.pk}.pdf")


@require_safe
def signatures(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is signed yet; the words say so."""
    row = _row(request, pk)
    part = bool(request.headers.get("HX-Request"))
    template = "frontend/reader_signatures.html" if part else "frontend/reader_signatures_page.html"
    back = reverse("tray-read", args=[row.pk])
    return render(request, template, {"report": None, "title": row.title, "back": back})


@require_safe
def page_image(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Page ``number`` (from 1) as a picture, for the preview beside the list."""
    row = _row(request, pk)
    if not 1 <= number <= row.pages:
        raise Http404
    headers = {"Cache-Control": "private, max-age=3600", "ETag": f'"{row.sha256}-{number}"'}
    return HttpResponse(_picture(row.sha256, number - 1), content_type="image/png", headers=headers)


def _picture(sha256: str, index: int) -> bytes:
    document = pypdfium2.PdfDocument(blobs.path_of(sha256))
    try:
        page = document[index]
        image = page.render(scale=PREVIEW_WIDTH / page.get_width()).to_pil()
        out = io.BytesIO()
        image.convert("L" if _grey(image) else "RGB").quantize(32).save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()


def _grey(image: Any) -> bool:
    colours = image.convert("RGB").resize((64, 64)).getcolors(4096) or []
    return all(max(rgb) - min(rgb) < 8 for _count, rgb in colours)


def _page(
    request: HttpRequest,
    state: str,
    *,
    chosen: list[int] | None = None,
    look: int | None = None,
    refusal: DomainError | None = None,
    typed: str = "",
) -> HttpResponse:
    shown = tray_of(signed_in(request), chosen=chosen, look=look)
    context = {"tray": shown, "state": state, "refusal": refusal, "typed": typed}
    status = refusal.status if refusal else 200
    return render(request, "frontend/tray.html", context, status=status)


def _chosen(request: HttpRequest) -> list[int]:
    numbers = (_number(value) for value in request.POST.getlist("request"))
    return [number for number in numbers if number is not None]


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _row(request: HttpRequest, pk: int) -> SigningRequest:
    row = get_object_or_404(SigningRequest, pk=pk)
    if not can_look(signed_in(request), row):
        raise Http404
    return row


def _looked(request: HttpRequest, pk: int) -> SigningRequest:
    _row(request, pk)
    return actions.look(actor=signed_in(request), request_id=pk)
