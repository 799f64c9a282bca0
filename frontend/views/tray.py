"""The signing tray: list, look, one confirmation for the whole selection, a result for each row."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pypdfium2
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecabinet.accounts.gestures import DemoGesture, Gesture, PasskeyGesture, PinGesture, passkey_options
from ecabinet.accounts.models import User, in_language
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError
from ecabinet.common.pdfium import LOCK
from frontend.files import serve_blob
from frontend.queries.tray import Signing, signing_of, tray_of
from frontend.views.meetings import signed_in
from frontend.views.reader import Desk, Link
from signing import actions, custody
from signing.models import SigningRequest
from signing.permissions import can_look
from signing.queries import session_of, to_sign

PREVIEW_WIDTH = 1100  # pixels: a page at the width of the preview on a dense screen


@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """``?look=`` a request's id opens it beside the list; ``?pick=none`` clears the selection; ``?q=`` shows
    (and chooses) what matches only.
    """
    look = _number(request.GET.get("look", ""))
    if look is not None:
        _looked(request, look)
    chosen: list[int] | None = [] if request.GET.get("pick") == "none" else None
    find = request.GET.get("q", "").strip()[:100]
    return _page(request, "look" if look is not None else "list", chosen=chosen, look=look, find=find)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Fix the list that will be signed; its own page shows it once more, before the one confirmation."""
    user, chosen = signed_in(request), _chosen(request)
    try:
        if not chosen:
            raise DomainError("nothing_to_sign", _("Choose at least one document first."))
        opened = actions.open_session(actor=user, request_ids=chosen)
    except DomainError as refusal:
        return _page(request, "list", chosen=chosen, refusal=refusal)
    return redirect("tray-session", pk=opened.pk)


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One signing session: being prepared, to be confirmed, running, or what became of each dossier."""
    return _session(request, pk)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The one gesture over the session's list. Each dossier is signed or fails on its own."""
    try:
        actions.confirm_session(
            actor=signed_in(request),
            session_id=pk,
            gesture=_gesture(request),
            secret=request.POST.get("secret", ""),
            signatures=_signatures(request.POST.get("signatures", "")),
        )
    except DomainError as refusal:
        # Sent twice by an impatient thumb: what was confirmed runs.
        if refusal.code != "session_used":
            return _session(request, pk, refusal)
    return redirect("tray-session", pk=pk)


@require_POST
def return_unsigned(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one dossier back with a reason."""
    said = _("Returned unsigned. Whoever prepared it reads your reason and can bring it again.")
    return _unsigned(request, pk, actions.return_unsigned, said)


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse for good to sign one dossier, with a reason."""
    said = _("Refused. Nothing will be issued under this number; your reason is kept with it.")
    return _unsigned(request, pk, actions.refuse_to_sign, said)


def _unsigned(request: HttpRequest, pk: int, act: Callable[..., object], said: str) -> HttpResponse:
    """Back to the list, or to the dossier with what was typed and the reason why not."""
    typed = request.POST.get("reason", "")
    try:
        act(actor=signed_in(request), request_id=pk, reason=typed)
    except DomainError as refusal:
        return _page(request, "look", look=pk, refusal=refusal, typed=typed)
    messages.info(request, said)
    return redirect("tray")


@require_POST
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a deputy sign one dossier instead."""
    to = get_object_or_404(User, pk=_number(request.POST.get("to", "")) or 0)
    try:
        actions.pass_on(actor=signed_in(request), request_id=pk, user=to)
    except DomainError as refusal:
        return _page(request, "look", look=pk, refusal=refusal)
    messages.info(request, _("Passed on to %(name)s. The document is printed anew.") % {"name": to.full_name})
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
    with LOCK, closing(pypdfium2.PdfDocument(blobs.path_of(sha256))) as document:
        page = document[index]
        image = page.render(scale=PREVIEW_WIDTH / page.get_width()).to_pil()
    out = io.BytesIO()
    image.convert("L" if _grey(image) else "RGB").quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


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
    find: str = "",
) -> HttpResponse:
    shown = tray_of(signed_in(request), chosen=chosen, look=look, find=find)
    context = {"tray": shown, "state": state, "refusal": refusal, "typed": typed}
    context["drawn"] = chosen is not None  # these boxes count, whatever the browser remembers
    status = refusal.status if refusal else 200
    return render(request, "frontend/tray.html", context, status=status)


def _session(request: HttpRequest, pk: int, refusal: DomainError | None = None) -> HttpResponse:
    """The whole page, or only its moving part when htmx asks for news."""
    user = signed_in(request)
    try:
        found = session_of(user, pk)
    except DomainError as error:
        raise Http404(str(error.message)) from None
    shown = signing_of(found, user)
    context = {"signing": shown, "refusal": refusal, "passkey": _passkey(shown, user), **_key(shown)}
    polled = bool(request.headers.get("HX-Request"))
    if polled and shown.asking:
        # The gesture needs its scripts and its options: a page of its own.
        return HttpResponse(headers={"HX-Refresh": "true"})
    status = refusal.status if refusal else 200
    return render(request, f"frontend/tray_{'run' if polled else 'session'}.html", context, status=status)


def _passkey(shown: Signing, user: User) -> dict[str, Any] | None:
    """What the browser needs to ask for the passkey over this very list."""
    asking = shown.asking and not shown.expired and "passkey" in shown.ways
    return passkey_options(user, bytes.fromhex(shown.session.challenge)) if asking else None


def _key(shown: Signing) -> dict[str, Any]:
    """What the page does for the key: its own PIN asked for, or the list signed on this device."""
    certificate = shown.session.certificate
    if not shown.asking or shown.expired:
        return {}
    key = custody.backend(certificate.backend)
    pieces = to_sign(shown.session) if key.on_device else []
    entries = [(place, base64.b64encode(data).decode()) for place, data in pieces]
    device = {"key": certificate.key_ref, "entries": entries} if key.on_device else None
    return {"wants_secret": key.needs_secret, "device": device}


def _signatures(sent: str) -> dict[int, bytes]:
    """Place → signature of a key on the person's device; what cannot be read signs nothing."""
    try:
        return {int(place): base64.b64decode(data, validate=True) for place, data in json.loads(sent or "[]")}
    except (ValueError, TypeError):
        return {}


def _gesture(request: HttpRequest) -> Gesture:
    """The way in which the form was sent. An answer that is no JSON confirms nothing."""
    if request.POST.get("credential"):
        try:
            answer = json.loads(request.POST["credential"])
        except ValueError:
            answer = {}
        return PasskeyGesture(answer if isinstance(answer, dict) else {})
    if "pin" in request.POST:
        return PinGesture(request.POST["pin"])
    return DemoGesture()


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
