"""``ecabinet verify FILE``: genuine, changed or unknown, and why. Without database, index or network."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from archive import findings
from archive.findings import Mark
from archive.rules import Verdict
from archive.trust import trust_from
from archive.verify import Trust, Verification, verify_file
from ecabinet.ledger.rules.notes import NoteError

EXIT_CODES = {Verdict.GENUINE: 0, Verdict.CHANGED: 1, Verdict.UNKNOWN: 2}
USAGE_ERROR = 3
TRUST_HELP = gettext_noop(
    "A folder of trusted certificates and ledger.vkey: /verify/trust.zip of the site that issued the "
    "document, unpacked."
)
SIGNS = {Mark.GOOD: "✓", Mark.BAD: "✗", Mark.NOTE: "•"}


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]  # of a text in the reader's language
        "Tell whether a file is what was signed and sealed. Exit code: 0 genuine, 1 changed, 2 unknown, "
        "3 the question could not be asked."
    )
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Arguments that say nothing end with 3, not with argparse's 2, which is the answer "unknown"."""
        self._called_from_command_line = True
        with translation.override(_language()):
            try:
                self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
            except SystemExit as end:
                if end.code:
                    self._refuse(
                        _("The question was not understood: “ecabinet verify --help” shows the way.")
                    )
                raise
            super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("The PDF."))
        parser.add_argument("--proof", type=Path, help=_("Its ledger proof; FILE.tlog-proof if that exists."))
        parser.add_argument(
            "--checkpoint", type=Path, action="append", default=[], help=_("A head kept outside.")
        )
        parser.add_argument(
            "--vkey", action="append", default=[], help=_("The ledger's public key, or its file.")
        )
        parser.add_argument("--trust", type=Path, help=_(TRUST_HELP))
        parser.add_argument("--json", action="store_true", help=_("Answer as one JSON object."))
        parser.add_argument("--language", choices=("vi", "en"), default=_language(), help="vi, en")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                result = verify_file(options["file"], proof=_proof(options), trust=_trust(options))
            except (OSError, ValueError) as error:
                self._refuse(_("The check cannot be made: %(why)s") % {"why": _why(error)})
            except Exception:  # noqa: BLE001 - Python itself would end with 1, which is the answer "changed"
                self._refuse(traceback.format_exc())
            self.stdout.write(_json(result) if options["json"] else _text(result, options))
        sys.exit(EXIT_CODES[result.verdict])

    def _refuse(self, words: str) -> NoReturn:
        self.stderr.write(words)
        sys.exit(USAGE_ERROR)


def _why(error: OSError | ValueError) -> str:
    """What the system says, in words of ours where it is a common mistake."""
    words: str | None = {
        FileNotFoundError: _("there is no file or folder “%(name)s”."),
        IsADirectoryError: _("“%(name)s” is a folder, not a file."),
        NotADirectoryError: _("“%(name)s” is not a folder."),
        PermissionError: _("“%(name)s” may not be read by you."),
    }.get(type(error) if isinstance(error, OSError) else OSError)
    return words % {"name": error.filename} if words and isinstance(error, OSError) else str(error)


def _language() -> str:
    """Vietnamese unless the terminal asks for English."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if wanted.startswith("en") else "vi"


def _proof(options: dict[str, Any]) -> str:
    file: Path = options["file"]
    beside = Path(f"{file}.tlog-proof")
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


def _text(result: Verification, options: dict[str, Any]) -> str:
    name = options["file"].name
    lines = [f"{findings.answer(result.verdict).upper()}: {name}", findings.summary(result), ""]
    for finding in findings.findings(result):
        lines.append(f"  {SIGNS[finding.mark]} {finding.head}")
        if finding.detail:
            lines.append(f"    {finding.detail}")
    if options["trust"] is None and any(each.code == "signer_unknown" for each in result.report.reasons):
        lines += ["", f"  {_('Without --trust only authorities set up on this machine are known.')}"]
        lines += [f"  --trust: {_(TRUST_HELP)}"]
    return "\n".join([*lines, "", f"  SHA-256 {result.sha256}"])


def _json(result: Verification) -> str:
    return json.dumps(findings.as_data(result), ensure_ascii=False, indent=2, default=str)
