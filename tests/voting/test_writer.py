from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from voting.writer import MAX_BATCH, GroupCommit


class Recorder:
    """A commit that can be held up, so that others queue behind it."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.entered = threading.Event()
        self.gate = threading.Event()

    def __call__(self, batch: Sequence[int]) -> list[str | Exception]:
        self.batches.append(list(batch))
        self.entered.set()
        self.gate.wait(10)
        return [ValueError(str(n)) if n < 0 else f"r{n}" for n in batch]


def queued(writer: GroupCommit[int, str], number: int) -> None:
    while len(writer._queue) < number:
        threading.Event().wait(0.001)


def test_who_queues_behind_a_commit_shares_the_next_one() -> None:
    commit = Recorder()
    writer: GroupCommit[int, str] = GroupCommit(commit)
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(writer.submit, 0)
        assert commit.entered.wait(10)
        rest = [pool.submit(writer.submit, n) for n in range(1, 12)]
        queued(writer, 11)
        commit.gate.set()
        assert [future.result(10) for future in (first, *rest)] == [f"r{n}" for n in range(12)]
    assert [len(batch) for batch in commit.batches] == [1, 11]


def test_a_bad_row_refuses_itself_only() -> None:
    commit = Recorder()
    writer: GroupCommit[int, str] = GroupCommit(commit)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(writer.submit, 1)
        assert commit.entered.wait(10)
        bad, good = pool.submit(writer.submit, -5), pool.submit(writer.submit, 7)
        queued(writer, 2)
        commit.gate.set()
        assert (first.result(10), good.result(10)) == ("r1", "r7")
        with pytest.raises(ValueError, match="-5"):
            bad.result(10)


def test_a_failed_commit_refuses_its_batch_and_the_next_one_goes_on() -> None:
    answers = iter([RuntimeError("disk full"), None])

    def commit(batch: Sequence[int]) -> list[str]:
        if error := next(answers):
            raise error
        return ["ok" for _ in batch]

    writer: GroupCommit[int, str] = GroupCommit(commit)
    with pytest.raises(RuntimeError, match="disk full"):
        writer.submit(1)
    assert writer.submit(2) == "ok"


def test_no_batch_is_longer_than_the_limit() -> None:
    commit = Recorder()
    commit.gate.set()
    writer: GroupCommit[int, str] = GroupCommit(commit)
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(writer.submit, range(400)))) == 400
    assert sum(map(len, commit.batches)) == 400
    assert max(map(len, commit.batches)) <= MAX_BATCH
