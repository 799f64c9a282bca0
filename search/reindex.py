"""Building the index anew beside the live one, and putting it in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ecabinet.common import clock
from ecabinet.common.errors import DomainError, WrongState
from search import outbox
from search.actions import index_pending, loads_of_everything
from search.engines.base import engine
from search.models import IndexState

CLAIM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many records the new index holds, how many the one before held, what was left out and why."""

    records: int
    before: int
    skipped: tuple[str, ...]


def reindex(*, allow_fewer: bool = False, tell: Callable[[int], object] = int) -> Rebuilt:
    """Build the next index from the database and promote it; ``tell`` hears the records so far.

    The live index answers and takes changes meanwhile: every change goes to both, and versions
    decide where the two writers meet. Stopped half-way, nothing has changed; run it again.
    Raises WrongState ``reindex_running``, and DomainError ``reindex_fewer`` when objects could not be
    read and the new index would hold fewer records than the live one.
    """
    _claim()
    try:
        return _rebuild(allow_fewer, tell)
    finally:
        IndexState.objects.update(building="", building_until=None)


def _rebuild(allow_fewer: bool, tell: Callable[[int], object]) -> Rebuilt:
    skipped: list[str] = []
    target = engine()
    target.begin_generation()
    for version, load in loads_of_everything(skipped):
        load.write(version, building_only=True)
        _renew()
        tell(target.count("building"))
    while index_pending():
        _renew()
    made, before = target.count("building"), target.count("live")
    if skipped and made < before and not allow_fewer:
        message = _("%(count)d objects could not be read: %(which)s. The old index stays in use.")
        which = ", ".join(skipped[:5])
        raise DomainError("reindex_fewer", message % {"count": len(skipped), "which": which}, 409)
    target.promote()
    return Rebuilt(made, before, tuple(skipped))


def _claim() -> None:
    outbox.take_version()  # makes the row if this is the first run
    with transaction.atomic():
        state = IndexState.objects.select_for_update().get(pk=1)
        if state.building_until and state.building_until > clock.now():
            message = _("The index is being rebuilt already. Wait until that is done.")
            raise WrongState("reindex_running", message)
        state.building, state.building_until = "next", clock.now() + CLAIM
        state.save(update_fields=["building", "building_until"])


def _renew() -> None:
    IndexState.objects.update(building_until=clock.now() + CLAIM)
