"""Checking a file in a process of its own with little memory and time: a hostile one ends only that.

A file that cannot be examined within the limits is reported as such; nothing is concluded from it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from asn1crypto import x509

from ecabinet.common import clock
from signing import trust as trust_settings
from signing.validation.report import Reason, ValidationReport, Verdict
from signing.validation.stored import Known, StoredVersion, chain_of

logger = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("worker.py")
MEGABYTE = 1024 * 1024
CHUNK = MEGABYTE


@dataclass(frozen=True)
class Limits:
    """``memory`` in bytes of address space; ``seconds`` of processor time, and as much again by the clock."""

    memory: int
    seconds: int


AT_ONCE = Limits(512 * MEGABYTE, 10)  # somebody waits for the answer
IN_BACKGROUND = Limits(512 * MEGABYTE, 180)


def examine(
    path: Path,
    *,
    limits: Limits = AT_ONCE,
    trust: Sequence[x509.Certificate] | None = None,
    known: Known | None = None,
) -> ValidationReport:
    """``validate`` in a process of its own; the verdict is "unknown" when it does not end within ``limits``.

    ``trust`` and ``known`` as there.
    """
    sha256, size = _digest(path)
    roots = trust_settings.anchors() if trust is None else trust
    question = {
        "path": str(path.resolve()),
        "memory": limits.memory,
        "seconds": limits.seconds,
        "now": clock.now().isoformat(),
        "trust": [b64encode(each.dump()).decode() for each in roots],
        "chain": [asdict(each) for each in chain_of(sha256, known)] if known else [],
    }
    answer = _ask(question, limits)
    report = ValidationReport.from_data(answer) if answer else None
    if report is None or report.sha256 != sha256:
        return ValidationReport(Verdict.UNKNOWN, (Reason("limits"),), (), sha256, size, 0, 0)
    return report


def _ask(question: dict[str, object], limits: Limits) -> dict[str, object] | None:
    """The worker's answer; None for whatever ends it early: memory, time, a crash."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(WORKER)],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=limits.seconds * 2,
            check=True,
            env={},
        )
        answer: dict[str, object] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        logger.info("a file was not examined within the limits: %s", error)
        return None
    return answer


def _digest(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def table(chain: Sequence[StoredVersion]) -> Known:
    """The versions of a chain, to be found by their digest."""
    return {each.sha256: each for each in chain}.get
