"""Tasks from conclusions: given, reported on, prolonged, accepted or closed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from meetings.actions.guards import refuse_secrets
from meetings.enums import RUNNING_ASSIGNMENTS, AssignmentState, ExtensionState, ItemKind, ReportState
from meetings.models import AgendaItem, Assignment, AssignmentReport, Extension
from meetings.permissions import can_run_desk

MAX_TEXT, MAX_NOTE = 4_000, 400


@transaction.atomic
def assign(*, actor: User, item: AgendaItem, text: str, owner: Agency, due_on: date) -> Assignment:
    """Give an agency a task that follows from the item's conclusion.

    Raises Denied, WrongState ``no_conclusion``, DomainError ``task_missing``, ``text_long``, ``due_past``,
    ``classified_text``, WrongState ``on_paper``.
    """
    _must_run_desk(actor, item)
    if item.kind == ItemKind.PAPER_ONLY:
        raise WrongState("on_paper", _("Tasks on a matter that is on paper only are given on paper."))
    if not item.conclusion:
        raise WrongState("no_conclusion", _("Record the conclusion first; tasks follow from it."))
    words = _words(text, "task_missing", _("Write what is to be done."))
    if due_on < clock.today():
        raise DomainError("due_past", _("Choose a day that is not over yet."))
    made = Assignment.objects.create(
        item=item, text=words, owner=owner, due_on=due_on, created_by=actor, created_at=clock.now()
    )
    _note(actor, made, "created", item=item.pk, owner=owner.code, due_on=due_on.isoformat())
    return made


@transaction.atomic
def report(*, actor: User, assignment: Assignment, text: str) -> AssignmentReport:
    """The owner says what was done. Raises Denied, WrongState ``assignment_not_open``, DomainError."""
    locked = _owned(actor, assignment)
    words = _words(text, "report_missing", _("Write what was done."))
    _must_be(locked, AssignmentState.OPEN)
    made = AssignmentReport.objects.create(assignment=locked, text=words, made_by=actor, made_at=clock.now())
    _move(locked, AssignmentState.REPORTED)
    _note(actor, locked, "reported", report=made.pk)
    return made


@transaction.atomic
def accept(*, actor: User, assignment: Assignment, note: str = "") -> Assignment:
    """The report is good: the task is done. Raises Denied, WrongState ``assignment_not_reported``."""
    locked = _run(actor, assignment)
    _must_be(locked, AssignmentState.REPORTED)
    _answer_report(actor, locked, ReportState.ACCEPTED, _short(note))
    _move(locked, AssignmentState.ACCEPTED)
    _note(actor, locked, "accepted")
    return locked


@transaction.atomic
def send_back(*, actor: User, assignment: Assignment, note: str) -> Assignment:
    """The report is not enough: the task is open again. Raises DomainError ``reason_missing``."""
    locked = _run(actor, assignment)
    words = _reason(note)
    _must_be(locked, AssignmentState.REPORTED)
    _answer_report(actor, locked, ReportState.RETURNED, words)
    _move(locked, AssignmentState.OPEN)
    _note(actor, locked, "sent_back")
    return locked


@transaction.atomic
def close(*, actor: User, assignment: Assignment, note: str) -> Assignment:
    """The task is no longer wanted; what was asked for is answered with that.

    Raises Denied, WrongState ``assignment_settled``, DomainError ``reason_missing``.
    """
    locked = _run(actor, assignment)
    words = _reason(note)
    if locked.state not in RUNNING_ASSIGNMENTS:
        raise WrongState("assignment_settled", _("This task is settled already."))
    _answer_report(actor, locked, ReportState.RETURNED, words)
    waiting = locked.extensions.filter(state=ExtensionState.WAITING)
    waiting.update(state=ExtensionState.REFUSED, note=words, answered_by=actor, answered_at=clock.now())
    locked.closing_reason = words
    _move(locked, AssignmentState.CLOSED)
    _note(actor, locked, "closed")
    return locked


@transaction.atomic
def ask_for_time(*, actor: User, assignment: Assignment, until: date, reason: str) -> Extension:
    """The owner asks for a later day.

    Raises Denied, WrongState ``assignment_not_open``, ``extension_waiting``, DomainError ``until_early``,
    ``reason_missing``.
    """
    locked = _owned(actor, assignment)
    words = _reason(reason)
    _must_be(locked, AssignmentState.OPEN)
    if until <= max(locked.due_on, clock.today()):
        raise DomainError("until_early", _("Choose a day after the present one and after today."))
    if locked.extensions.filter(state=ExtensionState.WAITING).exists():
        raise WrongState("extension_waiting", _("Your request for more time is still to be answered."))
    made = Extension.objects.create(
        assignment=locked, until=until, reason=words, made_by=actor, made_at=clock.now()
    )
    _note(actor, locked, "extension_asked", extension=made.pk, until=until.isoformat())
    return made


@transaction.atomic
def answer_extension(*, actor: User, assignment: Assignment, granted: bool, note: str = "") -> Extension:
    """Grant or refuse the request for more time that waits. A refusal has its reason.

    Raises Denied, WrongState ``no_extension``, DomainError ``reason_missing``.
    """
    locked = _run(actor, assignment)
    words = _short(note) if granted else _reason(note)
    found = locked.extensions.select_for_update().filter(state=ExtensionState.WAITING).first()
    if found is None:
        raise WrongState("no_extension", _("No request for more time is waiting."))
    found.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    found.note, found.answered_by, found.answered_at = words, actor, clock.now()
    found.save(update_fields=["state", "note", "answered_by", "answered_at"])
    if granted:
        locked.due_on = found.until
        locked.save(update_fields=["due_on"])
    act = "extension_granted" if granted else "extension_refused"
    _note(actor, locked, act, extension=found.pk, due_on=locked.due_on.isoformat())
    return found


def _run(actor: User, assignment: Assignment) -> Assignment:
    locked = _locked(assignment)
    _must_run_desk(actor, locked.item)
    return locked


def _owned(actor: User, assignment: Assignment) -> Assignment:
    locked = _locked(assignment)
    if not Assignment.objects.owned_by(actor).filter(pk=locked.pk).exists():
        raise Denied(_("Only people of %(agency)s may do this.") % {"agency": locked.owner})
    return locked


def _locked(assignment: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("item__meeting__body", "owner")
    return rows.get(pk=assignment.pk)


def _must_run_desk(actor: User, item: AgendaItem) -> None:
    if not can_run_desk(actor, item.meeting):
        raise Denied(_("Only the chair and the secretariat give and settle tasks."))


def _must_be(assignment: Assignment, state: AssignmentState) -> None:
    if assignment.state == state:
        return
    if state == AssignmentState.OPEN:
        raise WrongState("assignment_not_open", _("This task is not open any more, or has been reported on."))
    raise WrongState("assignment_not_reported", _("No report on this task is waiting."))


def _answer_report(actor: User, assignment: Assignment, state: ReportState, note: str) -> None:
    waiting = assignment.reports.filter(state=ReportState.WAITING)
    waiting.update(state=state, note=note, answered_by=actor, answered_at=clock.now())


def _move(assignment: Assignment, state: AssignmentState) -> None:
    assignment.state = state
    assignment.settled_at = None if state in RUNNING_ASSIGNMENTS else clock.now()
    assignment.save(update_fields=["state", "settled_at", "closing_reason"])


def _words(text: str, code: str, missing: str) -> str:
    words = text.strip()
    if not words:
        raise DomainError(code, missing)
    if len(words) > MAX_TEXT:
        raise DomainError("text_long", _("The text is longer than 4,000 characters. Shorten it."))
    refuse_secrets(words)
    return words


def _reason(note: str) -> str:
    if not note.strip():
        raise DomainError("reason_missing", _("Give a reason, so that the other side understands."))
    return _short(note)


def _short(note: str) -> str:
    words = note.strip()
    if len(words) > MAX_NOTE:
        raise DomainError("note_long", _("The reason is longer than 400 characters. Shorten it."))
    return words


def _note(actor: User, assignment: Assignment, act: str, **details: object) -> None:
    record(actor=actor, act=f"assignment.{act}", subject=f"assignment:{assignment.pk}", details=details)
