"""How a poll is decided: frozen values and pure functions, no Django, no clock, no database."""

from voting.rules.decision import (
    Mandate,
    Verdict,
    Vote,
    decide,
    fixed_base,
    is_tie_for_chair,
    quorum_needed,
)
from voting.rules.rule import (
    PRESETS,
    Base,
    Choice,
    Outcome,
    Reason,
    Rule,
    Share,
    Side,
    Silence,
    Standing,
    Tie,
)

__all__ = [
    "PRESETS",
    "Base",
    "Choice",
    "Mandate",
    "Outcome",
    "Reason",
    "Rule",
    "Share",
    "Side",
    "Silence",
    "Standing",
    "Tie",
    "Verdict",
    "Vote",
    "decide",
    "fixed_base",
    "is_tie_for_chair",
    "quorum_needed",
]
