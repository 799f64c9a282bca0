"""Catalogues of translated texts: collect, fill, check. Run by ``bin/messages``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
WAGTAIL = "locale_wagtail"
ROOMS = ("ecabinet", "signing", "voting", "search", "archive", "exchange", "meetings", "frontend")
OPTIONS = ("--no-location", "--no-obsolete", "--no-wrap", "-l", "vi", "-v", "0")
IGNORE = ("-i", "node_modules/*", "-i", "*/dist/*", "-i", "migrations/*")


def collect(room: str) -> None:
    """Run makemessages inside one room, for Python and templates and, in the frontend, for scripts."""
    folder = ROOT / room
    (folder / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", *OPTIONS, *IGNORE]
    subprocess.run(command, cwd=folder, check=True)
    if room == "frontend":
        subprocess.run([*command, "-d", "djangojs", "-e", "ts,js"], cwd=folder, check=True)


def catalogues() -> list[Path]:
    """Every room's own, and the one that completes Wagtail's (not collected: its texts are Wagtail's)."""
    return sorted(path for room in ROOMS for path in (ROOT / room).glob("locale*/vi/LC_MESSAGES/*.po"))


def key(entry: polib.POEntry) -> str:
    return f"{entry.msgctxt}|{entry.msgid}" if entry.msgctxt else entry.msgid


def fill(path: Path, texts: dict[str, str | list[str]]) -> None:
    """Put translations into a catalogue where it has the text but no translation, or a fuzzy one."""
    book = polib.pofile(str(path), wrapwidth=0)
    for entry in book:
        text = texts.get(key(entry))
        if text is None or (WAGTAIL in path.parts and entry.translated()):
            continue  # a word of ours may mean something else in Wagtail
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text if isinstance(text, str) else text[0]}
        else:
            entry.msgstr = str(text)
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
    book.metadata.pop("POT-Creation-Date", None)
    book.save()


def missing(path: Path) -> list[str]:
    book = polib.pofile(str(path))
    return [key(entry) for entry in [*book.untranslated_entries(), *book.fuzzy_entries()]]


def main(arguments: list[str]) -> int:
    for room in ROOMS:
        collect(room)
    texts: dict[str, str | list[str]] = {}
    if arguments[:1] == ["--fill"]:
        texts = json.loads(Path(arguments[1]).read_text(encoding="utf-8"))
    for path in catalogues():
        fill(path, texts)
    gaps = {str(path.relative_to(ROOT)): missing(path) for path in catalogues()}
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    told = {path: gap for path, gap in gaps.items() if gap}
    print(json.dumps(told, ensure_ascii=False, indent=1) if told else "every text has its Vietnamese")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
