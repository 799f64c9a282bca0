"""From an adopted draft to a record: number → print → sign → seal → deposit.

``prepare`` is what a person does; ``advance`` does the rest step by step. Each step computes outside
any lock, stores its file by content, then moves the state by compare-and-swap: a step done twice is
harmless, a step that fails leaves the decision where it was and says why in ``trouble``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from archive import actions as archive
from archive.codes import new_code
from ecabinet.accounts.models import User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from exchange.actions import take_number
from exchange.rules import notation
from meetings import tasks
from meetings.actions.appendices import Appendix, attach, change
from meetings.enums import DecisionState, DecisionType, MembershipRole
from meetings.models import AgendaItem, ConsentAdoption, Decision, Meeting
from meetings.permissions import can_run_desk
from meetings.queries.decisions import basis_of, decision_on, signer_of
from signing import actions as signing
from signing import queries as signing_queries
from voting.models import Poll

KIND = "decision"


@transaction.atomic
def prepare(
    *,
    actor: User,
    item: AgendaItem,
    type: DecisionType,  # noqa: A002 - the field's word
    abstract: str,
    content: str,
    abstract_en: str = "",
    recipients: str = "",
    public: bool = False,
    appendices: Sequence[Appendix] = (),
) -> Decision:
    """Reserve number and date for an adopted item and start its way to the record.

    A second call for the same poll or block adoption returns the first decision. Raises Denied, WrongState
    ``not_adopted``, DomainError ``decision_content_missing``.
    """
    _must_run_desk(actor, item.meeting)
    item = AgendaItem.objects.select_for_update().select_related("meeting__body__agency").get(pk=item.pk)
    basis = basis_of(item)
    if basis is None:
        raise WrongState("not_adopted", _("Nothing was adopted on this item, so there is nothing to sign."))
    made = decision_on(basis)
    if made is not None:
        return made
    _require_words(abstract, content)
    decision = _numbered(
        actor,
        item,
        basis,
        type=type,
        abstract=abstract.strip(),
        abstract_en=abstract_en.strip(),
        content=content.strip(),
        recipients=recipients.strip(),
        public=public,
    )
    attach(decision, appendices)
    transaction.on_commit(lambda: tasks.advance_decision.enqueue(decision.pk))
    return decision


def _numbered(actor: User, item: AgendaItem, basis: Poll | ConsentAdoption, **words: Any) -> Decision:
    """The decision with the next number of its series and the signer of today."""
    body, today, signer = item.meeting.body, clock.today(), signer_of(item.meeting)
    series = f"{words['type'].value}-{body.symbol}"
    taken = take_number(actor=actor, agency=body.agency, series=series, subject=words["abstract"], on=today)
    decision = Decision.objects.create(
        item=item,
        poll=basis if isinstance(basis, Poll) else None,
        adoption=basis if isinstance(basis, ConsentAdoption) else None,
        registration=taken,
        notation=notation(taken.number, series, today.year),
        signer=signer.user,
        signer_title=signer.office or _role_in_print(signer.role),
        signer_title_en=signer.office_en,
        issued_on=today,
        verify_code=new_code(),
        created_at=clock.now(),
        retry_at=clock.now() + tasks.RETRY_AFTER,
        **words,
    )
    record(actor=actor, act="decision.numbered", subject=_subject(decision), digest=basis.text_sha256)
    return decision


def _role_in_print(role: str) -> str:
    """A decision is printed in the language of the site, whoever prepares it in whichever language."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(MembershipRole(role).label)


def advance(decision_id: int) -> Decision:
    """Do every step that waits for nobody; returns the decision where it now stands."""
    while True:
        decision = Decision.objects.select_related("item__meeting__body__agency", "signer", "poll").get(
            pk=decision_id
        )
        if decision.timestamp_pending:
            _await_timestamp(decision)
            return decision
        step = _STEPS.get(DecisionState(decision.state))
        if step is None:
            return decision
        try:
            step(decision)
        except DomainError as error:
            Decision.objects.filter(pk=decision.pk).update(trouble=str(error.message)[:400])
            raise


