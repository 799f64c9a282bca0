"""The demo cabinet: built by calling actions only, the same every time but for the moment it is built."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from archive import tasks as archive_tasks
from ecabinet.demo.cast import Cast, assemble, found
from ecabinet.demo.certificates import register
from ecabinet.demo.sittings import hold_past_meetings, open_current_meeting, prepare_next_meeting
from ecabinet.demo.written import send_written_ballots
from ecabinet.ledger import tasks as ledger_tasks
from ecabinet.ledger.actions import record
from ecabinet.ledger.models import LedgerEntry
from search import tasks as search_tasks

Say = Callable[[str], None]
BEGUN, BUILT = "demo.begun", "demo.built"


def is_built() -> bool:
    return _has(BUILT)


def is_half_built() -> bool:
    """Whether a build was interrupted. Nobody has used the site before it was built."""
    return _has(BEGUN) and not _has(BUILT)


def build(say: Say) -> None:
    """Build the cabinet once; ``is_half_built`` must have been mended before.

    Raises PeopleHere when there are people already: the demo never mixes with a real site.
    """
    if is_built():
        return
    if found():
        raise PeopleHere
    with translation.override("vi"):
        _note(BEGUN)
        _build(say)
        _note(BUILT)
        for tick in (ledger_tasks.tick, archive_tasks.tick, search_tasks.tick):
            tick()


class PeopleHere(Exception):
    """The database holds people, but no demo."""


def _has(act: str) -> bool:
    return LedgerEntry.objects.filter(act=act).exists()


def _note(act: str) -> None:
    with transaction.atomic():
        record(actor=None, act=act, subject="demo:cabinet")


def _build(say: Say) -> None:
    say(gettext_noop("27 members, 22 agencies, certificates of the demo authority"))
    cast: Cast = assemble()
    say(gettext_noop("three past meetings: papers, votes, signed decisions"))
    hold_past_meetings(cast)
    say(gettext_noop("the meeting that starts now, with a paper of more than 300 pages"))
    open_current_meeting(cast)
    say(gettext_noop("the next meeting, still being prepared"))
    prepare_next_meeting(cast)
    say(gettext_noop("written ballots: one that ended, one waiting for answers, one being prepared"))
    send_written_ballots(cast)
    say(gettext_noop("registration officers, and requests for certificates that wait for them"))
    register(cast)
    say(gettext_noop("sealing the ledger, indexing the archive"))
