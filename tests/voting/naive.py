"""A second, naive way to decide a poll, to compare with ``voting.rules``.

Written from the rules' descriptions and not from their code: it asks each mandate in turn, compares
fractions, and shares nothing but the data. Slow and plain on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from voting.rules import Mandate, Rule, Share, Vote


class Result(NamedTuple):
    reason: str
    chosen: str | None
    adopted: bool
    counts: dict[str, int]
    in_favour: int
    against: int
    needed: int
    base: int
    present: int
    quorum: int
    members: int
    silent: int
    absent: int
    recused: int
    waits_for_chair: bool


class Answers:
    """What each mandate said: its weight, and the code and side of its ballot ("" when it has none)."""

    def __init__(self, rule: Rule, electorate: Sequence[Mandate], ballots: Sequence[Vote]) -> None:
        self.rows: list[tuple[int, str, str]] = []
        self.chair, self.silent, self.chair_can_vote = ("", ""), 0, False
        for mandate in electorate:
            code, side = "", ""
            if mandate.entitlement == "present":
                code, side = answer_of(rule, mandate, ballots)
                self.silent += not code
                if mandate.is_chair:
                    self.chair_can_vote, self.chair = True, (code, side)
            self.rows.append((mandate.weight if rule.weighted else 1, code, side))

    def votes_for(self, code: str) -> int:
        return sum(weight for weight, said, _side in self.rows if said == code)

    def votes_on(self, side: str) -> int:
        return sum(weight for weight, _code, taken in self.rows if taken == side)


def answer_of(rule: Rule, mandate: Mandate, ballots: Sequence[Vote]) -> tuple[str, str]:
    for ballot in ballots:
        if ballot.mandate == mandate.key:
            for choice in rule.choices:
                if choice.code == ballot.choice:
                    return choice.code, str(choice.side)
    wanted = {"agree": "for", "abstain": "abstain"}.get(str(rule.silence))
    for choice in rule.choices:
        if choice.side == wanted:
            return choice.code, str(choice.side)
    return "", ""


def satisfies(share: Share, part: int, whole: int) -> bool:
    asked = Fraction(share.over, share.under) * whole
    return part > asked if share.strict else part >= asked


def smallest(share: Share, whole: int) -> int:
    part = math.floor(Fraction(share.over, share.under) * whole)
    while not satisfies(share, part, whole):
        part += 1
    return part


def base_of(rule: Rule, electorate: Sequence[Mandate], answers: Answers) -> int:
    base = 0
    for mandate, (weight, code, side) in zip(electorate, answers.rows, strict=True):
        if rule.base == "cast":
            belongs = bool(code) and (side != "abstain" or rule.abstentions_cast)
        elif mandate.entitlement == "recused":
            belongs = rule.recused_in_base
        else:
            belongs = mandate.entitlement == "present" or rule.base == "all"
        base += weight if belongs else 0
    return base


def judge(rule: Rule, electorate: Sequence[Mandate], ballots: Sequence[Vote]) -> Result:
    answers = Answers(rule, electorate, ballots)
    by_standing = {"present": 0, "absent": 0, "recused": 0}
    for mandate in electorate:
        by_standing[str(mandate.entitlement)] += 1
    here = by_standing["present"] + by_standing["recused"]
    base, against = base_of(rule, electorate, answers), answers.votes_on("against")
    if rule.kind == "options":
        most, leaders = leading(rule, answers)
        reason, chosen = judge_options(rule, answers, base, most, leaders)
        equal = len(leaders) > 1
    else:
        most, chosen = answers.votes_on("for"), None
        reason = judge_motion(rule, answers, base)
        equal = most > 0 and most == against
    if not satisfies(rule.quorum, here, len(electorate)):
        reason, chosen = "no_quorum", None
    return Result(
        reason=reason,
        chosen=chosen,
        adopted=chosen is not None or reason in ("reached", "chair_for", "no_objection"),
        counts={choice.code: answers.votes_for(choice.code) for choice in rule.choices},
        in_favour=most,
        against=against,
        needed=smallest(rule.threshold, base),
        base=base,
        present=here,
        quorum=smallest(rule.quorum, len(electorate)),
        members=len(electorate),
        silent=answers.silent,
        absent=by_standing["absent"],
        recused=by_standing["recused"],
        waits_for_chair=equal and rule.tie == "chair" and answers.chair_can_vote and not answers.chair[0],
    )


def judge_motion(rule: Rule, answers: Answers, base: int) -> str:
    yes, no = answers.votes_on("for"), answers.votes_on("against")
    if rule.objection_blocks:
        return "no_objection" if no == 0 else "objected"
    if base == 0:
        return "nobody_voted"
    if rule.tie == "chair" and yes == no and yes > 0:
        return {"for": "chair_for", "against": "chair_against"}.get(answers.chair[1], "tie_rejected")
    return "reached" if satisfies(rule.threshold, yes, base) else "missed"


def leading(rule: Rule, answers: Answers) -> tuple[int, list[str]]:
    most, leaders = 0, list[str]()
    for choice in rule.choices:
        votes = answers.votes_for(choice.code) if choice.side == "option" else 0
        if votes > most:
            most, leaders = votes, [choice.code]
        elif votes == most and votes > 0:
            leaders.append(choice.code)
    return most, leaders


def judge_options(
    rule: Rule, answers: Answers, base: int, most: int, leaders: list[str]
) -> tuple[str, str | None]:
    objected = rule.objection_blocks and answers.votes_on("against") > 0
    if objected or not leaders:
        return ("objected" if objected else "option_unvoted"), None
    if len(leaders) > 1:
        if rule.tie == "chair" and answers.chair[0] in leaders:
            return "option_by_chair", answers.chair[0]
        return "option_tied", None
    if rule.objection_blocks:
        return "option_unopposed", leaders[0]
    enough = satisfies(rule.threshold, most, base)
    return ("option_reached", leaders[0]) if enough else ("option_missed", None)