def _print(decision: Decision) -> None:
    # Late: the printer takes seconds to import, and every process knows this module.
    from meetings.decision_files import printed

    sha256 = printed(decision)
    with transaction.atomic():
        if _moved(decision, DecisionState.RENDERED, rendered_sha256=sha256):
            record(actor=None, act="decision.printed", subject=_subject(decision), digest=sha256)
            signing.request_signature(
                actor=None,
                signer=decision.signer,
                kind=KIND,
                subject=_subject(decision),
                reference=decision.notation,
                title=decision.abstract,
                title_en=decision.abstract_en,
                sender=decision.item.meeting.body.name,
                sender_en=decision.item.meeting.body.name_en,
                sha256=sha256,
            )


def person_signed(*, subject: str, sha256: str) -> None:
    """Called by the signing room, in its transaction, when the person's signature is in."""
    decision = Decision.objects.get(pk=int(subject.removeprefix(f"{KIND}:")))
    if _moved(decision, DecisionState.SIGNED, signed_sha256=sha256, signed_at=clock.now()):
        transaction.on_commit(lambda: tasks.advance_decision.enqueue(decision.pk))


def person_returned(*, subject: str, reason: str) -> None:
    """Called by the signing room, in its transaction, when the signer gives the file back unsigned."""
    _unsigned(subject, DecisionState.RETURNED, reason)


def person_refused(*, subject: str, reason: str) -> None:
    """Called by the signing room, in its transaction: nothing will be issued under this number."""
    _unsigned(subject, DecisionState.REFUSED, reason)


def _unsigned(subject: str, state: DecisionState, reason: str) -> None:
    decision = Decision.objects.get(pk=int(subject.removeprefix(f"{KIND}:")))
    if _moved(decision, state):
        Decision.objects.filter(pk=decision.pk).update(trouble=reason[:400])


def person_passed_on(*, subject: str, user: User) -> None:
    """Called by the signing room, in its transaction: a deputy signs, and the page says in whose place."""
    decision = Decision.objects.get(pk=int(subject.removeprefix(f"{KIND}:")))
    if "\n" in decision.signer_title:
        raise WrongState("passed_on_once", _("It was passed on already. Return it with a reason instead."))
    titles = {"signer_title": settings.LANGUAGE_CODE, "signer_title_en": "en"}
    words = {name: _in_place_of(getattr(decision, name), user, language) for name, language in titles.items()}
    if not _moved(decision, DecisionState.NUMBERED, only_from=DecisionState.RENDERED, signer=user, **words):
        raise WrongState("decision_moved", _("The decision has moved on meanwhile. Reload the page."))
    transaction.on_commit(lambda: tasks.advance_decision.enqueue(decision.pk))


def _in_place_of(title: str, user: User, language: str) -> str:
    """Two lines: for whom, and the deputy's own office (Decree 30/2020, annex I part II §7)."""
    if not title:
        return ""
    with translation.override(language):
        first = _("For %(office)s") % {"office": title}
        return f"{first}\n{mandate_text(user, clock.today())}"[:200]


@transaction.atomic
def revise(
    *,
    actor: User,
    decision: Decision,
    abstract: str,
    abstract_en: str,
    content: str,
    drop: Collection[int] = (),
    appendices: Sequence[Appendix] = (),
) -> Decision:
    """Print a returned decision again with new words; number and date stay.

    ``drop`` names appendices (ids) that are left out, ``appendices`` come after those that stay. Raises
    Denied, WrongState ``not_returned``, DomainError ``decision_content_missing`` or ``bad_appendices``.
    """
    _must_run_desk(actor, decision.item.meeting)
    _require_words(abstract, content)
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if not _moved(locked, DecisionState.NUMBERED, only_from=DecisionState.RETURNED):
        raise WrongState("not_returned", _("Only a decision that came back unsigned can be changed."))
    words = {"abstract": abstract.strip(), "abstract_en": abstract_en.strip(), "content": content.strip()}
    Decision.objects.filter(pk=decision.pk).update(**words)
    change(locked, drop=drop, add=appendices)
    record(actor=actor, act="decision.revised", subject=_subject(decision))
    transaction.on_commit(lambda: tasks.advance_decision.enqueue(decision.pk))
    locked.refresh_from_db()
    return locked


