"""From approved minutes to a record: print → secretary signs → chair signs → seal → deposit.

As with decisions (``meetings.actions.decisions``) each step computes outside any lock and moves the state by
compare-and-swap; a step that fails leaves the minutes where they were and says why in ``trouble``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archive import actions as archive
from archive.enums import RecordKind
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.actions import record
from meetings import tasks
from meetings.actions.minutes import KIND, subject_of
from meetings.enums import MinutesState
from meetings.models import Minutes
from meetings.rules.titles import minutes_title
from signing import actions as signing
from signing import queries as signing_queries
from signing.prepare import PERSON_FIELD

SECRETARY_FIELD = "SecretarySignature"


def advance(minutes_id: int) -> Minutes:
    """Do every step that waits for nobody; returns the minutes where they now stand."""
    while True:
        minutes = _found(minutes_id)
        if minutes.timestamp_pending:
            _await_timestamp(minutes)
            return minutes
        step = _STEPS.get(MinutesState(minutes.state))
        if step is None:
            return minutes
        try:
            step(minutes)
        except DomainError as error:
            Minutes.objects.filter(pk=minutes.pk).update(trouble=str(error.message)[:400])
            raise


def _found(pk: int) -> Minutes:
    rows = Minutes.objects.select_related("meeting__body__agency", "secretary", "chair", "current")
    return rows.get(pk=pk)


def _print(minutes: Minutes) -> None:
    # Late: the printer takes seconds to import, and every process knows this module.
    from meetings.minutes_files import printed

    sha256 = printed(minutes)
    with transaction.atomic():
        if _moved(minutes, MinutesState.RENDERED, rendered_sha256=sha256):
            record(actor=None, act="minutes.printed", subject=subject_of(minutes), digest=sha256)
            _request(minutes, minutes.secretary, sha256, SECRETARY_FIELD)


def _request(minutes: Minutes, signer: User | None, sha256: str, field: str) -> None:
    if signer is None:
        raise DomainError("no_signer", _("Nobody is named to sign these minutes."), 409)
    body = minutes.meeting.body
    title, title_en = minutes_title(minutes.meeting.title, minutes.meeting.title_en)
    signing.request_signature(
        actor=None,
        signer=signer,
        kind=KIND,
        subject=subject_of(minutes),
        reference=minutes.notation,
        title=title,
        title_en=title_en,
        sender=body.name,
        sender_en=body.name_en,
        sha256=sha256,
        field_name=field,
    )


def person_signed(*, subject: str, sha256: str) -> None:
    """Called by the signing room, in its transaction: first for the secretary, then for the chair."""
    minutes = _found(int(subject.removeprefix(f"{KIND}:")))
    if minutes.state != MinutesState.RENDERED:
        return
    if minutes.secretary_signed_at is None:
        signed = {"signed_sha256": sha256, "secretary_signed_at": clock.now()}
        Minutes.objects.filter(pk=minutes.pk).update(**signed)
        _request(minutes, minutes.chair, sha256, PERSON_FIELD)
    elif _moved(minutes, MinutesState.SIGNED, signed_sha256=sha256, signed_at=clock.now()):
        transaction.on_commit(lambda: tasks.advance_minutes.enqueue(minutes.pk))


def person_returned(*, subject: str, reason: str) -> None:
    """Called by the signing room, in its transaction: the words are open again and the approval is void."""
    minutes = _found(int(subject.removeprefix(f"{KIND}:")))
    void = {"approved_at": None, "approved_by": None, "approval_item": None, "secretary_signed_at": None}
    files = {"rendered_sha256": "", "signed_sha256": ""}
    if _moved(minutes, MinutesState.DRAFTED, **void, **files):
        Minutes.objects.filter(pk=minutes.pk).update(trouble=reason[:400])
        record(actor=None, act="minutes.reopened", subject=subject_of(minutes))


def _seal(minutes: Minutes) -> None:
    certificate = signing_queries.organisation_certificate(minutes.meeting.body.agency)
    sealed = signing.seal_pdf(actor=None, sha256=minutes.signed_sha256, certificate=certificate)
    fields = {"sealed_sha256": sealed.sha256, "sealed_at": clock.now()}
    with transaction.atomic():
        if _moved(minutes, MinutesState.SEALED, timestamp_pending=sealed.timestamp_pending, **fields):
            record(actor=None, act="minutes.sealed", subject=subject_of(minutes), digest=sealed.sha256)
            signing.wait_for_timestamp(signed=sealed, **_waiting(minutes))


def _waiting(minutes: Minutes) -> dict[str, str]:
    return {"kind": KIND, "subject": subject_of(minutes), "reference": minutes.notation}


def _await_timestamp(minutes: Minutes) -> None:
    """The signing room's turn. Its row is there already, but for what an older version sealed."""
    signing.wait_for_timestamp(signed=signing.pending(minutes.sealed_sha256), **_waiting(minutes))


def timestamped(*, subject: str, before: str, sha256: str) -> None:
    """Called by the signing room, in its transaction, when the sealed file has its last timestamp."""
    waiting = Minutes.objects.filter(
        pk=int(subject.removeprefix(f"{KIND}:")), sealed_sha256=before, timestamp_pending=True
    )
    for minutes in waiting:
        if waiting.update(sealed_sha256=sha256, timestamp_pending=False, trouble=""):
            record(actor=None, act="minutes.timestamped", subject=subject, digest=sha256)
            transaction.on_commit(partial(tasks.advance_minutes.enqueue, minutes.pk))


def _deposit(minutes: Minutes) -> None:
    from meetings.minutes_files import outcome_events, outcome_files

    agency = minutes.meeting.body.agency
    title, title_en = minutes_title(minutes.meeting.title, minutes.meeting.title_en)
    files, events = outcome_files(minutes), outcome_events(minutes)
    with transaction.atomic():
        if not _moved(minutes, MinutesState.ARCHIVED):
            return
        kept = archive.deposit(
            actor=None,
            reference=minutes.notation,
            title=title[:400],
            title_en=title_en[:400],
            kind=RecordKind.MINUTES,
            agency_name=agency.name,
            agency_name_en=agency.name_en,
            signer_office=minutes.chair_title,
            signer_office_en=minutes.chair_title_en,
            signer_name=minutes.chair.full_name if minutes.chair else "",
            issued_on=minutes.issued_on or clock.today(),
            main=minutes.sealed_sha256,
            files=files,
            events=events,
            verify_code=minutes.verify_code,
            acl=_acl(minutes),
        )
        Minutes.objects.filter(pk=minutes.pk).update(record=kept)


def _acl(minutes: Minutes) -> list[str]:
    """Who may find the record: only members where an item was for members only."""
    circle = "members" if minutes.meeting.items.filter(restricted=True).exists() else "body"
    return [f"{circle}:{minutes.meeting.body_id}", "role:archivist", "role:auditor"]


def _moved(minutes: Minutes, state: MinutesState, **fields: Any) -> bool:
    """Compare-and-swap of the state; False when another process was faster."""
    again = {"attempts": 0, "retry_at": clock.now() + tasks.RETRY_AFTER}
    rows = Minutes.objects.filter(pk=minutes.pk, state=minutes.state)
    return bool(rows.update(state=state, trouble="", **again, **fields))


_STEPS: dict[MinutesState, Callable[[Minutes], None]] = {
    MinutesState.APPROVED: _print,
    MinutesState.SIGNED: _seal,
    MinutesState.SEALED: _deposit,
}
