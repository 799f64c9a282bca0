"""The sheet of a roll call: to print and fill in by hand, to enter, to compare and confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User, in_language
from ecabinet.common import clock
from meetings.actions.live import questions
from meetings.models import AgendaItem, Membership, Recusal, RollCall
from meetings.queries.live import voting_members
from meetings.rules.roll_call import ABSENT, RECUSED, SILENT
from voting.rules import PRESETS


@dataclass(frozen=True)
class Line:
    """One member and the answer typed or entered; empty while there is none."""

    member: Membership
    answer: str


@dataclass(frozen=True)
class Sheet:
    item: AgendaItem
    options: tuple[tuple[str, str], ...]  # code and words, the choices first
    lines: tuple[Line, ...]  # in order of precedence
    question: str
    question_en: str
    held_at: str  # as a field for local date and time takes it
    pending: RollCall | None  # entered, and not yet confirmed
    mine: bool  # the reader has entered it: somebody else confirms
    counted: tuple[RollCall, ...]  # confirmed before

    @property
    def pending_held_at(self) -> datetime | None:
        return datetime.fromisoformat(self.pending.sheet["held_at"]) if self.pending else None


def sheet(item: AgendaItem, user: User, typed: Mapping[str, str] | None = None) -> Sheet:
    """``typed``: what a refused form held. The caller checks that the reader runs the desk."""
    rows = list(
        RollCall.objects.filter(item=item).select_related("entered_by", "confirmed_by").order_by("pk")
    )
    pending = next((row for row in rows if row.poll_id is None), None)
    known = typed if typed is not None else _known(item, pending)
    members = voting_members(item.meeting)
    return Sheet(
        item=item,
        options=_options(item),
        lines=tuple(Line(member, known.get(f"answer-{member.pk}", "")) for member in members),
        question=known["question"],
        question_en=known["question_en"],
        held_at=known["held_at"],
        pending=pending,
        mine=pending is not None and pending.entered_by_id == user.pk,
        counted=tuple(row for row in rows if row.poll_id is not None),
    )


def _options(item: AgendaItem) -> tuple[tuple[str, str], ...]:
    choices = PRESETS[item.meeting.body.rule_preset].choices
    standings = ((SILENT, _("No answer")), (ABSENT, _("Absent")), (RECUSED, _("Takes no part")))
    return (*((one.code, in_language(one.label, one.label_en)) for one in choices), *standings)


def _known(item: AgendaItem, pending: RollCall | None) -> dict[str, str]:
    """What was entered, else an empty sheet with who takes no part already marked."""
    if pending is not None:
        answers = {f"answer-{row['membership']}": row["answer"] for row in pending.sheet["answers"]}
        texts = {name: pending.sheet[name] for name in ("question", "question_en")}
        return {**answers, **texts, "held_at": as_field(datetime.fromisoformat(pending.sheet["held_at"]))}
    put = questions.motion(item.meeting, item, "", "")
    recused = Recusal.objects.filter(item=item).values_list("membership_id", flat=True)
    marks = {f"answer-{pk}": RECUSED for pk in recused}
    held = item.ended_at or item.started_at or clock.now()
    return {**marks, "question": put.question, "question_en": put.question_en, "held_at": as_field(held)}


def as_field(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def from_field(text: str) -> datetime | None:
    """The moment typed, in the time of the house; None when it is none."""
    try:
        return timezone.make_aware(datetime.fromisoformat(text))  # made aware here
    except ValueError:
        return None
