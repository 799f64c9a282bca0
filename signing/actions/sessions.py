"""One gesture for many dossiers: prepared, confirmed once, then signed one by one.

``open_session`` fixes the ordered list and its challenge, ``confirm_session`` takes the person's gesture over
just that challenge and has the key sign, ``finish_session`` (signing.actions.entries) puts the signatures in.
Each step survives the death of its process.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.gestures import Gesture
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError, WrongState
from signing import custody, tasks
from signing.actions.entries import finish_session, settle_entry
from signing.actions.preparations import prepare_requests
from signing.custody import Authorisation, CustodyError, Entry
from signing.custody.proof import require_by
from signing.enums import SIGNABLE_STATES, EntryState, SessionState
from signing.models import SessionEntry, SigningRequest, SigningSession
from signing.permissions import may_still_sign
from signing.queries import certificate_of, fresh_preparations, is_listed, mandate_of, session_of

logger = logging.getLogger(__name__)

# From the moment the list is fixed to the gesture.
LIFE = timedelta(minutes=10)
# A remote key may take its time; after that nobody works on the session any more.
KEY_AT_WORK = timedelta(minutes=2)


def authorise(*, actor: User, request_ids: Sequence[int], gesture: Gesture) -> list[SigningRequest]:
    """All steps in one go, here and now; returns every request asked for in its new state.

    Failures are in the rows (state failed, with a reason), except when nothing at all can be signed:
    DomainError ``nothing_to_sign`` or ``no_certificate``, CustodyError, and what the gesture raises.
    """
    session = open_session(actor=actor, request_ids=request_ids)
    prepare_session(session.pk)
    session.refresh_from_db()
    if session.state == SessionState.OPEN:
        confirm_session(actor=actor, session_id=session.pk, gesture=gesture)
        finish_session(session.pk)
    return list(SigningRequest.objects.filter(signer=actor, pk__in=request_ids).order_by("-urgency", "id"))


def open_session(*, actor: User, request_ids: Sequence[int]) -> SigningSession:
    """Fix the chosen requests and their order. Ready for the gesture at once when all are prepared,
    else when ``prepare_session`` has run. Nothing is signed yet.

    Raises DomainError ``nothing_to_sign``, ``no_certificate``.
    """
    chosen = SigningRequest.objects.filter(signer=actor, pk__in=request_ids, state__in=SIGNABLE_STATES)
    rows = list(chosen.order_by("-urgency", "id"))
    if not rows:
        message = _("Choose at least one document. What you chose was signed or returned already.")
        raise DomainError("nothing_to_sign", message)
    certificate, now = certificate_of(actor), clock.now()
    with transaction.atomic():
        session = SigningSession.objects.create(
            signer=actor,
            certificate=certificate,
            mandate=mandate_of(certificate),
            opened_at=now,
            expires_at=now + LIFE,
        )
        SessionEntry.objects.bulk_create(
            SessionEntry(session=session, request=row, place=place, sha256=row.sha256)
            for place, row in enumerate(rows)
        )
        if fresh_preparations(rows, certificate).count() == len(rows):
            _fix(session)
        else:
            transaction.on_commit(lambda: tasks.prepare_session.enqueue(session.pk))
    return session


def prepare_session(session_id: int) -> None:
    """Prepare what is not prepared yet, then fix the list. Doing it twice is harmless."""
    session = SigningSession.objects.select_related("certificate__user").get(pk=session_id)
    if session.state != SessionState.PREPARING:
        return
    rows = SigningRequest.objects.filter(entries__session=session).select_related("signer")
    prepare_requests(list(rows), session.certificate)
    with transaction.atomic():
        held = SigningSession.objects.select_for_update(of=("self",)).get(pk=session_id)
        if held.state == SessionState.PREPARING:
            held.certificate = session.certificate
            _fix(held)


def confirm_session(
    *,
    actor: User,
    session_id: int,
    gesture: Gesture,
    secret: str = "",
    signatures: Mapping[int, bytes] | None = None,
) -> SigningSession:
    """The person confirmed the session's list: have its key sign. Used once, within ten minutes.

    The gesture's evidence over the challenge is kept. ``secret`` opens a key that wants its own PIN and is
    kept nowhere; ``signatures`` (place → signature) come from a key on the person's own device. Raises
    DomainError ``no_such_session``, WrongState ``session_used``, ``session_expired``, ``mandate_changed``,
    ``certificate_not_active``, ``nothing_left``; CustodyError when the key does not sign: the session then
    stays open for a new gesture.
    """
    session = session_of(actor, session_id)
    _must_be_open(session)
    if not _confirmed(session):
        message = _("None of these can be signed any more. Choose the documents again.")
        raise WrongState("nothing_left", message)
    evidence = gesture.evidence(user=actor, challenge=bytes.fromhex(session.challenge))
    _take(session, evidence)
    entries = list(_confirmed(session))
    given = [(signatures or {}).get(row.place, b"") for row in entries]
    allowed = replace(
        _allowed(session, _listed(session)), evidence={**evidence, "signatures": given}, secret=secret
    )
    try:
        if allowed.challenge.hex() != session.challenge:
            raise CustodyError("not_authorised", _("Something changed after you confirmed. Confirm again."))
        raws = _raw(session, entries, allowed)
    except CustodyError:
        _give_back(session)
        raise
    _keep(session, entries, raws)
    return session


def _must_be_open(session: SigningSession) -> None:
    if session.state == SessionState.PREPARING:
        raise WrongState("session_not_ready", _("The documents are still being prepared. Wait a moment."))
    if session.state != SessionState.OPEN:
        raise WrongState("session_used", _("This confirmation was used already. Look at the results below."))
    if session.expires_at <= clock.now():
        raise WrongState("session_expired", _("The confirmation came too late. Confirm again."))
    if not may_still_sign(session.certificate, session.signer, clock.now()):
        message = _(
            "This certificate may not make new signatures. Ask your registration officer for a new one."
        )
        raise WrongState("certificate_not_active", message)
    if session.mandate != mandate_of(session.certificate):
        raise WrongState("mandate_changed", _("Your office has changed. Choose the documents again."))


def _take(session: SigningSession, evidence: Mapping[str, Any]) -> None:
    """From open to confirmed, by exactly one caller."""
    now = clock.now()
    mine = SigningSession.objects.filter(pk=session.pk, state=SessionState.OPEN)
    if not mine.update(
        state=SessionState.CONFIRMED,
        assertion=dict(evidence),
        authorised_at=now,
        leased_until=now + KEY_AT_WORK,
    ):
        raise WrongState("session_used", _("This confirmation was used already. Look at the results below."))
    session.refresh_from_db()


def _give_back(session: SigningSession) -> None:
    """The key did not sign: the same list may be confirmed again, by a new gesture."""
    session.expires_at = clock.now() + LIFE
    mine = SigningSession.objects.filter(pk=session.pk, state=SessionState.CONFIRMED)
    mine.update(
        state=SessionState.OPEN,
        assertion={},
        authorised_at=None,
        leased_until=None,
        expires_at=session.expires_at,
        challenge=_allowed(session, _listed(session)).challenge.hex(),
    )


def _listed(session: SigningSession) -> list[SessionEntry]:
    """What the challenge is over, in order."""
    rows = session.entries.exclude(attributes_sha256="").select_related("request")
    return list(rows.order_by("place"))


def _allowed(session: SigningSession, rows: Sequence[SessionEntry]) -> Authorisation:
    """The set: first which session at which try this is, so that no gesture serves twice, then the rows."""
    head = f"session:{session.pk}:{session.expires_at.astimezone(UTC).isoformat()}"
    leaves = (custody.leaf(row.request.subject, row.sha256, row.attributes_sha256) for row in rows)
    return Authorisation((hashlib.sha256(head.encode()).digest(), *leaves))


def _confirmed(session: SigningSession) -> list[SessionEntry]:
    """What of it can still be signed: the rest drops out when the session is finished."""
    rows = session.entries.filter(state=EntryState.WAITING, request__state__in=SIGNABLE_STATES)
    listed = rows.exclude(attributes_sha256="").select_related("request__preparation").order_by("place")
    return [row for row in listed if is_listed(row)]


def _raw(session: SigningSession, entries: Sequence[SessionEntry], allowed: Authorisation) -> Sequence[bytes]:
    if not entries:
        return []
    certificate = session.certificate
    wanted = [
        Entry(row.request.subject, row.sha256, bytes(row.request.preparation.attributes)) for row in entries
    ]
    raws = custody.backend(certificate.backend).raw_sign(certificate.key_ref, wanted, allowed)
    require_by(certificate.certificates()[0], wanted, raws)
    return raws


@transaction.atomic
def _keep(session: SigningSession, entries: Sequence[SessionEntry], raws: Sequence[bytes]) -> None:
    """From here on the signatures are made, whatever dies: putting them in can be done again."""
    held = SigningSession.objects.filter(pk=session.pk, state=SessionState.CONFIRMED)
    if not held.update(state=SessionState.AUTHORISED, leased_until=None):
        raise WrongState("session_used", _("The key took too long to answer. Confirm again."))
    for row, raw in zip(entries, raws, strict=True):
        row.signature = raw
    SessionEntry.objects.bulk_update(entries, ["signature"], batch_size=100)
    session.refresh_from_db()
    transaction.on_commit(lambda: tasks.finish_session.enqueue(session.pk))


def _fix(session: SigningSession) -> None:
    """Write down what exactly is to be confirmed; what has no preparation stays out of it."""
    rows = list(session.entries.select_related("request"))
    found = fresh_preparations([row.request for row in rows], session.certificate)
    digests = {each.request_id: custody.digest_of(bytes(each.attributes)) for each in found}
    listed = [row for row in rows if row.request_id in digests]
    for row in rows:
        if row.request_id in digests:
            row.attributes_sha256 = digests[row.request_id]
        else:
            settle_entry(
                row, EntryState.FAILED, row.request.reason or _("It could not be prepared. Try again.")
            )
    SessionEntry.objects.bulk_update(listed, ["attributes_sha256"], 100)
    now = clock.now()
    session.done_at, session.expires_at = (None if listed else now), now + LIFE
    session.challenge = _allowed(session, listed).challenge.hex() if listed else ""
    session.state = SessionState.OPEN if listed else SessionState.DONE
    session.save(update_fields=["challenge", "state", "done_at", "expires_at"])
