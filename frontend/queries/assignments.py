"""Assignments in the order in which they press, and what a reader may do with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from ecabinet.accounts.models import User
from ecabinet.common.clock import today
from meetings.enums import RUNNING_ASSIGNMENTS, AssignmentState, ExtensionState, ReportState
from meetings.models import AgendaItem, Assignment, AssignmentReport, Extension
from meetings.models.assignments import AssignmentQuerySet
from meetings.models.scope import prepared_bodies
from meetings.permissions import can_run_desk
from meetings.projection import shown_title

MOST_SETTLED, MOST_TODAY = 50, 5


@dataclass(frozen=True)
class Tasks:
    """``late`` begins with what is overdue longest, ``running`` with what is due next."""

    late: tuple[Assignment, ...]
    reported: tuple[Assignment, ...]
    running: tuple[Assignment, ...]
    settled: tuple[Assignment, ...]
    only_own: bool
    has_own: bool  # the reader works for an agency that was given tasks

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.reported or self.running or self.settled)


@dataclass(frozen=True)
class TaskView:
    """One task with its history."""

    task: Assignment
    item: AgendaItem
    item_title: tuple[str, str]
    reports: tuple[AssignmentReport, ...]
    extensions: tuple[Extension, ...]
    may_report: bool
    may_settle: bool

    @property
    def waiting_report(self) -> AssignmentReport | None:
        return next((row for row in self.reports if row.state == ReportState.WAITING), None)

    @property
    def waiting_extension(self) -> Extension | None:
        return next((row for row in self.extensions if row.state == ExtensionState.WAITING), None)

    @property
    def is_running(self) -> bool:
        return self.task.state in RUNNING_ASSIGNMENTS


def visible_tasks(user: User) -> AssignmentQuerySet:
    return Assignment.objects.visible_to(user).select_related("item__meeting__body", "owner")


def tasks_of(user: User, *, only_own: bool) -> Tasks:
    """The list: all the person may see, or only those of the agency the person works for."""
    own = visible_tasks(user).owned_by(user)
    rows = own if only_own else visible_tasks(user)
    day = today()
    return Tasks(
        late=tuple(rows.overdue(day)),
        reported=tuple(rows.filter(state=AssignmentState.REPORTED)),
        running=tuple(rows.filter(state=AssignmentState.OPEN, due_on__gte=day)),
        settled=tuple(rows.exclude(state__in=RUNNING_ASSIGNMENTS).order_by("-settled_at")[:MOST_SETTLED]),
        only_own=only_own,
        has_own=own.exists(),
    )


def task_view(user: User, task: Assignment) -> TaskView:
    owns = Assignment.objects.owned_by(user).filter(pk=task.pk).exists()
    return TaskView(
        task=task,
        item=task.item,
        item_title=shown_title(task.item),
        reports=tuple(task.reports.select_related("made_by", "answered_by")),
        extensions=tuple(task.extensions.select_related("made_by", "answered_by")),
        may_report=owns and task.state == AssignmentState.OPEN,
        may_settle=can_run_desk(user, task.item.meeting),
    )


def tasks_today(user: User) -> Sequence[Assignment]:
    """What waits for this person: tasks of the own agency, and answers that the secretariat owes."""
    asked = Extension.objects.filter(assignment=OuterRef("pk"), state=ExtensionState.WAITING)
    owed = Q(state=AssignmentState.REPORTED) | Exists(asked)
    prepared = Q(item__meeting__body__in=prepared_bodies(user)) & owed
    own = Q(pk__in=Assignment.objects.owned_by(user).filter(state=AssignmentState.OPEN).values("pk"))
    rows = Assignment.objects.filter(own | prepared).select_related("owner")
    return list(rows.order_by("due_on", "pk")[:MOST_TODAY])
