"""The signatures of a stranger's file: examined within limits, remembered for a while by its content."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.cache import cache

from signing import trust
from signing.queries import reports as queries
from signing.validation import ValidationReport
from signing.validation.limited import AT_ONCE, examine
from signing.validation.report import POLICY

REMEMBERED = 10 * 60  # seconds
LONGEST_REMEMBERED = 64 * 1024  # characters: nobody fills our memory with reports


def report_on(path: Path, sha256: str, *, ours: bool) -> ValidationReport:
    """The report on the file at ``path``; "unknown" when it cannot be examined within ``limited.AT_ONCE``.

    ``ours``: it is a record of the archive, so that our own additions to it need no analysis. The desk's
    reports on papers are left alone here: a quick answer would tell a stranger who holds a paper that the
    cabinet has it too. Neither the file nor, after a while, the report is kept.
    """
    roots = trust.anchors()
    key = f"verify:{POLICY}:{trust.fingerprint(roots)}:{sha256}"
    remembered = cache.get(key)
    if remembered is not None:
        return ValidationReport.from_data(json.loads(remembered))
    known = queries.stored_version if ours else None
    report = examine(path, limits=AT_ONCE, trust=roots, known=known)
    data = json.dumps(report.as_data())
    if len(data) <= LONGEST_REMEMBERED:
        cache.set(key, data, REMEMBERED)
    return report
