"""Dual control: a roll call held on paper is entered by one person of the desk and confirmed by another.

Until the second person has confirmed the very same sheet nothing counts; a change makes a new sheet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live import questions
from meetings.actions.live.items import find_item
from meetings.actions.live.log import Happening, desk, perform
from meetings.actions.live.polls import told_of
from meetings.actions.minutes import item_dealt_with
from meetings.enums import OPEN_MINUTES, ItemKind, MeetingState, MembershipRole, PollKind
from meetings.models import AgendaItem, ItemPoll, LiveEvent, Meeting, Minutes, RollCall
from meetings.poll_view import mandate_key
from meetings.queries.live import voting_members
from meetings.rules.polls import basis_digest
from meetings.rules.roll_call import ABSENT, RECUSED, STANDINGS, fault_of_answers, held_in_sitting
from voting.actions import ElectorSpec
from voting.enums import Entitlement, PollState
from voting.roll_call import record_roll_call
from voting.rules import PRESETS

_FAULTS = {
    "roll_incomplete": _("Enter one answer for each member."),
    "unknown_answer": _("Choose one of the answers offered for each member."),
}


def enter_roll_call(
    *,
    actor: User,
    meeting_id: int,
    item_id: int,
    answers: Mapping[int, str],
    held_at: datetime,
    question: str = "",
    question_en: str = "",
    key: str = "",
) -> LiveEvent:
    """Enter what was answered at a roll call, or change what was entered and not yet confirmed.

    ``answers`` has for each voting mandate a choice of the body's rule, ``absent``, ``recused`` or
    ``silent``. Without a question the item's adoption was put.
    """

    def change(meeting: Meeting) -> Happening:
        item = _item(meeting, item_id)
        sheet = _sheet(meeting, item, answers, held_at, (question, question_en))
        digest = digest_of(sheet)
        facts = {"sheet": sheet, "digest": digest, "entered_by": actor, "entered_at": clock.now()}
        RollCall.objects.update_or_create(item=item, poll=None, defaults=facts)
        told = {"item": item.pk, "digest": digest, "held_at": sheet["held_at"]}
        return Happening("rollcall.entered", told, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def confirm_roll_call(*, actor: User, meeting_id: int, item_id: int, digest: str, key: str = "") -> LiveEvent:
    """The second person has compared the sheet of this ``digest`` with the paper: now it counts."""

    def change(meeting: Meeting) -> Happening:
        item = _item(meeting, item_id)
        row = _pending(item)
        if row.digest != digest:
            raise WrongState(
                "roll_changed", _("What was entered has changed. Compare it with the paper again.")
            )
        if row.entered_by_id == actor.pk:
            raise Denied(_("Another person of the desk confirms what you have entered."), "second_person")
        row.poll = _recorded(row, actor)
        row.confirmed_by, row.confirmed_at = actor, clock.now()
        row.save(update_fields=["poll", "confirmed_by", "confirmed_at"])
        ItemPoll.objects.create(
            item=item,
            poll=row.poll,
            number=questions.next_number(item, PollKind.MOTION),
            basis=row.sheet["basis"],
        )
        item_dealt_with(actor=actor, item_id=item.pk)
        people = {"entered_by": row.entered_by_id, "confirmed_by": actor.pk}
        told = {"item": item.pk, "poll": row.poll.pk, "digest": digest, "held_at": row.sheet["held_at"]}
        return Happening("rollcall.confirmed", {**told, **people, **told_of(row.poll)}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def discard_roll_call(*, actor: User, meeting_id: int, item_id: int, key: str = "") -> LiveEvent:
    """Throw away what was entered and not confirmed; the log keeps that it was entered."""

    def change(meeting: Meeting) -> Happening:
        item = _item(meeting, item_id)
        row = _pending(item)
        row.delete()
        return Happening("rollcall.discarded", {"item": item.pk, "digest": row.digest}, ledger=True)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def digest_of(sheet: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(sheet)).hexdigest()


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    """The item, when a roll call on it may be entered or confirmed."""
    if meeting.state not in (MeetingState.IN_SESSION, MeetingState.ADJOURNED):
        raise WrongState("not_in_session", _("The meeting has not begun. Start it first."))
    item = find_item(meeting, item_id)
    if item.kind == ItemKind.INFORMATION:
        raise WrongState(
            "item_not_votable", _("This item is for information only; nothing is decided on it.")
        )
    if ItemPoll.objects.filter(item=item, poll__state=PollState.OPEN).exists():
        raise WrongState("poll_open", _("A poll is open. Close or cancel it first."))
    if Minutes.objects.filter(meeting=meeting).exclude(state__in=OPEN_MINUTES).exists():
        raise WrongState("minutes_approved", _("The minutes are approved: nothing more is added to them."))
    return item


def _pending(item: AgendaItem) -> RollCall:
    row = RollCall.objects.select_related("entered_by").filter(item=item, poll=None).first()
    if row is None:
        raise WrongState("no_roll_call", _("No roll call on this item waits for confirmation."))
    return row


def _sheet(
    meeting: Meeting,
    item: AgendaItem,
    answers: Mapping[int, str],
    held_at: datetime,
    question: tuple[str, str],
) -> dict[str, Any]:
    """All that decides the vote, as plain JSON: what is confirmed is exactly this."""
    members, rule = voting_members(meeting), PRESETS[meeting.body.rule_preset]
    fault = fault_of_answers(answers, [m.pk for m in members], [choice.code for choice in rule.choices])
    if fault is not None:
        raise DomainError(fault, _FAULTS[fault], 422)
    if not held_in_sitting(held_at, meeting.started_at, meeting.adjourned_at or clock.now()):
        raise DomainError(
            "held_outside", _("Enter a time between the opening and the end of the meeting."), 422
        )
    put = questions.motion(meeting, item, *question)
    return {
        "item": item.pk,
        "question": put.question,
        "question_en": put.question_en,
        "held_at": held_at.astimezone(UTC).isoformat(),
        "text_sha256": basis_digest(put.basis),
        "basis": dict(put.basis),
        "rule": rule.as_data(),
        "answers": [
            {
                "membership": member.pk,
                "user": member.user_id,
                "name": member.user.full_name,
                "weight": member.weight,
                "chair": member.role == MembershipRole.CHAIR,
                "answer": answers[member.pk],
            }
            for member in members
        ],
    }


def _recorded(row: RollCall, confirmed_by: User) -> Any:
    sheet = row.sheet
    voted = (line for line in sheet["answers"] if line["answer"] not in STANDINGS)
    return record_roll_call(
        entered_by=row.entered_by,
        confirmed_by=confirmed_by,
        question=sheet["question"],
        question_en=sheet["question_en"],
        text_sha256=sheet["text_sha256"],
        rule=sheet["rule"],
        electors=[_elector(line) for line in sheet["answers"]],
        choices={mandate_key(line["membership"]): line["answer"] for line in voted},
        held_at=datetime.fromisoformat(sheet["held_at"]),
        digest=row.digest,
    )


def _elector(line: Mapping[str, Any]) -> ElectorSpec:
    standing = {ABSENT: Entitlement.ABSENT, RECUSED: Entitlement.RECUSED}
    return ElectorSpec(
        mandate=mandate_key(line["membership"]),
        user_id=line["user"],
        name=line["name"],
        weight=line["weight"],
        is_chair=line["chair"],
        entitlement=standing.get(line["answer"], Entitlement.PRESENT),
    )
