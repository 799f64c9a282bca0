"""A new archive timestamp behind a sealed file: another stored file that begins with the old one."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ecabinet.common import clock
from signing import renewal, trust
from signing.actions.files import stored, working_copy
from signing.actions.versions import record_version
from signing.enums import Level, Trouble, VersionKind
from signing.pades import longterm
from signing.pades.tokens import TokenRefusedError
from signing.queries import algorithm_alarms
from signing.renewal import Stamp
from signing.validation import Verdict, validate

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Renewed:
    """``sha256`` and ``stamp`` are those of the new file; without one, ``trouble`` says why."""

    sha256: str = ""
    size: int = 0
    stamp: Stamp | None = None
    trouble: Trouble | None = None
    detail: str = ""


def renew_file(sha256: str) -> Renewed:
    """Put fresh validation data and a new timestamp behind the stored file; the stored file stays.

    The result was checked as a whole before it was stored: a file that is not genuine now, or would
    not be with its new timestamp, is left alone.
    """
    with working_copy(sha256) as path:
        path.chmod(0o600)
        try:
            digest = renewal.usable_digest(algorithm_alarms(), clock.now())
            longterm.add_timestamp(path, trust.timestamper(), digest)
            stamp = longterm.last_stamp(path)
            _require_trusted(stamp)
        except longterm.FAILURES as error:
            detail = " ".join(f"{type(error).__name__}: {error}".split())
            logger.warning("%s was not renewed: %s", sha256, detail)
            return Renewed(trouble=longterm.trouble_of(error), detail=detail[:400])
        report = validate(path)
        if report.verdict != Verdict.GENUINE:
            found = ", ".join(reason.code for reason in report.reasons)
            return Renewed(trouble=Trouble.BROKEN, detail=f"not genuine with its new timestamp: {found}")
        kept = stored(path, Level.LTA, pending=False)
    record_version(sha256=kept.sha256, made_from=sha256, kind=VersionKind.TIMESTAMP)
    return Renewed(kept.sha256, kept.size, stamp)


def _require_trusted(stamp: Stamp | None) -> None:
    """The authority may still sign by a method that has fallen: such a timestamp would prove nothing new."""
    methods = stamp.methods if stamp else ()
    gone = renewal.fallen(methods, algorithm_alarms(), clock.now())
    if gone:
        raise TokenRefusedError(Trouble.WEAK, f"not trusted any more: {', '.join(sorted(gone))}")
