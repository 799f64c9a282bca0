"""The demo cabinet: built by calling actions only, the same every time but for the moment it is built."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import translation

from archive import tasks as archive_tasks
from ecabinet.demo.cast import Cast, assemble, found
from ecabinet.demo.sittings import hold_past_meetings, open_current_meeting, prepare_next_meeting
from ecabinet.ledger import tasks as ledger_tasks
from ecabinet.ledger.actions import record
from ecabinet.ledger.models import LedgerEntry
from search import tasks as search_tasks

Say = Callable[[str], None]
BUILT = "demo.built"


def is_built() -> bool:
    return LedgerEntry.objects.filter(act=BUILT).exists()


def build(say: Say) -> None:
    """Build the cabinet once; a build that was interrupted is refused rather than mended.

    Raises RuntimeError when there are people already: the demo never mixes with a real site.
    """
    if is_built():
        return
    if found():
        raise RuntimeError("This database holds people but no finished demo. Use an empty ECABINET_DATA_DIR.")
    with translation.override("vi"):
        _build(say)


def _build(say: Say) -> None:
    say("27 members, 22 agencies, certificates of the demo authority")
    cast: Cast = assemble()
    say("three past meetings: papers, votes, signed decisions")
    hold_past_meetings(cast)
    say("the meeting that starts now, with a paper of more than 300 pages")
    open_current_meeting(cast)
    say("the next meeting, still being prepared")
    prepare_next_meeting(cast)
    say("sealing the ledger, indexing the archive")
    with transaction.atomic():
        record(actor=None, act=BUILT, subject="demo:cabinet")
    for tick in (ledger_tasks.tick, archive_tasks.tick, search_tasks.tick):
        tick()
