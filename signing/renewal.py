"""When a sealed file needs a new archive timestamp. Pure: no Django, clock or database.

A file is proved by its last timestamp only: everything before stands under it. So the rule looks at
that one: a new one is made a year later, or a year before its certificate ends, or when a method it
was made by loses trust (ETSI EN 319 142-1 §5.5, ETSI TS 119 511).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

YEAR = timedelta(days=365)
# Hashes this site can use for new timestamps, in the order of preference.
DIGESTS = ("sha256", "sha384", "sha512")


class Cause(StrEnum):
    YEARLY = "yearly"
    CERTIFICATE = "certificate"
    ALGORITHM = "algorithm"


@dataclass(frozen=True)
class Stamp:
    """The last timestamp of a file: ``methods`` names its hashes and signature, lower case."""

    made_at: datetime
    certificate_ends: datetime
    methods: frozenset[str]


@dataclass(frozen=True)
class Alarm:
    """From ``since`` on (UTC) the method is not trusted for what must be proved any longer."""

    method: str
    since: date

    @classmethod
    def parse(cls, text: str) -> Alarm:
        """``sha256=2031-01-01``. Raises ValueError for anything else."""
        method, _equals, day = text.partition("=")
        if not method.strip():
            raise ValueError(f"not an alarm: {text!r}")
        return cls(method.strip().lower(), date.fromisoformat(day.strip()))

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.since, time(), UTC)


def due(stamp: Stamp, alarms: Iterable[Alarm] = ()) -> tuple[datetime, Cause]:
    """When the next timestamp must be made at the latest, and why then."""
    reasons = [
        (stamp.made_at + YEAR, Cause.YEARLY),
        (max(stamp.certificate_ends - YEAR, stamp.made_at), Cause.CERTIFICATE),
        # The new proof must be there before the old method falls: a year is time enough for an archive.
        *(
            (max(alarm.moment - YEAR, stamp.made_at), Cause.ALGORITHM)
            for alarm in alarms
            if alarm.method in stamp.methods
        ),
    ]
    return min(reasons, key=lambda reason: reason[0])


def fallen(methods: Iterable[str], alarms: Iterable[Alarm], on: datetime) -> frozenset[str]:
    """Which of the methods are not to be used for a timestamp made at that moment."""
    listed = {alarm.method for alarm in alarms if alarm.moment - YEAR <= on}
    return frozenset(listed.intersection(methods))


def usable_digest(alarms: Iterable[Alarm], on: datetime) -> str:
    """The hash for a new timestamp. Raises ValueError when every one this site knows has fallen."""
    gone = fallen(DIGESTS, alarms, on)
    for name in DIGESTS:
        if name not in gone:
            return name
    raise ValueError("no hash is left that is trusted")
