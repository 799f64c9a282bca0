"""Deciding a poll: pure functions over a rule, a frozen electorate and the ballots that count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from voting.rules.rule import Base, Choice, Kind, Outcome, Reason, Rule, Side, Silence, Standing, Tie


@dataclass(frozen=True)
class Mandate:
    """One elector as it stood when the poll opened."""

    key: str
    weight: int = 1
    is_chair: bool = False
    entitlement: str = Standing.PRESENT


@dataclass(frozen=True)
class Vote:
    """The ballot that counts of one mandate."""

    mandate: str
    choice: str


@dataclass(frozen=True)
class Verdict:
    """The result with everything a person needs to check it.

    Votes (``counts``, ``in_favour``, ``needed``, ``base``) are weighted where the rule weighs;
    ``present``, ``quorum``, ``members``, ``silent``, ``absent`` and ``recused`` count mandates.
    Of several options ``in_favour`` is the leading one's votes and ``chosen`` the code of the chosen one.
    """

    adopted: bool
    outcome: Outcome
    reason: Reason
    sentence: str  # English; translated by voting.verdict_text
    counts: dict[str, int]
    in_favour: int
    against: int
    needed: int
    base: int
    base_kind: Base
    members: int
    present: int
    quorum: int
    silent: int
    absent: int
    recused: int
    params: dict[str, int | str] = field(default_factory=dict)
    chosen: str | None = None

    def as_data(self) -> dict[str, Any]:
        """Plain JSON values; ``chosen`` only where an option was, as before there were options."""
        data = asdict(self)
        return data if self.chosen else {name: data[name] for name in data if name != "chosen"}


class _Tally(NamedTuple):
    """Ballots summed up before anything is decided."""

    counts: dict[str, int]
    sides: dict[Side, int]
    chair: Choice | None
    silent: int
    leaders: tuple[Choice, ...]  # of several options those with most votes; none without a vote

    @property
    def in_favour(self) -> int:
        """Votes for the motion, or for one leading option."""
        return self.counts[self.leaders[0].code] if self.leaders else self.sides[Side.FOR]


def quorum_needed(rule: Rule, members: int) -> int:
    """How many mandates must be present."""
    return rule.quorum.needed(members)


def fixed_base(rule: Rule, electorate: Iterable[Mandate]) -> int | None:
    """The base as far as it is known before the close: None when it depends on who votes."""
    if rule.base is Base.CAST:
        return None
    return sum(_weight(rule, mandate) for mandate in electorate if _in_base(rule, mandate))


def chair_choices(rule: Rule, electorate: Sequence[Mandate], ballots: Iterable[Vote]) -> tuple[str, ...]:
    """The codes between which the chair's own ballot would decide now; empty when it would not.

    It would when votes are equal, the rule gives them to the chair, and the chair, entitled, has not voted.
    """
    tally = _tally(rule, electorate, ballots)
    waiting = any(m.is_chair and m.entitlement == Standing.PRESENT for m in electorate)
    if rule.tie is not Tie.CHAIR or not _equal(rule, tally) or tally.chair is not None or not waiting:
        return ()
    if rule.kind is Kind.OPTIONS:
        return tuple(choice.code for choice in tally.leaders)
    return tuple(choice.code for choice in rule.choices if choice.side in (Side.FOR, Side.AGAINST))


def is_tie_for_chair(rule: Rule, electorate: Sequence[Mandate], ballots: Iterable[Vote]) -> bool:
    """Votes are equal, the chair's side would decide, and the chair, entitled, has not voted."""
    return bool(chair_choices(rule, electorate, ballots))


