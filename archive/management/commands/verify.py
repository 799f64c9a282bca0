"""``ecabinet verify FILE``: genuine, changed or unknown, and why. Without database, index or network."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from archive import findings
from archive.findings import Mark
from archive.rules import Verdict
from archive.trust import trust_from
from archive.verify import Trust, Verification, verify_file
from ecabinet.ledger.rules.notes import NoteError

EXIT_CODES = {Verdict.GENUINE: 0, Verdict.CHANGED: 1, Verdict.UNKNOWN: 2}
USAGE_ERROR = 3
SIGNS = {Mark.GOOD: "✓", Mark.BAD: "✗", Mark.NOTE: "•"}


class Command(BaseCommand):
    help = (
        "Tell whether a file is what was signed and sealed. Exit code: 0 genuine, 1 changed, 2 unknown, "
        "3 the question could not be asked."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The PDF.")
        parser.add_argument("--proof", type=Path, help="Its ledger proof; FILE.tlog-proof if that exists.")
        parser.add_argument(
            "--checkpoint", type=Path, action="append", default=[], help="A head kept outside."
        )
        parser.add_argument(
            "--vkey", action="append", default=[], help="The ledger's public key, or its file."
        )
        parser.add_argument("--trust", type=Path, help="A folder of trusted certificates and ledger.vkey.")
        parser.add_argument("--json", action="store_true", help="Answer as one JSON object.")
        parser.add_argument("--language", choices=("vi", "en"), default=_language(), help="vi or en.")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                result = verify_file(options["file"], proof=_proof(options), trust=_trust(options))
            except (OSError, ValueError) as error:
                text = _("The check cannot be made: %(why)s") % {"why": error}
                raise CommandError(text, returncode=USAGE_ERROR) from None
            self.stdout.write(_json(result) if options["json"] else _text(result, options["file"]))
        sys.exit(EXIT_CODES[result.verdict])


def _language() -> str:
    """Vietnamese unless the terminal asks for English."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if wanted.startswith("en") else "vi"


def _proof(options: dict[str, Any]) -> str:
    file: Path = options["file"]
    beside = file.with_name(f"{file.name}.tlog-proof")
    path: Path | None = options["proof"] or (beside if beside.is_file() else None)
    return path.read_text(encoding="utf-8") if path else ""


def _trust(options: dict[str, Any]) -> Trust:
    checkpoints = [path.read_text(encoding="utf-8") for path in options["checkpoint"]]
    try:
        return trust_from(options["trust"], map(_vkey, options["vkey"]), checkpoints)
    except NoteError as error:
        raise ValueError(f"--vkey: {error}") from None


def _vkey(value: str) -> str:
    path = Path(value)
    return path.read_text(encoding="utf-8") if path.is_file() else value


def _text(result: Verification, file: Path) -> str:
    lines = [f"{findings.answer(result.verdict).upper()}: {file.name}", findings.summary(result), ""]
    for finding in findings.findings(result):
        lines.append(f"  {SIGNS[finding.mark]} {finding.head}")
        if finding.detail:
            lines.append(f"    {finding.detail}")
    return "\n".join([*lines, "", f"  SHA-256 {result.sha256}"])


def _json(result: Verification) -> str:
    words = {
        "answer": findings.answer(result.verdict),
        "summary": findings.summary(result),
        "findings": [vars(finding) for finding in findings.findings(result)],
    }
    return json.dumps(result.as_data() | words, ensure_ascii=False, indent=2, default=str)
