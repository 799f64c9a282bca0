"""Written ballots, from draft to result: the only writers of their state.

The counting is the same as at a meeting (``voting``). Every voting member is entitled, so there is no
quorum to miss; the deadline closes the poll, and no answer counts as the body says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.common.validation import must_be_valid
from ecabinet.ledger.actions import record
from meetings.actions import agenda, dossiers
from meetings.actions.guards import must_prepare, refuse_marked, stale
from meetings.enums import DocumentRole, MembershipRole, WrittenState
from meetings.models import (
    AgendaItem,
    DocumentVersion,
    Dossier,
    Meeting,
    Membership,
    WrittenAnswer,
    WrittenBallot,
    WrittenPaper,
)
from meetings.poll_view import mandate_key, membership_id
from meetings.rules.working_days import Holidays, deadline
from meetings.rules.written import MAX_COMMENT, Opinion, Trouble, clean_opinions
from voting import actions as voting
from voting.actions import ElectorSpec
from voting.enums import PollMode
from voting.models import Elector
from voting.receipts import Receipt
from voting.rules import PRESETS, Rule, Silence


@transaction.atomic
def save_written(*, actor: User, written: WrittenBallot) -> WrittenBallot:
    """Write a new or changed draft. What was sent out never changes (409 ``written_sent``)."""
    must_prepare(actor, written.body)
    act = "written.changed" if written.pk else "written.created"
    if written.pk:
        _draft(WrittenBallot.objects.select_for_update().get(pk=written.pk))
    else:
        written.created_by = actor
    if written.dossier_id and not Dossier.objects.prepared_by(actor).filter(pk=written.dossier_id).exists():
        raise Denied(_("Only the secretariat that prepares this dossier may send it out."))
    refuse_marked(written.title, written.title_en, written.question, written.question_en)
    must_be_valid(written)
    written.save()
    details = {"body": written.body_id, "days": written.days}
    record(actor=actor, act=act, subject=f"written:{written.pk}", details=details)
    return written


@transaction.atomic
def open_written(*, actor: User, written: WrittenBallot) -> WrittenBallot:
    """Send the ballot out: rule, electorate, papers and deadline are frozen now.

    Refuses with 422 ``written_papers_missing`` when a paper of its dossier has no file yet.
    """
    must_prepare(actor, written.body)
    locked = _draft(WrittenBallot.objects.select_for_update().get(pk=written.pk))
    versions = _newest_papers(locked)
    at = clock.now()
    holidays = Holidays.parse(settings.HOLIDAYS)
    locked.opened_at = at
    locked.closes_at = deadline(timezone.localtime(at), locked.days, holidays)
    locked.poll = voting.open_poll(
        actor=actor,
        question=locked.question,
        question_en=locked.question_en,
        rule=rule_for(locked),
        electors=_electors(locked),
        text_sha256=next((v.sha256 for v in versions if v.document.role == DocumentRole.DRAFT), ""),
        closes_at=locked.closes_at,
        mode=PollMode.WRITTEN,
    )
    locked.state = WrittenState.OPEN
    locked.save()
    WrittenPaper.objects.bulk_create(
        WrittenPaper(written=locked, version=version, sort_order=place)
        for place, version in enumerate(versions)
    )
    papers = [version.sha256 for version in versions]
    _record(actor, locked, "written.opened", poll=locked.poll.pk, papers=papers)
    return locked


@transaction.atomic
def answer(
    *,
    actor: User,
    written: WrittenBallot,
    choice: str,
    key: str,
    comment: str = "",
    opinions: Sequence[Opinion] = (),
) -> Receipt:
    """Answer or change one's answer; the newest word counts until the deadline.

    Ballot, comment and opinions on single clauses are written in one transaction. Raises what
    ``voting.actions.cast`` raises, ``no_mandate``, and 422 for texts that cannot be taken.
    """
    texts = _cleaned(opinions)
    words = comment.strip()
    if len(words) > MAX_COMMENT:
        raise _too_long()
    locked = WrittenBallot.objects.select_for_update().get(pk=written.pk)
    elector = Elector.objects.filter(poll=locked.poll_id, user=actor).first()
    if locked.poll_id is None or elector is None:
        raise Denied(_("You are not among those who are asked."), "no_mandate")
    receipt = voting.cast(
        actor=actor, poll_id=locked.poll_id, mandate=elector.mandate, choice=choice, key=key, comment=words
    )
    member = membership_id(elector.mandate)
    if not WrittenAnswer.objects.filter(membership=member, receipt=receipt.digest).exists():
        _write_answer(actor, locked, member, receipt, texts)
    return receipt


def close_due() -> None:
    """Close every ballot whose deadline has passed; called again it finds nothing more to do."""
    due = WrittenBallot.objects.filter(state=WrittenState.OPEN, closes_at__lte=clock.now())
    for pk in due.values_list("pk", flat=True):
        close_written(written_id=pk)


@transaction.atomic
def close_written(*, written_id: int) -> None:
    """Close and decide in one transaction, once: of two that try, the second finds it closed."""
    locked = WrittenBallot.objects.select_for_update().get(pk=written_id)
    if locked.state != WrittenState.OPEN or locked.poll_id is None:
        return
    poll = voting.close_at_deadline(poll_id=locked.poll_id)
    locked.state, locked.closed_at = WrittenState.CLOSED, poll.closed_at
    locked.save(update_fields=["state", "closed_at"])
    _record(None, locked, "written.closed", poll=poll.pk)


@transaction.atomic
def cancel_written(*, actor: User, written: WrittenBallot, reason: str) -> WrittenBallot:
    """Call off a ballot that is out; what was answered counts for nothing."""
    must_prepare(actor, written.body)
    locked = _out(WrittenBallot.objects.select_for_update().get(pk=written.pk))
    if not reason.strip():
        raise DomainError("reason_missing", _("Say why it is called off; members will read it."), 422)
    _call_off(actor, locked, reason.strip())
    return locked


@transaction.atomic
def move_to_agenda(*, actor: User, written: WrittenBallot, meeting: Meeting) -> AgendaItem:
    """Put the matter on a meeting's agenda, with its dossier; a ballot still out is called off by that.

    Asked again for the same meeting it gives the same item.
    """
    must_prepare(actor, written.body)
    locked = WrittenBallot.objects.select_for_update().get(pk=written.pk)
    if meeting.body_id != locked.body_id:
        raise DomainError("other_body", _("Choose a meeting of the same body."), 422)
    if locked.item is not None:
        return _moved_before(locked.item, meeting)
    if locked.state == WrittenState.OPEN:
        _call_off(actor, locked, _("Put on the agenda of a meeting"))
    item = agenda.add_item(
        actor=actor,
        meeting=meeting,
        title=locked.title,
        title_en=locked.title_en,
        sponsor=locked.dossier.agency if locked.dossier else None,
    )
    if locked.dossier is not None and locked.dossier.item_id is None:
        locked.dossier.item = item
        dossiers.save_dossier(actor=actor, dossier=locked.dossier)
    locked.item = item
    locked.save(update_fields=["item"])
    _record(actor, locked, "written.moved", item=item.pk, meeting=meeting.pk)
    return item


def rule_for(written: WrittenBallot) -> Rule:
    """The body's rule, with what the body says about silence on written ballots."""
    rule = PRESETS[written.body.rule_preset]
    silence = written.body.written_silence
    return replace(rule, silence=Silence(silence)) if silence else rule