def _must_run_desk(actor: User, meeting: Meeting) -> None:
    if not can_run_desk(actor, meeting):
        raise Denied(_("Only the chair and the secretariat may prepare a decision for signature."))


def _require_words(abstract: str, content: str) -> None:
    if not content.strip() or not abstract.strip():
        raise DomainError("decision_content_missing", _("A decision needs an abstract and its content."))


def _seal(decision: Decision) -> None:
    agency = decision.item.meeting.body.agency
    certificate = signing_queries.organisation_certificate(agency)
    sealed = signing.seal_pdf(actor=None, sha256=decision.signed_sha256, certificate=certificate)
    with transaction.atomic():
        if _moved(
            decision,
            DecisionState.SEALED,
            sealed_sha256=sealed.sha256,
            sealed_at=clock.now(),
            timestamp_pending=sealed.timestamp_pending,
        ):
            record(actor=None, act="decision.sealed", subject=_subject(decision), digest=sealed.sha256)
            signing.wait_for_timestamp(signed=sealed, **_waiting(decision))


def _waiting(decision: Decision) -> dict[str, str]:
    return {"kind": KIND, "subject": _subject(decision), "reference": decision.notation}


def _await_timestamp(decision: Decision) -> None:
    """The signing room's turn. Its row is there already, but for what an older version sealed."""
    signing.wait_for_timestamp(signed=signing.pending(decision.sealed_sha256), **_waiting(decision))


def timestamped(*, subject: str, before: str, sha256: str) -> None:
    """Called by the signing room, in its transaction, when the sealed file has its last timestamp."""
    waiting = Decision.objects.filter(
        pk=int(subject.removeprefix(f"{KIND}:")), sealed_sha256=before, timestamp_pending=True
    )
    for decision in waiting:
        if waiting.update(sealed_sha256=sha256, timestamp_pending=False, trouble=""):
            record(actor=None, act="decision.timestamped", subject=subject, digest=sha256)
            transaction.on_commit(partial(tasks.advance_decision.enqueue, decision.pk))


def _deposit(decision: Decision) -> None:
    from meetings.decision_files import outcome_events, outcome_files

    body = decision.item.meeting.body
    files, events = outcome_files(decision), outcome_events(decision)
    with transaction.atomic():
        if not _moved(decision, DecisionState.ARCHIVED):
            return
        kept = archive.deposit(
            actor=None,
            reference=decision.notation,
            title=decision.abstract,
            title_en=decision.abstract_en,
            kind=decision.type,
            agency_name=body.agency.name,
            agency_name_en=body.agency.name_en,
            signer_office=decision.signer_title,
            signer_office_en=decision.signer_title_en,
            signer_name=decision.signer.full_name,
            issued_on=decision.issued_on,
            main=decision.sealed_sha256,
            files=files,
            events=events,
            verify_code=decision.verify_code,
            acl=_acl(decision, body.pk),
        )
        Decision.objects.filter(pk=decision.pk).update(record=kept)


def _acl(decision: Decision, body_id: int) -> list[str]:
    circle = "members" if decision.item.restricted else "body"
    tokens = [f"{circle}:{body_id}", "role:archivist", "role:auditor"]
    return ["public", *tokens] if decision.public else tokens


def _subject(decision: Decision) -> str:
    return f"{KIND}:{decision.pk}"


def _moved(
    decision: Decision, state: DecisionState, *, only_from: DecisionState | None = None, **fields: Any
) -> bool:
    """Compare-and-swap of the state; False when another process was faster."""
    rows = Decision.objects.filter(pk=decision.pk, state=only_from or decision.state)
    again = {"attempts": 0, "retry_at": clock.now() + tasks.RETRY_AFTER}
    return bool(rows.update(state=state, trouble="", **again, **fields))


_STEPS: dict[DecisionState, Callable[[Decision], None]] = {
    DecisionState.NUMBERED: _print,
    DecisionState.SIGNED: _seal,
    DecisionState.SEALED: _deposit,
}
