"""Background jobs of the signing room: each takes an id and delegates to an action."""

from __future__ import annotations

from typing import Any

from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ecabinet.common import clock
from signing.enums import SessionState
from signing.models import PendingTimestamp
from signing.queries import due_sessions, unprepared

QUEUE = "signing"


# The greater goes first: who has confirmed, then who wants to, then what may wait.
@task(queue_name=QUEUE, priority=10)
def prepare_session(session_id: int) -> None:
    """Make the files of a session ready for its person's confirmation."""
    from signing.actions import sessions

    sessions.prepare_session(session_id)


@task(queue_name=QUEUE, priority=20)
def finish_session(session_id: int) -> None:
    """Put the signatures of a confirmed session in."""
    from signing.actions import entries

    entries.finish_session(session_id)


@task(queue_name=QUEUE)
def prepare_waiting() -> None:
    """Make ready what came into the trays."""
    from signing.actions import preparations

    preparations.prepare_waiting()


@task()
def analyse_file(report_id: int) -> None:
    """The full analysis of a file from outside."""
    from signing.actions import reports

    reports.analyse(report_id=report_id)


def take_up_reports() -> None:
    """Take up analyses whose job was lost."""
    from signing.actions import reports

    reports.take_up_lost()


def take_up() -> None:
    """Take up sessions whose job was lost, and prepare what is new in the trays."""
    for session in due_sessions():
        job = prepare_session if session.state == SessionState.PREPARING else finish_session
        _once(job, session.pk)
    if unprepared().exists():
        _once(prepare_waiting)


def keep_register() -> None:
    """Follow offices that ended or were taken up by the calendar; warn of certificates that end."""
    from signing.actions.certificate_warnings import warn_due
    from signing.actions.positions import follow_all

    follow_all()
    warn_due()


def sweep() -> None:
    """Throw away prepared files that nobody needs any more."""
    from signing.actions import preparations

    preparations.sweep()


def _once(job: Task[Any, Any], *arguments: int) -> None:
    """Enqueue a job unless the same one waits or runs already."""
    alike = DBTaskResult.objects.filter(
        task_path=job.module_path,
        args_kwargs={"args": list(arguments), "kwargs": {}},
        status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING),
    )
    if not alike.exists():
        job.enqueue(*arguments)


@task()
def complete_timestamps() -> None:
    """Work off the queue of waiting timestamps."""
    from signing.actions import timestamps

    timestamps.work_off()


def tick() -> None:
    """Have due timestamps tried. The job asks other machines and may wait for them; the ticker may not."""
    if PendingTimestamp.objects.waiting().filter(next_try__lte=clock.now()).exists():
        _once(complete_timestamps)


def alarm() -> None:
    """Tell administrators of timestamps that do not come."""
    from signing.actions import alarms

    alarms.raise_alarm()