def decide(rule: Rule, electorate: Sequence[Mandate], ballots: Iterable[Vote]) -> Verdict:
    """The verdict on the ballots that count.

    ``ballots`` holds at most one vote per mandate. Raises ValueError on a vote of nobody entitled, a
    second vote of one mandate, or an unknown choice: the caller must never let one in.

    Of several options the one with most votes is chosen if it reaches the threshold. Equal leading ones
    are settled by the chair's vote where the rule says so, whatever the threshold, as with a motion.
    """
    tally = _tally(rule, electorate, ballots)
    base = _base(rule, electorate, tally)
    needed = rule.threshold.needed(base)
    present = _heads(electorate, Standing.PRESENT) + _heads(electorate, Standing.RECUSED)
    quorum = quorum_needed(rule, len(electorate))
    reason = Reason.NO_QUORUM if present < quorum else _reason(rule, tally, needed, base)
    chosen = _chosen(reason, tally)
    params: dict[str, int | str] = {
        "in_favour": tally.in_favour,
        "against": tally.sides[Side.AGAINST],
        "needed": needed,
        "base": base,
        "present": present,
        "quorum": quorum,
        "members": len(electorate),
        **({"option": chosen.label, "option_en": chosen.label_en} if chosen else {}),
    }
    return Verdict(
        adopted=reason in _ADOPTING,
        outcome=_outcome(reason),
        reason=reason,
        sentence=_sentence(reason, rule.base, params),
        counts=tally.counts,
        in_favour=tally.in_favour,
        against=tally.sides[Side.AGAINST],
        needed=needed,
        base=base,
        base_kind=rule.base,
        members=len(electorate),
        present=present,
        quorum=quorum,
        silent=tally.silent,
        absent=_heads(electorate, Standing.ABSENT),
        recused=_heads(electorate, Standing.RECUSED),
        params=params,
        chosen=chosen.code if chosen else None,
    )


_CHOOSING = frozenset({Reason.OPTION_REACHED, Reason.OPTION_UNOPPOSED, Reason.OPTION_BY_CHAIR})
_ADOPTING = frozenset({Reason.REACHED, Reason.CHAIR_FOR, Reason.NO_OBJECTION, *_CHOOSING})
_OF_WHOM = {
    Base.ALL: "{needed} of {base} members needed",
    Base.PRESENT: "{needed} of {base} members present needed",
    Base.CAST: "{needed} of {base} votes cast needed",
}
_SENTENCES = {
    Reason.NO_QUORUM: "No quorum: {quorum} of {members} members needed, {present} present.",
    Reason.REACHED: "{of_whom}; {in_favour} in favour: adopted.",
    Reason.MISSED: "{of_whom}; {in_favour} in favour: not adopted.",
    Reason.CHAIR_FOR: "Equal votes, {in_favour} to {against}; the chair voted in favour: adopted.",
    Reason.CHAIR_AGAINST: "Equal votes, {in_favour} to {against}; the chair voted against: not adopted.",
    Reason.TIE_REJECTED: "Equal votes, {in_favour} to {against}; the chair took no side: not adopted.",
    Reason.OBJECTED: "Consensus needed; {against} objected: not adopted.",
    Reason.NO_OBJECTION: "Consensus: nobody objected: adopted.",
    Reason.NOBODY_VOTED: "No vote was cast: not adopted.",
    Reason.OPTION_REACHED: "{of_whom}; {in_favour} for “{option}”: chosen.",
    Reason.OPTION_MISSED: "{of_whom}; the leading option has {in_favour}: none chosen.",
    Reason.OPTION_UNOPPOSED: "Consensus: nobody objected; {in_favour} for “{option}”: chosen.",
    Reason.OPTION_BY_CHAIR: "Equal votes, {in_favour} each; the chair voted for “{option}”: chosen.",
    Reason.OPTION_TIED: "Equal votes for the leading options, {in_favour} each: none chosen.",
    Reason.OPTION_UNVOTED: "No option received a vote: none chosen.",
}


def _sentence(reason: Reason, base: Base, params: Mapping[str, int | str]) -> str:
    of_whom = _OF_WHOM[base].format(**params)
    english = {**params, "option": params.get("option_en") or params.get("option")}
    return _SENTENCES[reason].format(of_whom=of_whom, **english)


def _outcome(reason: Reason) -> Outcome:
    if reason is Reason.NO_QUORUM:
        return Outcome.NO_QUORUM
    return Outcome.ADOPTED if reason in _ADOPTING else Outcome.REJECTED


def _reason(rule: Rule, tally: _Tally, needed: int, base: int) -> Reason:
    if rule.objection_blocks and tally.sides[Side.AGAINST]:
        return Reason.OBJECTED
    if rule.kind is Kind.OPTIONS:
        return _reason_of_options(rule, tally, needed)
    if rule.objection_blocks:
        return Reason.NO_OBJECTION
    if base == 0:
        return Reason.NOBODY_VOTED
    if rule.tie is Tie.CHAIR and _equal(rule, tally):
        return _by_chair(tally.chair)
    return Reason.REACHED if tally.in_favour >= needed else Reason.MISSED


