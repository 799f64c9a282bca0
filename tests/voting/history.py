"""Judges a history of casts and closes: what each caller did, saw and when, against the database.

It knows nothing of how ballots are written. Times are of one monotonic clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from voting.models import Ballot, Poll


@dataclass(frozen=True)
class Cast:
    """One call of ``cast``: ``code`` is None when it was acknowledged, else the refusal's code."""

    mandate: str
    choice: str
    key: str
    began: float
    ended: float
    code: str | None
    revision: int = 0


@dataclass(frozen=True)
class Close:
    began: float
    ended: float
    code: str | None


@dataclass
class History:
    casts: list[Cast] = field(default_factory=list)
    closes: list[Close] = field(default_factory=list)


def violations(poll: Poll, history: History) -> list[str]:
    """Everything that contradicts "an acknowledged ballot counts, and closing is one instant"."""
    ballots = list(Ballot.objects.filter(poll=poll).select_related("elector"))
    return [
        *_lost_or_doubled(ballots, history.casts),
        *_revisions(ballots),
        *_around_the_close(history),
        *_miscounted(poll, ballots),
    ]


def _lost_or_doubled(ballots: Sequence[Ballot], casts: Sequence[Cast]) -> list[str]:
    stored = Counter((b.elector.mandate, b.key, b.choice, b.revision) for b in ballots)
    told = {(c.mandate, c.key, c.choice, c.revision) for c in casts if c.code is None}
    lost = [f"acknowledged and lost: {row}" for row in told if row not in stored]
    doubled = [f"stored twice: {row}" for row, number in stored.items() if number > 1]
    refused = {(c.mandate, c.key) for c in casts if c.code} - {(m, k) for m, k, _c, _r in told}
    kept = [f"refused and stored: {row}" for row in refused if any(row == key[:2] for key in stored)]
    return lost + doubled + kept


def _revisions(ballots: Sequence[Ballot]) -> list[str]:
    by_mandate: dict[str, list[int]] = defaultdict(list)
    for ballot in ballots:
        by_mandate[ballot.elector.mandate].append(ballot.revision)
    return [
        f"revisions of {mandate}: {sorted(numbers)}"
        for mandate, numbers in by_mandate.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]


def _around_the_close(history: History) -> list[str]:
    done = [close for close in history.closes if close.code is None]
    if len(done) != 1:
        return [f"{len(done)} closes succeeded"]
    close = done[0]
    late = [c for c in history.casts if c.code is None and c.began > close.ended]
    early = [c for c in history.casts if c.code == "poll_closed" and c.ended < close.began]
    return [f"accepted after the close: {c}" for c in late] + [
        f"refused before the close: {c}" for c in early
    ]


def _miscounted(poll: Poll, ballots: Sequence[Ballot]) -> list[str]:
    last: dict[str, tuple[int, str]] = {}
    for ballot in ballots:
        last[ballot.elector.mandate] = max(
            last.get(ballot.elector.mandate, (0, "")), (ballot.revision, ballot.choice)
        )
    counted = Counter(choice for _revision, choice in last.values())
    told = {choice: number for choice, number in (poll.verdict or {})["counts"].items() if number}
    return [] if counted == told else [f"verdict says {told}, the ballots {dict(counted)}"]
