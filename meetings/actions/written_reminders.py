"""Whom a missing answer is told: the member, then their deputy, then the secretariat.

What is due is first written down, then sent: a killed ticker sends what is still unsent, and nobody is
told twice of the same stage but for a message whose "sent" could not be written any more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecabinet.common import clock
from meetings.enums import ReminderStage, WrittenState
from meetings.models import Membership, WrittenBallot, WrittenReminder
from meetings.models.scope import preparers
from meetings.queries.written import summary
from meetings.rules.working_days import Holidays, Stage, reminders

logger = logging.getLogger("ecabinet.meetings")


def remind_due() -> None:
    """Write down which reminders have come due, and send what has not left yet."""
    moment = clock.now()
    out = WrittenBallot.objects.filter(state=WrittenState.OPEN, closes_at__gt=moment)
    for written in out.select_related("body__agency", "poll"):
        _write_due(written, moment)
    for reminder in WrittenReminder.objects.filter(sent_at=None).select_related("written", "user"):
        _send(reminder)


def due_stages(written: WrittenBallot, moment: datetime) -> list[Stage]:
    """The stages whose time has come, in order."""
    if written.opened_at is None:
        return []
    opened = timezone.localtime(written.opened_at)
    times = reminders(opened, written.days, Holidays.parse(settings.HOLIDAYS))
    return [stage for stage, at in times.items() if at <= moment]


def _write_due(written: WrittenBallot, moment: datetime) -> None:
    done = set(written.reminders.values_list("stage", flat=True))
    due = [stage for stage in due_stages(written, moment) if stage not in done]
    silent = summary(written).silent if due else ()
    rows = [
        WrittenReminder(written=written, stage=ReminderStage(stage), user_id=user, created_at=moment)
        for stage in due
        for user in _recipients(written, stage, silent)
    ]
    WrittenReminder.objects.bulk_create(rows, ignore_conflicts=True)


def _recipients(written: WrittenBallot, stage: Stage, silent: Iterable[Membership]) -> list[int]:
    members = list(silent)
    if stage is Stage.MEMBER:
        return sorted({member.user_id for member in members})
    if stage is Stage.DEPUTY:
        return sorted({member.deputy_id for member in members if member.deputy_id})
    return sorted(preparers(written.body).values_list("pk", flat=True)) if members else []


def _send(reminder: WrittenReminder) -> None:
    """In the language of who gets it; a ballot that is over or answered meanwhile needs no message."""
    missing = _missing(reminder)
    if missing:
        with translation.override(reminder.user.language):
            subject, body = _words(reminder, missing)
        send_mail(subject, body, None, [reminder.user.email])
    reminder.sent_at = clock.now()
    reminder.save(update_fields=["sent_at"])


def _missing(reminder: WrittenReminder) -> list[Membership]:
    """Whose answer is still missing, of those this message is about."""
    if reminder.written.state != WrittenState.OPEN:
        return []
    silent = summary(reminder.written).silent
    if reminder.stage == ReminderStage.MEMBER:
        return [member for member in silent if member.user_id == reminder.user_id]
    if reminder.stage == ReminderStage.DEPUTY:
        return [member for member in silent if member.deputy_id == reminder.user_id]
    return list(silent)


def _words(reminder: WrittenReminder, missing: list[Membership]) -> tuple[str, str]:
    written = reminder.written
    names = ", ".join(member.user.full_name for member in missing)
    values = {"title": written, "names": names, "deadline": _moment(written.closes_at)}
    subject = _("Answer wanted: %(title)s") % values
    if reminder.stage == ReminderStage.MEMBER:
        what = _("Your answer to the written ballot “%(title)s” is still missing.")
    elif reminder.stage == ReminderStage.DEPUTY:
        what = _("%(names)s has not answered the written ballot “%(title)s”. You are named as deputy.")
    else:
        what = ngettext(
            "One answer to the written ballot “%(title)s” is missing: %(names)s.",
            "Answers to the written ballot “%(title)s” are missing: %(names)s.",
            len(missing),
        )
    lines = [what % values, _("Answers are taken until %(deadline)s.") % values]
    if reminder.stage != ReminderStage.DEPUTY:  # who may not read the ballot
        lines += ["", settings.BASE_URL + reverse("written", args=[written.pk])]
    return " ".join(subject.split()), "\n".join(lines)


def _moment(at: datetime | None) -> str:
    return clock.exactly(at) if at else ""
