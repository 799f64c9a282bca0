"""From a change in the database to the index, and what happens when something fails on the way."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from ecabinet.common import clock
from ecabinet.common.errors import DomainError, WrongState
from search import outbox, queries, sources
from search.actions import enqueue, index_pending
from search.engines.base import Engine
from search.models import IndexState, OutboxRow
from search.reindex import reindex
from search.tasks import tick
from tests.search.conftest import PUBLIC, SOURCE, Shelf, page

pytestmark = pytest.mark.django_db


def note(*object_ids: int) -> None:
    with transaction.atomic():
        for object_id in object_ids:
            enqueue(SOURCE, object_id)


def found(text: str) -> list[int]:
    return [hit.record for hit in queries.search(text, tokens=PUBLIC).hits]


def test_a_change_is_found_once_the_indexer_has_run(engine: Engine, shelf: Shelf) -> None:
    shelf.put(page(1, 1, "nguồn nước"))
    note(1, 1)
    assert queries.search("nguồn nước", tokens=PUBLIC).behind == 2
    assert index_pending() == 2
    assert found("nguon nuoc") == [1]
    assert OutboxRow.objects.count() == 0


def test_an_object_without_pages_leaves_the_index(engine: Engine, shelf: Shelf) -> None:
    shelf.put(page(1, 1, "nguồn nước"))
    note(1)
    tick()
    shelf.pages.clear()
    assert found("nguồn nước") == []  # the database has the last word before the index knows
    note(1)
    tick()
    assert engine.count("live") == 0


@pytest.mark.django_db(transaction=True)
def test_a_note_outside_the_change_is_refused(db: None) -> None:
    with pytest.raises(RuntimeError):
        enqueue(SOURCE, 1)


def test_a_rolled_back_change_leaves_no_note(shelf: Shelf) -> None:
    with transaction.atomic():
        enqueue(SOURCE, 1)
        transaction.set_rollback(True)
    assert outbox.waiting() == 0


def test_rows_wait_while_the_engine_is_away(settings: Any, shelf: Shelf, engine: Engine) -> None:
    shelf.put(page(1, 1, "nguồn nước"))
    note(1)
    here = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    assert index_pending() == 0
    assert not queries.engine().health()
    row = OutboxRow.objects.get()
    assert (row.attempts, row.leased_until) == (0, None)
    assert row.last_error
    with pytest.raises(DomainError) as refused:
        queries.search("nguồn nước", tokens=PUBLIC)
    assert (refused.value.code, refused.value.status) == ("search_down", 503)
    settings.ELASTICSEARCH_URL = here
    OutboxRow.objects.update(not_before=clock.now())
    assert index_pending() == 1
    assert found("nguồn nước") == [1]


def test_one_bad_object_does_not_hold_up_the_others(engine: Engine, shelf: Shelf) -> None:
    def build(object_id: int) -> Any:
        if object_id == 1:
            raise ValueError("unreadable")
        return shelf.build(object_id)

    sources.register(SOURCE, build, all_ids=shelf.all_ids, visible=shelf.visible)
    shelf.put(page(2, 1, "nguồn nước"))
    note(1, 2)
    assert index_pending() == 1
    assert found("nguồn nước") == [2]
    row = OutboxRow.objects.get()
    assert (row.object_id, row.attempts) == (1, 1)
    assert row.not_before > clock.now()
    assert "unreadable" in row.last_error


def test_a_leased_row_is_not_given_out_twice_until_the_lease_ends(shelf: Shelf) -> None:
    note(1)
    first = outbox.lease(10)
    assert len(first.rows) == 1
    assert outbox.lease(10).rows == ()
    OutboxRow.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    second = outbox.lease(10)
    assert len(second.rows) == 1
    assert second.version > first.version


def test_versions_grow_even_when_the_clock_steps_back(db: None) -> None:
    first = outbox.take_version()
    IndexState.objects.update(version=first + 10**9)
    assert outbox.take_version() == first + 10**9 + 1


def test_hits_of_an_unknown_source_are_not_shown(engine: Engine, shelf: Shelf) -> None:
    shelf.put(page(1, 1, "nguồn nước"))
    note(1)
    tick()
    sources.unregister(SOURCE)
    assert found("nguồn nước") == []


def test_without_tokens_nothing_is_found(engine: Engine, shelf: Shelf) -> None:
    shelf.put(page(1, 1, "nguồn nước"))
    note(1)
    tick()
    assert queries.search("nguồn nước", tokens=()).total == 0


def test_reindex_makes_the_index_from_the_database(engine: Engine, shelf: Shelf) -> None:
    shelf.put(*(page(n, 1, f"nguồn nước {n}") for n in range(1, 31)))
    note(*range(1, 31))
    tick()
    del shelf.pages[7]  # gone without a note: only a rebuilt index knows
    shelf.put(page(99, 1, "đê điều"))
    rebuilt = reindex()
    assert (rebuilt.records, rebuilt.before, rebuilt.skipped) == (30, 30, ())
    assert found("đê điều") == [99]
    again = StringIO()
    call_command("reindex", stdout=again)
    assert engine.name in again.getvalue()
    assert engine.count("live") == 30


def test_changes_during_a_reindex_reach_the_new_index(engine: Engine, shelf: Shelf) -> None:
    shelf.put(page(1, 1, "cũ"), page(2, 1, "nguồn nước"))

    def change(_records: int) -> None:
        shelf.pages[1] = [page(1, 1, "đê điều")]
        note(1)
        index_pending()

    reindex(tell=change)
    assert found("đê điều") == [1]
    assert found("cũ") == []


def test_a_reindex_that_would_lose_records_keeps_the_old_index(engine: Engine, shelf: Shelf) -> None:
    shelf.put(page(1, 1, "nguồn nước"), page(2, 1, "nguồn nước"))
    note(1, 2)
    tick()

    def build(object_id: int) -> Any:
        if object_id == 1:
            raise ValueError("unreadable")
        return shelf.build(object_id)

    sources.register(SOURCE, build, all_ids=shelf.all_ids, visible=shelf.visible)
    with pytest.raises(DomainError) as refused:
        reindex()
    assert refused.value.code == "reindex_fewer"
    assert set(found("nguồn nước")) == {1, 2}
    assert reindex(allow_fewer=True).records == 1


def test_two_rebuilds_do_not_run_at_once(engine: Engine, shelf: Shelf) -> None:
    outbox.take_version()
    IndexState.objects.update(building="next", building_until=clock.now() + timedelta(minutes=1))
    with pytest.raises(WrongState):
        reindex()
    IndexState.objects.update(building_until=clock.now() - timedelta(seconds=1))
    assert reindex().records == 0
