"""Putting the signatures of a confirmed session in: each dossier is settled on its own, whatever dies."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from ecabinet.common import blobs, clock
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger.actions import record
from signing import completions, pool, stages, trust
from signing.actions import preparations
from signing.actions.versions import record_version
from signing.enums import (
    RUNNING_STATES,
    SIGNABLE_STATES,
    EntryState,
    Level,
    RequestState,
    SessionState,
    VersionKind,
)
from signing.models import SessionEntry, SigningRequest, SigningSession
from signing.pades.deferred import Prepared
from signing.permissions import may_still_sign
from signing.queries import is_listed
from signing.stages import Embedded, EmbedJob, Refused

logger = logging.getLogger(__name__)

# The first alone: it tells whether the time-stamping authority answers before many wait for it.
FIRST, BATCH = 1, 25
# Each may wait for the authority: a piece must end well within the lease.
BATCH_STAMPED = 10
LEASE = timedelta(seconds=90)
# While it does not answer nobody waits for it again so soon (seconds); the queue completes what lacks it.
TSA_PAUSE = 60.0


@dataclass
class Authority:
    """The time-stamping authority as this process knows it: away until then (monotonic seconds)."""

    away_until: float = 0.0


authority = Authority()


def finish_session(session_id: int) -> SigningSession:
    """Settle every entry of a confirmed session. May be called again after any death; one works at a time."""
    session = _leased(session_id)
    if session is None:
        return SigningSession.objects.get(pk=session_id)
    with translation.override(session.signer.language):
        if session.state == SessionState.CONFIRMED:
            _interrupted(session)
        else:
            _finish(session)
    return session


def _finish(session: SigningSession) -> None:
    if not may_still_sign(session.certificate, session.signer, clock.now()):
        _stopped(session)
        return
    size = FIRST
    while rows := list(_left(session)[:size]):
        stamped = _work(session, rows)
        if not _extend(session):
            return  # somebody else has taken it over
        size = BATCH_STAMPED if stamped else BATCH
    _close(session)


def _stopped(session: SigningSession) -> None:
    """The certificate ended after the confirmation: a signature put in now would be one made without it."""
    words = _("Your certificate ended before this document was finished. It is unsigned.")
    for row in list(_left(session)):
        settle_entry(row, EntryState.FAILED, words)
    _close(session)


def _left(session: SigningSession) -> QuerySet[SessionEntry]:
    rows = session.entries.filter(state=EntryState.WAITING)
    return rows.select_related("request__preparation", "request__signer").order_by("place")


def _leased(session_id: int) -> SigningSession | None:
    """The session, held for ``LEASE``; None when it is not confirmed or somebody else holds it."""
    now = clock.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    due = SigningSession.objects.filter(free, pk=session_id, state__in=RUNNING_STATES)
    if not due.update(leased_until=now + LEASE):
        return None
    return SigningSession.objects.select_related("certificate", "signer").get(pk=session_id)


def _extend(session: SigningSession) -> bool:
    """Hold it longer; False when this lease was lost."""
    held = SigningSession.objects.filter(pk=session.pk, leased_until=session.leased_until)
    session.leased_until = clock.now() + LEASE
    return bool(held.update(leased_until=session.leased_until))


def _close(session: SigningSession) -> None:
    session.state, session.done_at, session.leased_until = SessionState.DONE, clock.now(), None
    session.save(update_fields=["state", "done_at", "leased_until"])


@transaction.atomic
def _interrupted(session: SigningSession) -> None:
    """The process died while the key was at work: nobody knows what it signed, and nothing was put in."""
    waiting = SigningSession.objects.filter(pk=session.pk, state=SessionState.CONFIRMED)
    if not waiting.update(state=SessionState.DONE, done_at=clock.now(), leased_until=None):
        return  # the key has answered in this very moment
    words = _("The signing was interrupted before the key had answered. Nothing was signed: confirm again.")
    for row in list(_left(session)):
        settle_entry(row, EntryState.FAILED, words)


def _work(session: SigningSession, rows: Sequence[SessionEntry]) -> bool:
    """A handful of entries: what cannot be signed any more drops out, the others are put in and settled.

    True when the time-stamping authority was asked.
    """
    able = []
    for row in rows:
        trouble = _trouble(row)
        if trouble is None:
            able.append(row)
        else:
            settle_entry(row, *trouble)
    if not able:
        return False
    with tempfile.TemporaryDirectory(dir=settings.BLOB_DIR, prefix=".signing-") as folder:
        jobs = _jobs(session, able, Path(folder))
        results = list(pool.each(stages.embed, jobs))
        _watch_authority(results, asked=jobs[0].stamped)
        made = iter(blobs.adopt([j.target for j, r in zip(jobs, results, strict=True) if _is_made(r)]))
        digests = [next(made)[0] if _is_made(result) else "" for result in results]
        with transaction.atomic():
            _settle(session, list(zip(able, results, digests, strict=True)))
    return jobs[0].stamped


def _trouble(row: SessionEntry) -> tuple[EntryState, str] | None:
    """Why this entry cannot be signed any more, or None."""
    request = row.request
    if not request.open:
        words = {
            RequestState.SIGNED: _("It was signed already, from another window or device."),
            RequestState.RETURNED: _("It was returned meanwhile."),
            RequestState.REFUSED: _("Its signature was refused meanwhile."),
            RequestState.PASSED_ON: _("It was passed on meanwhile."),
        }
        return EntryState.DROPPED, words.get(RequestState(request.state), _("It was taken back meanwhile."))
    if not is_listed(row):
        return EntryState.FAILED, _("The document changed after you chose it. Look at it and sign it again.")
    if row.signature is None or not preparations.path_of(request.preparation.file).exists():
        return EntryState.FAILED, _("It could not be prepared. Try again.")
    return None


def _jobs(session: SigningSession, rows: Sequence[SessionEntry], folder: Path) -> list[EmbedJob]:
    chain = tuple(each.dump() for each in session.certificate.certificates())
    stamped = trust.timestamper() is not None and time.monotonic() >= authority.away_until
    return [_job(row, chain, folder / f"{row.pk}.pdf", stamped=stamped) for row in rows]


def _job(row: SessionEntry, chain: tuple[bytes, ...], target: Path, *, stamped: bool) -> EmbedJob:
    kept = row.request.preparation
    prepared = Prepared(bytes(kept.digest), kept.start, kept.end, bytes(kept.attributes))
    source = preparations.path_of(kept.file)
    return EmbedJob(source, target, prepared, bytes(row.signature or b""), chain, stamped)


def _watch_authority(results: Sequence[Embedded | Refused], *, asked: bool) -> None:
    if asked and any(isinstance(each, Embedded) and not each.stamped for each in results):
        authority.away_until = time.monotonic() + TSA_PAUSE


def _is_made(result: Embedded | Refused) -> bool:
    return isinstance(result, Embedded)


def _settle(
    session: SigningSession, outcomes: Sequence[tuple[SessionEntry, Embedded | Refused, str]]
) -> None:
    """Settle entries with their requests; a completion that refuses leaves its own dossier unsigned."""
    ids = [row.request_id for row, _result, _sha256 in outcomes]
    held = SigningRequest.objects.select_for_update().in_bulk(ids)
    signed = []
    for row, result, sha256 in outcomes:
        words = _sign(session, held[row.request_id], result, sha256)
        if words:
            _failed(row, words)
        else:
            signed.append(row)
            record_version(sha256=sha256, made_from=row.sha256, kind=VersionKind.SIGN)
    preparations.discard(row.request_id for row in signed)
    SessionEntry.objects.filter(pk__in=[row.pk for row in signed]).update(
        state=EntryState.SIGNED, settled_at=clock.now()
    )


def _sign(session: SigningSession, request: SigningRequest, result: Embedded | Refused, sha256: str) -> str:
    """Why it stays unsigned; empty when it is signed now."""
    if isinstance(result, Refused):
        return str(result.words)
    try:
        with transaction.atomic():
            _settle_signed(session, request, sha256, Level.T if result.stamped else Level.B)
    except DomainError as error:
        return str(error.message)
    except DatabaseError:
        raise
    except Exception:  # whatever a higher room does wrong, the other dossiers go on
        logger.exception("signing request %s could not be completed", request.pk)
        return _("It could not be registered. Try again, or ask the secretariat.")
    return ""


def _settle_signed(session: SigningSession, request: SigningRequest, sha256: str, level: Level) -> None:
    if not request.open:
        raise WrongState("request_settled", _("This document was signed or returned already."))
    request.state, request.reason, request.settled_at = RequestState.SIGNED, "", clock.now()
    request.signed_sha256, request.level = sha256, level
    request.save(update_fields=["state", "reason", "settled_at", "signed_sha256", "level"])
    details = {"session": session.pk, "challenge": session.challenge, "mandate": session.mandate}
    record(
        actor=session.signer, act="signature.made", subject=request.subject, digest=sha256, details=details
    )
    others = SigningRequest.objects.filter(
        kind=request.kind, subject=request.subject, state__in=SIGNABLE_STATES
    )
    if not others.exists():
        completions.complete(request.kind, subject=request.subject, sha256=sha256)


def _failed(row: SessionEntry, reason: str) -> None:
    """This dossier failed; it can be tried again, from a fresh preparation."""
    logger.warning("signing request %s failed: %s", row.request_id, reason)
    still_open = SigningRequest.objects.filter(pk=row.request_id, state__in=SIGNABLE_STATES)
    still_open.update(state=RequestState.FAILED, reason=reason[:500])
    preparations.discard([row.request_id])
    settle_entry(row, EntryState.FAILED, reason)


def settle_entry(row: SessionEntry, state: EntryState, reason: str) -> None:
    """Once only: what another process has settled stays."""
    waiting = SessionEntry.objects.filter(pk=row.pk, state=EntryState.WAITING)
    waiting.update(state=state, reason=reason[:500], settled_at=clock.now())
