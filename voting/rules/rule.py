"""A voting rule as data, and the presets a body chooses from.

Sources: Law on Government Organization 2015 art. 46 and Decree 138/2016 (quorum two thirds of all
members, adopted by more than half of all members, on equal votes the side the chair voted for).
Other rules are data of a body; nothing here knows a country.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What is put: one text to adopt or not, or several options of which at most one is chosen."""

    MOTION = "motion"
    OPTIONS = "options"


class Base(StrEnum):
    """Of whom the threshold is a share."""

    ALL = "all"  # every mandate of the electorate
    PRESENT = "present"  # mandates present when the poll opened
    CAST = "cast"  # ballots cast


class Tie(StrEnum):
    REJECT = "reject"
    CHAIR = "chair"  # equal votes for and against, or of leading options: the chair's side prevails


class Silence(StrEnum):
    """What a mandate present without a ballot counts as."""

    NONE = "none"
    AGREE = "agree"
    ABSTAIN = "abstain"


class Side(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    OTHER = "other"  # a ballot, but neither for nor against
    OPTION = "option"  # for one of several options


class Standing(StrEnum):
    """Where a mandate stood when the poll opened (the values of ``voting.enums.Entitlement``)."""

    PRESENT = "present"
    ABSENT = "absent"
    RECUSED = "recused"


class Outcome(StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"


class Reason(StrEnum):
    """Why; each has one sentence here and one in ``voting.verdict_text``."""

    NO_QUORUM = "no_quorum"
    REACHED = "reached"
    MISSED = "missed"
    CHAIR_FOR = "chair_for"
    CHAIR_AGAINST = "chair_against"
    TIE_REJECTED = "tie_rejected"
    OBJECTED = "objected"
    NO_OBJECTION = "no_objection"
    NOBODY_VOTED = "nobody_voted"
    OPTION_REACHED = "option_reached"
    OPTION_MISSED = "option_missed"
    OPTION_UNOPPOSED = "option_unopposed"
    OPTION_BY_CHAIR = "option_by_chair"
    OPTION_TIED = "option_tied"
    OPTION_UNVOTED = "option_unvoted"


@dataclass(frozen=True)
class Share:
    """A part of a base: ``strict`` means more than it, else at least it."""

    over: int
    under: int
    strict: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.over <= self.under or self.under < 1:
            raise ValueError("a share lies between 0 and 1")
        if self.strict and self.over == self.under:
            raise ValueError("nothing is more than all")

    def needed(self, base: int) -> int:
        """The smallest whole number that satisfies the share of ``base``."""
        exact = self.over * base
        return exact // self.under + 1 if self.strict else -(-exact // self.under)


@dataclass(frozen=True)
class Choice:
    """What a ballot may say; the words belong to the body's preset."""

    code: str
    label: str
    label_en: str
    side: Side


FOR = Choice("for", "Tán thành", "In favour", Side.FOR)
AGAINST = Choice("against", "Không tán thành", "Against", Side.AGAINST)
ABSTAIN = Choice("abstain", "Không biểu quyết", "Abstain", Side.ABSTAIN)
OBJECT = Choice("against", "Phản đối", "Object", Side.AGAINST)
NONE_OF_THESE = Choice("against", "Không chọn phương án nào", "None of these", Side.AGAINST)

# Fields that came after the first polls were frozen. At their default they are not written, so that
# what an older version froze keeps its bytes, and its digest in the ledger.
_LATER = {"kind": Kind.MOTION, "tally_while_open": False}


@dataclass(frozen=True)
class Rule:
    """A voting rule as data, frozen into each poll.

    ``quorum`` is a share of all members, counted by mandates and not by weight. ``abstentions_cast``
    says whether an abstention is part of the base ``cast``. ``recused_in_base`` says whether a mandate
    that withdrew stays in the bases ``all`` and ``present``. ``objection_blocks``: one vote against rejects.
    ``tally_while_open``: running counts may be shown before the close, else only who has voted.
    """

    quorum: Share
    base: Base
    threshold: Share
    tie: Tie = Tie.REJECT
    silence: Silence = Silence.NONE
    abstentions_cast: bool = False
    recused_in_base: bool = False
    objection_blocks: bool = False
    weighted: bool = False
    choices: tuple[Choice, ...] = (FOR, AGAINST, ABSTAIN)
    kind: Kind = Kind.MOTION
    tally_while_open: bool = False

    def __post_init__(self) -> None:
        codes = [choice.code for choice in self.choices]
        if len(set(codes)) != len(codes):
            raise ValueError("two choices with one code")
        sides = [choice.side for choice in self.choices]
        if self.kind is Kind.MOTION and (Side.FOR not in sides or Side.OPTION in sides):
            raise ValueError("a ballot on a motion needs a way to agree, and no options")
        if self.kind is Kind.OPTIONS and (sides.count(Side.OPTION) < 2 or Side.FOR in sides):
            raise ValueError("a ballot on options needs two of them, and no other way to agree")

    def choice(self, code: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)

    def code_of(self, side: Side) -> str | None:
        return next((choice.code for choice in self.choices if choice.side is side), None)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON values; ``from_data`` gives the same rule back."""
        data = asdict(self)
        data["choices"] = [asdict(choice) for choice in self.choices]
        return {name: value for name, value in data.items() if name not in _LATER or value != _LATER[name]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Rule:
        """Raises KeyError, TypeError or ValueError when the data is no rule."""
        return cls(
            quorum=Share(**data["quorum"]),
            base=Base(data["base"]),
            threshold=Share(**data["threshold"]),
            tie=Tie(data["tie"]),
            silence=Silence(data["silence"]),
            abstentions_cast=bool(data["abstentions_cast"]),
            recused_in_base=bool(data["recused_in_base"]),
            objection_blocks=bool(data["objection_blocks"]),
            weighted=bool(data["weighted"]),
            choices=tuple(Choice(**{**row, "side": Side(row["side"])}) for row in data["choices"]),
            kind=Kind(data.get("kind", Kind.MOTION)),
            tally_while_open=bool(data.get("tally_while_open", False)),
        )


def with_options(rule: Rule, options: Sequence[tuple[str, str]]) -> Rule:
    """The same rule for a choice between ``options`` (label and English label, in order).

    Codes are ``option-1``, ``option-2`` …. Where the rule lets a ballot be against, it can now say "none
    of these" (or still object, where an objection blocks); its abstention and the rest stay as they are.
    Raises ValueError for fewer than two options.
    """
    offered = [Choice(f"option-{n}", *labels, Side.OPTION) for n, labels in enumerate(options, start=1)]
    kept = [choice for choice in rule.choices if choice.side not in (Side.FOR, Side.OPTION)]
    if not rule.objection_blocks:
        kept = [NONE_OF_THESE if choice.side is Side.AGAINST else choice for choice in kept]
    return replace(rule, kind=Kind.OPTIONS, choices=(*offered, *kept))


MORE_THAN_HALF = Share(1, 2, strict=True)
TWO_THIRDS = Share(2, 3)
ALL = Share(1, 1)
PRESETS: dict[str, Rule] = {
    "vn-government": Rule(
        quorum=TWO_THIRDS, base=Base.ALL, threshold=MORE_THAN_HALF, tie=Tie.CHAIR, recused_in_base=True
    ),
    "simple-majority-present": Rule(quorum=MORE_THAN_HALF, base=Base.PRESENT, threshold=MORE_THAN_HALF),
    "two-thirds-cast": Rule(quorum=MORE_THAN_HALF, base=Base.CAST, threshold=TWO_THIRDS),
    "consensus": Rule(
        quorum=MORE_THAN_HALF,
        base=Base.PRESENT,
        threshold=Share(0, 1),
        silence=Silence.AGREE,
        objection_blocks=True,
        choices=(FOR, OBJECT, ABSTAIN),
    ),
    "unanimity": Rule(quorum=TWO_THIRDS, base=Base.PRESENT, threshold=ALL),
    "weighted": Rule(quorum=MORE_THAN_HALF, base=Base.ALL, threshold=MORE_THAN_HALF, weighted=True),
}
