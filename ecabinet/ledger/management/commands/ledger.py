"""``ecabinet ledger export FOLDER``, ``check``, ``vkey``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ecabinet.ledger import audit, export, queries, tasks
from ecabinet.ledger.rules import notes


class Command(BaseCommand):
    help = "Copy the ledger outside, or hold it against a checkpoint that was kept outside."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        writing = verbs.add_parser("export", help="Write a tlog-tiles folder.")
        writing.add_argument("folder", type=Path)
        checking = verbs.add_parser("check", help="Hold the entries against a signed head.")
        checking.add_argument("--checkpoint", type=Path, help="A checkpoint that was kept outside.")
        checking.add_argument("--folder", type=Path, help="Check this exported folder, not the database.")
        checking.add_argument("--vkey", help="The ledger's public key; the site's own unless given.")
        verbs.add_parser("vkey", help="Print the ledger's public key.")

    def handle(self, *_args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _vkey(self, _options: dict[str, Any]) -> None:
        self.stdout.write(queries.vkey())

    def _export(self, options: dict[str, Any]) -> None:
        tasks.tick()
        checkpoint = export.write_tiles(options["folder"])
        self.stdout.write(_("%(size)s entries written.") % {"size": checkpoint.size})

    def _check(self, options: dict[str, Any]) -> None:
        head = self._head(options)
        folder: Path | None = options["folder"]
        result = audit.audit_folder(folder, head) if folder else audit.audit_database(head)
        if not result.sound:
            raise CommandError(sentence(result))
        self.stdout.write(sentence(result))

    def _head(self, options: dict[str, Any]) -> notes.Head:
        try:
            verifier = notes.parse_vkey(options["vkey"] or queries.vkey())
            return notes.open_checkpoint(_note(options), [verifier])
        except (notes.NoteError, OSError, UnicodeDecodeError) as error:
            raise CommandError(_("The checkpoint cannot be used: %(why)s") % {"why": error}) from None


def _note(options: dict[str, Any]) -> str:
    folder: Path | None = options["folder"]
    path: Path | None = options["checkpoint"] or (folder and folder / "checkpoint")
    if path:
        return path.read_text(encoding="utf-8")
    checkpoint = queries.latest_checkpoint()
    return checkpoint.note if checkpoint else ""


def sentence(result: audit.Audit) -> str:
    """What the audit found, in words."""
    texts = {
        "sound": _("All %(size)s entries are as they were signed."),
        "missing": _("Entry %(index)s is missing."),
        "too_short": _("The signed head has %(size)s entries; they end before entry %(index)s."),
        "changed": _("The %(size)s entries are not those that were signed."),
    }
    text = texts[result.code] % {"size": result.head.size, "index": result.first_wrong}
    if result.code == "changed" and result.first_wrong is not None:
        text += " " + _("The first changed one is entry %(index)s.") % {"index": result.first_wrong}
    return text
