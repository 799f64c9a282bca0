"""Background jobs of the signing room: each takes an id and delegates to an action."""

from __future__ import annotations

from django_tasks import task


@task()
def analyse_file(report_id: int) -> None:
    """The full analysis of a file from outside."""
    from signing.actions import reports

    reports.analyse(report_id=report_id)


def take_up_reports() -> None:
    """Take up analyses whose job was lost."""
    from signing.actions import reports

    reports.take_up_lost()
