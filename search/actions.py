"""The only writer of the outbox; whatever enters an index goes through here."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from ecabinet.common import clock
from search import outbox, sources
from search.engines.base import EngineDown, engine
from search.models import OutboxRow
from search.rules.documents import IndexDocument, prepared

logger = logging.getLogger(__name__)
BATCH_ROWS = 50
LOAD_PAGES = 1000


@dataclass(slots=True)
class Load:
    """What goes to the engine in one call: whole records, and records to remove."""

    rows: list[OutboxRow] = field(default_factory=list)
    documents: list[IndexDocument] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def add(self, source: str, object_id: int, documents: Sequence[IndexDocument]) -> None:
        self.documents += documents
        if not documents:
            self.gone.append(sources.record_key(source, object_id))

    @property
    def full(self) -> bool:
        return len(self.documents) >= LOAD_PAGES

    def write(self, version: int, *, building_only: bool = False) -> None:
        """Hand it to the engine. A new generation has nothing to remove."""
        if self.documents:
            engine().index(self.documents, version=version, building_only=building_only)
        if self.gone and not building_only:
            engine().delete(self.gone, version=version)


def enqueue(source: str, object_id: int) -> None:
    """Have the object's pages made again. Call it inside the transaction that changes the object.

    No actor: this is a note to the indexer, the act itself is recorded by whoever does it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("search.actions.enqueue must be called inside the transaction of the change")
    OutboxRow.objects.create(source=source, object_id=object_id, not_before=clock.now())


def index_pending(limit: int = BATCH_ROWS) -> int:
    """Index one batch of waiting objects; returns how many rows were done.

    Safe to run in several processes and to repeat. When the engine is down the rows wait
    without counting an attempt; an object that cannot be built is tried again later and
    never holds up the others.
    """
    leased, done = outbox.lease(limit), 0
    for load in _loads(leased):
        try:
            load.write(leased.version)
        except EngineDown as error:
            logger.warning("the search engine does not answer: %s", error)
            outbox.release(leased.rows, str(error))
            return done
        outbox.finish(load.rows)
        done += len(load.rows)
    return done


def build(source: str, object_id: int) -> list[IndexDocument]:
    """The object's pages as the database has them now; a source nobody registered is an error."""
    found = sources.get(source)
    if found is None:
        raise LookupError(f"no search source is registered as “{source}”")
    return prepared(found.build(object_id), source)


def _loads(leased: outbox.Lease) -> Iterator[Load]:
    load = Load()
    for rows in leased.by_object():
        documents = _build_or_postpone(rows)
        if documents is None:
            continue
        load.add(rows[0].source, rows[0].object_id, documents)
        load.rows += rows
        if load.full:
            yield load
            load = Load()
    if load.rows:
        yield load


def _build_or_postpone(rows: Sequence[OutboxRow]) -> list[IndexDocument] | None:
    try:
        return build(rows[0].source, rows[0].object_id)
    except Exception as error:
        logger.exception("search documents of %s cannot be built", rows[0])
        outbox.postpone(rows, f"{type(error).__name__}: {error}")
        return None


def loads_of_everything(skipped: list[str]) -> Iterator[tuple[int, Load]]:
    """All records of all sources as (version, load); what cannot be built is named in ``skipped``.

    The version is taken before the objects of its load are read.
    """
    for source in sources.each():
        waiting: Iterable[int] = source.all_ids()
        version, load = outbox.take_version(), Load()
        for object_id in waiting:
            try:
                load.add(source.name, object_id, build(source.name, object_id))
            except Exception as error:
                logger.exception("search documents of %s:%s cannot be built", source.name, object_id)
                skipped.append(f"{source.name}:{object_id} ({error})")
            if load.full:
                yield version, load
                version, load = outbox.take_version(), Load()
        if load.documents:
            yield version, load
