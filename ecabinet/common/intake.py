"""What a PDF from outside is, before anything else touches it.

The file is looked at in a process of its own with limited memory and time; it is never altered. What a
paper must not contain is refused with a sentence that says what to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecabinet.common.errors import DomainError
from ecabinet.common.markings import marking_in_name

WORKER = Path(__file__).with_name("intake_worker.py")
WALL_SECONDS = 120

SENTENCES = {
    "empty": gettext_noop("The file is empty. Choose it again, or export it again to PDF."),
    "type": gettext_noop("This is %(kind)s, not a PDF. Export it to PDF and upload that file."),
    "size": gettext_noop(
        "The file has %(size)s MB; at most %(max_size)s MB are accepted. "
        "Split it, or export it with smaller pictures."
    ),
    "pages_limit": gettext_noop(
        "The file has %(pages)s pages; at most %(max_pages)s are accepted. Split it into parts."
    ),
    "encrypted": gettext_noop(
        "The file is locked with a password or restricted. Export it again without protection."
    ),
    "broken": gettext_noop(
        "The file is damaged or incomplete. Export it again from its source and upload that file."
    ),
    "pages": gettext_noop("The file has no pages. Export it again from its source."),
    "boxes": gettext_noop("A page of the file has no usable size. Export it again on A4 pages."),
    "trailing": gettext_noop("Other data follows the end of the PDF. Export it again from its source."),
    "hybrid": gettext_noop(
        "The signed file can be read in two ways, so that its signatures prove nothing. "
        "Ask the signer to sign a newly exported file."
    ),
    "javascript": gettext_noop(
        "The file contains a script (JavaScript). Print it to PDF again and upload the result."
    ),
    "launch": gettext_noop(
        "The file wants to start a program when opened. Print it to PDF again and upload the result."
    ),
    "submit": gettext_noop(
        "The file sends or fetches form data. Print it to PDF again and upload the result."
    ),
    "multimedia": gettext_noop("The file contains sound, film or 3D. Remove it and export again."),
    "embedded": gettext_noop(
        "The file carries other files inside. Upload each of them as a paper of its own."
    ),
    "xfa": gettext_noop("The file is a dynamic form (XFA). Print it to PDF again and upload the result."),
    "external": gettext_noop(
        "The file takes parts of its content from elsewhere. Print it to PDF again and upload the result."
    ),
    "heavy": gettext_noop(
        "The file took too long or too much memory to examine. Export it again in a simpler form."
    ),
    "classified": gettext_noop(
        "The first page carries the marking “%(classification)s”. State secrets may not enter this system: "
        "hand the paper over on paper, and put the matter on the agenda as “on paper only”."
    ),
    "named": gettext_noop(
        "The name of the file carries the marking “%(classification)s”. State secrets may not enter this "
        "system: hand the paper over on paper. If it is no state secret, rename the file and upload it again."
    ),
}
KINDS = {
    "zip": gettext_noop("a Word, Excel or ZIP file"),
    "office": gettext_noop("an old Word or Excel file"),
    "image": gettext_noop("a picture"),
    "rtf": gettext_noop("an RTF text"),
    "program": gettext_noop("a program"),
    "postscript": gettext_noop("a PostScript file"),
    "html": gettext_noop("a web page or XML file"),
    "prefixed": gettext_noop("a file with other data before the PDF begins"),
    "unknown": gettext_noop("a file of an unknown kind"),
}


@dataclass(frozen=True)
class IntakeReport:
    """What was found. ``problems`` holds codes (keys of ``SENTENCES``); an empty one means accepted."""

    kind: str  # by content: pdf, zip, image, …
    size: int  # bytes
    pages: int = 0
    encrypted: bool = False
    signatures: int = 0
    signed_to: int = 0  # byte after the last one a signature covers; 0 when unsigned
    classification: str = ""
    problems: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        return not self.problems

    @property
    def javascript(self) -> bool:
        return "javascript" in self.problems

    @property
    def launch(self) -> bool:
        return "launch" in self.problems

    @property
    def embedded_files(self) -> bool:
        return "embedded" in self.problems

    @property
    def xfa(self) -> bool:
        return "xfa" in self.problems

    @property
    def sentences(self) -> list[str]:
        """Every problem in words, in the language of the screen."""
        values = {
            "kind": _(KINDS.get(self.kind, KINDS["unknown"])),
            "size": round(self.size / 1_048_576, 1),
            "max_size": settings.PAPER_MAX_BYTES // 1_048_576,
            "pages": self.pages,
            "max_pages": settings.PAPER_MAX_PAGES,
            "classification": self.classification,
        }
        return [_(SENTENCES[code]) % values for code in self.problems]


def inspect_pdf(path: Path, filename: str = "") -> IntakeReport:
    """Examine the file at ``path``, called ``filename`` by whoever sent it.

    Never raises for what the file contains; see ``refuse_bad``.
    """
    size = path.stat().st_size
    if size > settings.PAPER_MAX_BYTES:
        return IntakeReport(kind="pdf", size=size, problems=("size",))
    if marked := marking_in_name(Path(filename).stem):
        return IntakeReport(kind="pdf", size=size, classification=marked, problems=("named",))
    found = _ask("inspect", path)
    return IntakeReport(
        kind=str(found.get("kind", "unknown")),
        size=size,
        pages=int(found.get("pages", 0)),
        encrypted=bool(found.get("encrypted", False)),
        signatures=int(found.get("signatures", 0)),
        signed_to=int(found.get("signed_to", 0)),
        classification=str(found.get("classification", "")),
        problems=_known(found),
    )


def refuse_bad(report: IntakeReport) -> None:
    """Raise ``DomainError`` (422, code ``paper_<problem>``) with the reasons, if there are any."""
    if report.problems:
        raise DomainError(
            f"paper_{report.problems[0]}", " ".join(report.sentences), 422, problems=list(report.problems)
        )


def page_digests(path: Path) -> list[str]:
    """One digest per page, of its words or, where it has none, of its picture.

    Empty when the file cannot be examined within the limits.
    """
    return [str(digest) for digest in _ask("digests", path).get("digests", [])]


def _known(found: Mapping[str, Any]) -> tuple[str, ...]:
    problems = [code for code in found.get("problems", ()) if code in SENTENCES]
    if int(found.get("pages", 0)) > settings.PAPER_MAX_PAGES:
        problems.append("pages_limit")
    return tuple(dict.fromkeys(problems))


def _ask(mode: str, path: Path) -> Mapping[str, Any]:
    """Run the worker. Whatever ends it early (memory, time, a crash) counts as too heavy to examine."""
    command = [sys.executable, "-I", str(WORKER), mode, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False, env={})
    except subprocess.TimeoutExpired:
        return {"kind": "pdf", "problems": ["heavy"]}
    if done.returncode:
        return {"kind": "pdf", "problems": ["heavy"]}
    answer: Mapping[str, Any] = json.loads(done.stdout)
    return answer
