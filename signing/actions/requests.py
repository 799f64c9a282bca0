"""Asking for a signature, looking, returning, refusing, passing on, withdrawing."""

from __future__ import annotations

from contextlib import closing

import pypdfium2
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.common.pdfium import LOCK
from ecabinet.ledger.actions import record
from signing import completions
from signing.actions import preparations
from signing.enums import RequestState, Urgency
from signing.models import SigningRequest
from signing.permissions import can_look, can_settle
from signing.prepare import PERSON_FIELD
from signing.queries import deputies_of


@transaction.atomic
def request_signature(
    *,
    actor: User | None,
    signer: User,
    kind: str,
    subject: str,
    title: str,
    sha256: str,
    title_en: str = "",
    reference: str = "",
    sender: str = "",
    sender_en: str = "",
    urgency: Urgency = Urgency.NORMAL,
    field_name: str = PERSON_FIELD,
) -> SigningRequest:
    """Put a stored file, with its empty visible field, into the signer's tray.

    ``kind`` names the registered completion, ``subject`` what the file is about (``decision:12``).
    Raises WrongState ``already_requested`` when the same subject waits for the same signer.
    """
    with LOCK, closing(pypdfium2.PdfDocument(blobs.path_of(sha256))) as document:
        pages = len(document)
    try:
        with transaction.atomic():
            request = SigningRequest.objects.create(
                kind=kind,
                subject=subject,
                signer=signer,
                requested_by=actor,
                reference=reference,
                title=title,
                title_en=title_en,
                sender=sender,
                sender_en=sender_en,
                urgency=urgency,
                pages=pages,
                field_name=field_name,
                sha256=sha256,
                created_at=clock.now(),
            )
    except IntegrityError:
        message = _("This document is already waiting for that signature.")
        raise WrongState("already_requested", message) from None
    record(
        actor=actor, act="signature.requested", subject=subject, digest=sha256, details={"signer": signer.pk}
    )
    return request


@transaction.atomic
def look(*, actor: User, request_id: int) -> SigningRequest:
    """The signer opened the file; only the first time is kept."""
    request = _locked(request_id)
    if not can_look(actor, request):
        raise Denied(_("This document is not for you to sign."))
    if request.signer_id == actor.pk and request.looked_at is None:
        request.looked_at = clock.now()
        request.save(update_fields=["looked_at"])
    return request


@transaction.atomic
def return_unsigned(*, actor: User, request_id: int, reason: str) -> SigningRequest:
    """The signer gives the file back with a reason. Raises DomainError ``reason_missing``."""
    request = _asked(actor, request_id)
    if not reason.strip():
        raise DomainError("reason_missing", _("Say why you return it, so that it can be put right."))
    _settle(request, RequestState.RETURNED, reason.strip()[:500])
    record(actor=actor, act="signature.returned", subject=request.subject, digest=request.sha256)
    completions.give_back(request.kind, subject=request.subject, reason=request.reason)
    return request


@transaction.atomic
def refuse_to_sign(*, actor: User, request_id: int, reason: str) -> SigningRequest:
    """The signer will not sign this at all; what asked for the signature ends there.

    Raises DomainError ``refusal_reason_missing``, ``cannot_refuse`` (it can only be returned).
    """
    request = _asked(actor, request_id)
    if not completions.may_refuse(request.kind):
        raise DomainError("cannot_refuse", _("This document can only be returned, to be put right."))
    if not reason.strip():
        raise DomainError("refusal_reason_missing", _("Say why you refuse: everybody concerned reads it."))
    _settle(request, RequestState.REFUSED, reason.strip()[:500])
    record(actor=actor, act="signature.refused", subject=request.subject, digest=request.sha256)
    completions.refuse(request.kind, subject=request.subject, reason=request.reason)
    return request


@transaction.atomic
def pass_on(*, actor: User, request_id: int, user: User) -> SigningRequest:
    """A deputy of the signer signs instead; the document is printed anew with that person's name.

    Raises DomainError ``cannot_pass_on`` (the document names its signer for good), ``no_deputy``.
    """
    request = _asked(actor, request_id)
    if not completions.may_pass_on(request.kind):
        raise DomainError("cannot_pass_on", _("This document can be signed by you only."))
    if not deputies_of(actor).filter(pk=user.pk).exists():
        message = _("Choose somebody who holds an office in your agency and a valid certificate.")
        raise DomainError("no_deputy", message)
    _settle(request, RequestState.PASSED_ON, "")
    details, subject = {"to": user.pk}, request.subject
    record(actor=actor, act="signature.passed_on", subject=subject, digest=request.sha256, details=details)
    completions.pass_on(request.kind, subject=request.subject, user=user)
    return request


@transaction.atomic
def withdraw(*, actor: User | None, request_id: int) -> SigningRequest:
    """The room that asked takes its request back, for example because the text changed."""
    request = _locked(request_id)
    _settle(request, RequestState.WITHDRAWN, "")
    record(actor=actor, act="signature.withdrawn", subject=request.subject, digest=request.sha256)
    return request


def _asked(actor: User, request_id: int) -> SigningRequest:
    """The row, when this person's signature is what it asks for."""
    request = _locked(request_id)
    if not can_settle(actor, request):
        raise Denied(_("This document is not for you to sign."))
    return request


def _locked(request_id: int) -> SigningRequest:
    request = SigningRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise DomainError("no_such_request", _("This document is no longer in the tray."), 404)
    return request


def _settle(request: SigningRequest, state: RequestState, reason: str) -> None:
    if not request.open:
        raise WrongState("request_settled", _("This document was signed or returned already."))
    request.state, request.reason, request.settled_at = state, reason, clock.now()
    request.save(update_fields=["state", "reason", "settled_at"])
    preparations.discard([request.pk])
