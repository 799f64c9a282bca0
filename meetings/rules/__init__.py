"""Pure functions and frozen values: no Django, no clock, no database."""

from meetings.rules.agenda import (
    Change,
    Facts,
    Finding,
    ItemFacts,
    check_agenda,
    compare_versions,
    planned_starts,
    takes_positions,
)
from meetings.rules.decision_text import (
    Block,
    abstract_under,
    block_of,
    decision_blocks,
    draft_content,
    joined_lines,
)

__all__ = [
    "Block",
    "Change",
    "Facts",
    "Finding",
    "ItemFacts",
    "abstract_under",
    "block_of",
    "check_agenda",
    "compare_versions",
    "decision_blocks",
    "draft_content",
    "joined_lines",
    "planned_starts",
    "takes_positions",
]
