"""One gesture for many dossiers: prepare, authorise once, sign; each succeeds or fails on its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from signing import completions, custody, trust
from signing.actions.files import person_field, stored, working_copy
from signing.custody import Authorisation, CustodyError, Entry
from signing.enums import SIGNABLE_STATES, Level, RequestState, SessionState
from signing.models import Certificate, SigningRequest, SigningSession
from signing.pades import deferred
from signing.pades.deferred import Prepared, SignatureField
from signing.permissions import may_still_sign
from signing.queries import certificate_of

logger = logging.getLogger(__name__)

LIFE = timedelta(minutes=10)


def authorise(
    *, actor: User, request_ids: Sequence[int], evidence: Mapping[str, Any] | None = None
) -> list[SigningRequest]:
    """Prepare and sign in one go; returns every request asked for in its new state.

    ``evidence`` says how the person confirmed. Failures are in the rows (state failed, with a reason),
    except when nothing at all can be signed: DomainError ``nothing_to_sign`` or ``no_certificate``.
    """
    session = open_session(actor=actor, request_ids=request_ids)
    authorise_session(actor=actor, session_id=session.pk, evidence=evidence or {})
    return list(SigningRequest.objects.filter(signer=actor, pk__in=request_ids).order_by("-urgency", "id"))


def open_session(*, actor: User, request_ids: Sequence[int]) -> SigningSession:
    """Prepare the chosen requests and fix their order and challenge; nothing is signed yet."""
    chosen = SigningRequest.objects.filter(signer=actor, pk__in=request_ids, state__in=SIGNABLE_STATES)
    rows = list(chosen.order_by("-urgency", "id"))
    if not rows:
        message = _("Choose at least one document. What you chose was signed or returned already.")
        raise DomainError("nothing_to_sign", message)
    certificate = certificate_of(actor)
    ready = [row for row in rows if _prepared(row, certificate)]
    now = clock.now()
    with transaction.atomic():
        session = SigningSession.objects.create(
            signer=actor,
            certificate=certificate,
            mandate=mandate_text(actor, clock.today()),
            challenge=Authorisation.of([_entry(row) for row in ready]).challenge.hex(),
            opened_at=now,
            expires_at=now + LIFE,
        )
        for place, row in enumerate(ready):
            row.session, row.place = session, place
            row.save(update_fields=["session", "place", "prepared", "prepared_from", "prepared_sha256"])
    return session


def authorise_session(*, actor: User, session_id: int, evidence: Mapping[str, Any]) -> list[SigningRequest]:
    """The person confirmed the session's list: sign it. A session is used once and lives ten minutes.

    ``evidence`` is kept (a passkey's assertion over the challenge, or the device's signatures).
    Returns the session's requests in their new states.
    """
    session = _used_once(actor, session_id, evidence)
    rows = list(session.requests.order_by("place"))
    allowed = Authorisation(tuple(_entry(row).leaf for row in rows), evidence)
    if allowed.challenge.hex() != session.challenge:
        raise CustodyError("not_authorised", _("Something changed after you confirmed. Confirm again."))
    current = [row for row in rows if row.open and row.prepared_from == row.sha256]
    try:
        key = custody.backend(session.certificate.backend)
        raws = key.raw_sign(session.certificate.key_ref, [_entry(row) for row in current], allowed)
    except CustodyError as error:
        for row in current:
            _fail(row, str(error.message))
        return rows
    for row, raw in zip(current, raws, strict=True):
        _finish(row, session, raw)
    return rows


@transaction.atomic
def _used_once(actor: User, session_id: int, evidence: Mapping[str, Any]) -> SigningSession:
    found = SigningSession.objects.select_for_update(of=("self",)).select_related("certificate")
    session = found.filter(pk=session_id).first()
    if session is None or session.signer_id != actor.pk:
        raise Denied(_("This confirmation is not yours."))
    if session.state != SessionState.OPEN:
        raise WrongState("session_used", _("This confirmation was used already. Look at the results below."))
    if session.expires_at <= clock.now():
        raise WrongState("session_expired", _("The confirmation came too late. Confirm again."))
    if not may_still_sign(session.certificate, actor, clock.now()):
        message = _("Your certificate or your office changed after you began. Look at your certificates.")
        raise WrongState("certificate_not_active", message)
    session.state, session.authorised_at = SessionState.AUTHORISED, clock.now()
    session.assertion = dict(evidence)
    session.save(update_fields=["state", "authorised_at", "assertion"])
    return session


def _prepared(row: SigningRequest, certificate: Certificate) -> bool:
    """Put the placeholder into a copy of the row's file; False (and the row failed) when that cannot be."""
    try:
        with working_copy(row.sha256) as path:
            prepared = deferred.prepare(
                path,
                _field(row),
                certificate.certificates(),
                moment=clock.now(),
                timestamped=trust.timestamper() is not None,
            )
            row.prepared_sha256 = stored(path, Level.NONE, pending=True).sha256
    except DomainError as error:
        _fail(row, str(error.message))
        return False
    row.prepared_from = row.sha256
    row.prepared = {
        "digest": prepared.digest.hex(),
        "start": prepared.start,
        "end": prepared.end,
        "attributes": prepared.attributes.hex(),
    }
    return True


def _field(row: SigningRequest) -> SignatureField:
    drawn = person_field(row.signer.full_name)
    return SignatureField(row.field_name, drawn.drawing)


def _entry(row: SigningRequest) -> Entry:
    return Entry(row.subject, row.prepared_from, bytes.fromhex(row.prepared["attributes"]))


def _finish(row: SigningRequest, session: SigningSession, raw: bytes) -> None:
    """Embed one signature and settle its row; a failure stays with this row."""
    kept = row.prepared
    prepared = Prepared(
        bytes.fromhex(kept["digest"]), kept["start"], kept["end"], bytes.fromhex(kept["attributes"])
    )
    try:
        with working_copy(row.prepared_sha256) as path:
            path.chmod(0o600)
            chain = session.certificate.certificates()
            stamped = deferred.embed(path, prepared, raw, chain, trust.timestamper())
            signed = stored(path, Level.T if stamped else Level.B, pending=not stamped)
        _settle_signed(row, session, signed.sha256, signed.level)
    except DomainError as error:
        row.refresh_from_db()
        _fail(row, str(error.message))


@transaction.atomic
def _settle_signed(row: SigningRequest, session: SigningSession, sha256: str, level: Level) -> None:
    locked = SigningRequest.objects.select_for_update().get(pk=row.pk)
    if not locked.open or locked.session_id != session.pk:
        raise WrongState("request_settled", _("This document was signed or returned already."))
    row.state, row.reason, row.settled_at = RequestState.SIGNED, "", clock.now()
    row.signed_sha256, row.level = sha256, level
    row.save(update_fields=["state", "reason", "settled_at", "signed_sha256", "level"])
    details = {"session": session.pk, "challenge": session.challenge, "mandate": session.mandate}
    record(actor=session.signer, act="signature.made", subject=row.subject, digest=sha256, details=details)
    others = SigningRequest.objects.filter(kind=row.kind, subject=row.subject, state__in=SIGNABLE_STATES)
    if not others.exists():
        completions.complete(row.kind, subject=row.subject, sha256=sha256)


def _fail(row: SigningRequest, reason: str) -> None:
    """Mark one open row as failed; it can be tried again."""
    if row.open:
        logger.warning("signing request %s failed: %s", row.pk, reason)
        row.state, row.reason = RequestState.FAILED, reason[:500]
        row.save(update_fields=["state", "reason"])
