"""Tell a meeting again from its log and compare with what the database says."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ecabinet.common.console import spoken
from meetings.models import Meeting
from meetings.replay import differences
from meetings.rules.replay import Unreplayable


class Command(BaseCommand):
    help = "Tell a meeting again from its log and compare with what the database says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("meeting", type=int, help="The number of the meeting, as in its address.")

    def handle(self, *args: Any, **options: Any) -> None:
        with spoken():
            self.stdout.write(self.style.SUCCESS(_agreement(options["meeting"])))


def _agreement(pk: int) -> str:
    """How much agrees, in words. Raises CommandError for what does not."""
    meeting = Meeting.objects.filter(pk=pk).first()
    if meeting is None:
        raise CommandError(_("There is no such meeting."))
    try:
        apart = differences(meeting)
    except Unreplayable as error:
        raise CommandError(_("The log cannot be replayed: %s") % error) from error
    if apart:
        raise CommandError(_("Log and database do not agree about: %s") % ", ".join(apart))
    words = _("Log and database agree after %(seq)d events.")
    return words % {"seq": meeting.seq}