def _by_chair(choice: Choice | None) -> Reason:
    side = choice.side if choice else None
    if side is Side.FOR:
        return Reason.CHAIR_FOR
    return Reason.CHAIR_AGAINST if side is Side.AGAINST else Reason.TIE_REJECTED


def _reason_of_options(rule: Rule, tally: _Tally, needed: int) -> Reason:
    if not tally.leaders:
        return Reason.OPTION_UNVOTED
    if _equal(rule, tally):
        settled = rule.tie is Tie.CHAIR and tally.chair in tally.leaders
        return Reason.OPTION_BY_CHAIR if settled else Reason.OPTION_TIED
    if rule.objection_blocks:
        return Reason.OPTION_UNOPPOSED
    return Reason.OPTION_REACHED if tally.in_favour >= needed else Reason.OPTION_MISSED


def _chosen(reason: Reason, tally: _Tally) -> Choice | None:
    if reason not in _CHOOSING:
        return None
    return tally.chair if reason is Reason.OPTION_BY_CHAIR else tally.leaders[0]


def _equal(rule: Rule, tally: _Tally) -> bool:
    if rule.kind is Kind.OPTIONS:
        return len(tally.leaders) > 1
    return tally.sides[Side.FOR] == tally.sides[Side.AGAINST] > 0


def _leaders(rule: Rule, counts: Mapping[str, int]) -> tuple[Choice, ...]:
    votes = {choice: counts[choice.code] for choice in rule.choices if choice.side is Side.OPTION}
    return tuple(choice for choice, number in votes.items() if 0 < number == max(votes.values()))


def _tally(rule: Rule, electorate: Sequence[Mandate], ballots: Iterable[Vote]) -> _Tally:
    entitled = {m.key: m for m in electorate if m.entitlement == Standing.PRESENT}
    counts = {choice.code: 0 for choice in rule.choices}
    sides = dict.fromkeys(Side, 0)
    chair: Choice | None = None
    voted: set[str] = set()
    for vote in _with_silence(rule, entitled, ballots):
        mandate, choice = entitled.get(vote.mandate), rule.choice(vote.choice)
        if mandate is None or choice is None or vote.mandate in voted:
            raise ValueError(f"not a ballot of this poll: {vote}")
        voted.add(vote.mandate)
        counts[choice.code] += _weight(rule, mandate)
        sides[choice.side] += _weight(rule, mandate)
        chair = choice if mandate.is_chair else chair
    return _Tally(counts, sides, chair, len(entitled) - len(voted), _leaders(rule, counts))


def _with_silence(rule: Rule, entitled: Mapping[str, Mandate], ballots: Iterable[Vote]) -> Iterable[Vote]:
    """The ballots, and for each silent mandate what its silence counts as."""
    spoken = list(ballots)
    meaning = {Silence.AGREE: Side.FOR, Silence.ABSTAIN: Side.ABSTAIN}.get(rule.silence)
    code = rule.code_of(meaning) if meaning else None
    if code is None:
        return spoken
    heard = {vote.mandate for vote in spoken}
    return [*spoken, *(Vote(key, code) for key in entitled if key not in heard)]


def _base(rule: Rule, electorate: Iterable[Mandate], tally: _Tally) -> int:
    fixed = fixed_base(rule, electorate)
    if fixed is not None:
        return fixed
    left_out = 0 if rule.abstentions_cast else tally.sides[Side.ABSTAIN]
    return sum(tally.sides.values()) - left_out


def _in_base(rule: Rule, mandate: Mandate) -> bool:
    if mandate.entitlement == Standing.RECUSED:
        return rule.recused_in_base
    return rule.base is Base.ALL or mandate.entitlement == Standing.PRESENT


def _weight(rule: Rule, mandate: Mandate) -> int:
    return mandate.weight if rule.weighted else 1


def _heads(electorate: Iterable[Mandate], entitlement: str) -> int:
    return sum(mandate.entitlement == entitlement for mandate in electorate)
