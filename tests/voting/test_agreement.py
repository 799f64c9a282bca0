"""100,000 generated polls, decided twice."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.voting.generated import Case, cases
from tests.voting.naive import Result, judge
from voting.rules import PRESETS, Kind, Reason, Standing, decide, is_tie_for_chair

SEED, OFTEN = 20_261_125, 250


def result(case: Case) -> Result:
    """The verdict of ``voting.rules`` in the naive one's shape."""
    verdict = decide(*case)
    figures = {name: getattr(verdict, name) for name in Result._fields if name != "waits_for_chair"}
    return Result(**figures, waits_for_chair=is_tie_for_chair(*case))


@pytest.mark.parametrize("number", [2_000, 100_000])
def test_two_implementations_agree_on_every_poll(number: int) -> None:
    seen: Counter[str] = Counter()
    for case in cases(SEED, number):
        first, second = result(case), judge(*case)
        assert first == second, case
        seen[first.reason] += 1
        seen["waits"] += first.waits_for_chair
        seen["weighed"] += case.rule.weighted and first.base != first.members
        seen["big"] += first.members > 50
        seen["nobody here"] += first.present == 0
    sorts = [*Reason, "waits", "weighed", "nobody here"]
    assert not {sort: seen[sort] for sort in sorts if seen[sort] * 100_000 < OFTEN * number}
    assert seen["big"] >= number / 2_000


def test_the_polls_are_of_every_sort() -> None:
    some = list(cases(SEED, 20_000))
    assert {id(rule) for rule in PRESETS.values()} <= {id(case.rule) for case in some}
    assert {case.rule.kind for case in some} == set(Kind)
    assert {m.entitlement for case in some for m in case.electorate} == set(Standing)
    assert {len(case.electorate) for case in some} >= set(range(1, 13))
    assert {choice.side for case in some for choice in case.rule.choices} >= {"other", "option", "abstain"}
    results = [judge(*case) for case in some]
    bare_quorum = sum(result.present == result.quorum for result in results)
    just = sum(result.in_favour == result.needed > 0 for result in results)
    one_short = sum(result.in_favour + 1 == result.needed for result in results)
    assert min(bare_quorum, just, one_short) >= OFTEN
