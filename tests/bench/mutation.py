"""The share of small faults in ``voting/rules`` that make a test fail; tells on stderr which do not."""

from __future__ import annotations

import os
import sys
import tempfile

from tests.bench import Row

GOAL = 0.90


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ecabinet-bench-") as folder:
        os.environ["ECABINET_DATA_DIR"] = folder
        from tests.voting import mutation

        mutation.prepare()
        chosen = mutation.judged()
        alive = mutation.survivors(chosen, jobs=os.cpu_count() or 1, told=_tell)
    score = 1 - len(alive) / len(chosen)
    what = f"mutation score of voting/rules, {len(chosen)} mutants, {len(alive)} alive"
    return [Row(what, score, "", "goal", GOAL, "at least 0.90", score >= GOAL)]


def _tell(mutant: object) -> None:
    print(f"alive: {mutant}", file=sys.stderr, flush=True)