def _draft(written: WrittenBallot) -> WrittenBallot:
    if written.state != WrittenState.DRAFT:
        raise WrongState("written_sent", _("This written ballot was sent out and can no longer be changed."))
    return written


def _out(written: WrittenBallot) -> WrittenBallot:
    if written.state != WrittenState.OPEN:
        raise WrongState("written_not_open", _("This written ballot is not waiting for answers."))
    return written


def _electors(written: WrittenBallot) -> list[ElectorSpec]:
    """Every voting mandate of today, all of them entitled."""
    members = Membership.objects.in_force(clock.today()).voting().filter(body=written.body_id)
    return [
        ElectorSpec(
            mandate=mandate_key(member.pk),
            user_id=member.user_id,
            name=member.user.full_name,
            weight=member.weight,
            is_chair=member.role == MembershipRole.CHAIR,
        )
        for member in members.select_related("user")
    ]


def _newest_papers(written: WrittenBallot) -> list[DocumentVersion]:
    """The newest version of each paper of the dossier, in reading order."""
    if written.dossier is None:
        return []
    found = []
    for document in written.dossier.documents.order_by("sort_order", "pk"):
        version = document.versions.select_related("document").first()
        if version is None:
            words = _("“%(paper)s” has no file yet. Upload it, or take it off the dossier.")
            raise DomainError("written_papers_missing", words % {"paper": document}, 422)
        found.append(version)
    return found


def _cleaned(opinions: Sequence[Opinion]) -> list[dict[str, str]]:
    try:
        return [opinion._asdict() for opinion in clean_opinions(opinions)]
    except Trouble as trouble:
        raise DomainError(trouble.code, TROUBLES[trouble.code], 422) from None


TROUBLES = {
    "clause_missing": gettext_lazy("Say which clause each opinion is about, like “Article 5, clause 2”."),
    "opinion_missing": gettext_lazy("Write an opinion beside each clause you named, or empty that row."),
    "opinion_long": gettext_lazy("An opinion is longer than 4,000 characters, or its clause than 200."),
    "too_many_opinions": gettext_lazy("Send at most 40 opinions; put the rest into your comment."),
}


def _too_long() -> DomainError:
    return DomainError("comment_long", _("The comment is longer than 4,000 characters. Shorten it."), 422)


def _write_answer(
    actor: User, written: WrittenBallot, member: int, receipt: Receipt, opinions: list[dict[str, str]]
) -> None:
    WrittenAnswer.objects.update_or_create(
        written=written,
        membership_id=member,
        defaults={"opinions": opinions, "receipt": receipt.digest, "answered_at": receipt.cast_at},
    )
    digest = hashlib.sha256(canonical_json({"receipt": receipt.digest, "opinions": opinions})).hexdigest()
    details = {"membership": member, "clauses": len(opinions)}
    record(
        actor=actor,
        act="written.answered",
        subject=f"written:{written.pk}",
        digest=digest,
        details=details,
    )


def _call_off(actor: User, written: WrittenBallot, reason: str) -> None:
    if written.poll_id is None:
        raise stale()
    voting.cancel_poll(actor=actor, poll_id=written.poll_id)
    written.state, written.closed_at, written.reason = WrittenState.CANCELLED, clock.now(), reason[:400]
    written.save(update_fields=["state", "closed_at", "reason"])
    _record(actor, written, "written.cancelled", reason=written.reason)


def _moved_before(item: AgendaItem, meeting: Meeting) -> AgendaItem:
    if item.meeting_id == meeting.pk:
        return item
    words = _("It already stands on the agenda of “%(meeting)s”.")
    raise WrongState("already_moved", words % {"meeting": item.meeting})


def _record(actor: User | None, written: WrittenBallot, act: str, **details: object) -> None:
    record(actor=actor, act=act, subject=f"written:{written.pk}", details=details)
