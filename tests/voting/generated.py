"""Seeded polls, heavy on edges: small electorates, equal votes, bare quorums, nobody there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import NamedTuple

from voting.rules import (
    PRESETS,
    Base,
    Choice,
    Mandate,
    Rule,
    Share,
    Side,
    Silence,
    Standing,
    Tie,
    Vote,
    with_options,
)

SIZES = (*range(1, 13), 27)
BIG = (63, 120, 500)
SHARES = (
    Share(0, 1),
    Share(1, 3),
    Share(1, 2),
    Share(1, 2, strict=True),
    Share(2, 3),
    Share(3, 4),
    Share(1, 1),
)
CHOICES = (
    Choice("for", "Tán thành", "In favour", Side.FOR),
    Choice("against", "Không tán thành", "Against", Side.AGAINST),
    Choice("abstain", "Không biểu quyết", "Abstain", Side.ABSTAIN),
    Choice("other", "Ý kiến khác", "Another opinion", Side.OTHER),
)


class Case(NamedTuple):
    rule: Rule
    electorate: list[Mandate]
    ballots: list[Vote]


def a_rule(random: Random) -> Rule:
    """Any combination of the fields, sensible or not: each must count by the letter."""
    return Rule(
        quorum=random.choice(SHARES),
        base=random.choice(list(Base)),
        threshold=random.choice(SHARES),
        tie=random.choice(list(Tie)),
        silence=random.choice(list(Silence)),
        abstentions_cast=random.random() < 0.5,
        recused_in_base=random.random() < 0.5,
        objection_blocks=random.random() < 0.1,
        weighted=random.random() < 0.3,
        choices=CHOICES[: random.choice((2, 3, 3, 4))],
    )


def with_some_options(random: Random, rule: Rule) -> Rule:
    """The same rule between two to five options; now and then one that leaves no way to abstain."""
    number = random.choice((2, 2, 3, 3, 4, 5))
    options = with_options(rule, [(f"Phương án {n}", f"Option {n}") for n in range(1, number + 1)])
    return replace(options, choices=options.choices[:number]) if random.random() < 0.1 else options


def an_electorate(random: Random) -> list[Mandate]:
    size = random.choice(BIG) if random.random() < 0.002 else random.choice(SIZES)
    missing = random.choice((0.0, 0.0, 0.1, 0.35, 0.6))
    chair = random.randrange(size + 2)  # now and then nobody chairs
    return [
        Mandate(f"m:{place}", random.choice((1, 1, 1, 2, 5)), place == chair, _standing(random, missing))
        for place in range(size)
    ]


def _standing(random: Random, missing: float) -> str:
    if random.random() >= missing:
        return Standing.PRESENT
    return Standing.ABSENT if random.random() < 0.75 else Standing.RECUSED


def ballots_of(random: Random, rule: Rule, electorate: list[Mandate]) -> list[Vote]:
    """Of those present; some polls are unanimous, some split evenly, some nearly empty."""
    here = [mandate.key for mandate in electorate if mandate.entitlement == Standing.PRESENT]
    codes = [choice.code for choice in rule.choices]
    favourites = random.choice((codes, codes, codes[:2], codes[:1], codes[-1:]))
    silent = random.choice((0.0, 0.0, 0.1, 0.5, 1.0))
    if random.random() < 0.15:  # evenly split, often without the chair
        quiet = {m.key for m in electorate if m.is_chair and random.random() < 0.5}
        votes = [Vote(key, codes[place % 2]) for place, key in enumerate(k for k in here if k not in quiet)]
    else:
        votes = [Vote(key, random.choice(favourites)) for key in here if random.random() >= silent]
    random.shuffle(votes)
    return votes


def cases(seed: int, number: int) -> Iterator[Case]:
    """The same polls for the same seed."""
    random = Random(seed)  # noqa: S311  # the same polls every time
    presets = list(PRESETS.values())
    motions = [*presets, *(a_rule(random) for _ in range(300))]
    options = [with_some_options(random, rule) for rule in motions]
    presets_with_options = options[: len(presets)]
    for _ in range(number):
        rule = random.choice(random.choice((motions, motions, options, presets, presets_with_options)))
        electorate = an_electorate(random)
        yield Case(rule, electorate, ballots_of(random, rule, electorate))
