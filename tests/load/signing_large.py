"""One very large file: signing it, the memory that takes, and checking it again, sealed and timestamped."""

from __future__ import annotations

import gc
import secrets
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name

from ecabinet.accounts.models import Agency
from ecabinet.common import blobs
from ecabinet.operations.processes import FORK
from signing import actions
from signing.actions import sign_pdf
from signing.queries.reports import stored_version
from signing.validation import Verdict, validate
from tests.load import trays

PAGES, BYTES_A_PAGE = 2000, 23_000


@dataclass
class Outcome:
    pages: int
    megabytes: float
    seconds: float
    memory: float  # MB beyond what the process had, at the highest while signing
    again: float


def measure(folder: Path) -> Outcome:
    user, _key, certificate = trays.minister()
    agency = Agency.objects.create(code="G13", name="Bộ Y tế")
    seal = actions.issue_demo_certificate(actor=None, agency=agency)
    warm = blobs.put_bytes(trays.two_pages())
    actions.sign_pdf(actor=user, sha256=warm, certificate=certificate)
    path = folder / "large.pdf"
    # In a process of its own: what building it takes must not hide what signing it takes.
    writer = FORK.Process(target=_write, args=(path,))
    writer.start()
    writer.join()
    sha256, size = blobs.put_file(path)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest from here on (proc_pid_clear_refs(5))
    before, began = _memory("VmRSS"), time.perf_counter()
    signed = sign_pdf(actor=user, sha256=sha256, certificate=certificate)
    seconds, memory = time.perf_counter() - began, _memory("VmHWM") - before
    sealed = actions.seal_pdf(actor=user, sha256=signed.sha256, certificate=seal)
    began = time.perf_counter()
    report = validate(blobs.path_of(sealed.sha256), known=stored_version)
    again = time.perf_counter() - began
    assert report.verdict == Verdict.GENUINE
    return Outcome(PAGES, size / 1e6, seconds, memory, again)


def _write(path: Path) -> None:
    """A signable document whose pages cannot be compressed."""
    with pikepdf.open(BytesIO(trays.two_pages())) as document:
        for _page in range(PAGES - len(document.pages)):
            document.add_blank_page(page_size=(595, 842))
            scan = document.make_stream(secrets.token_bytes(BYTES_A_PAGE))
            picture = Dictionary(Private=scan, LastModified=Name.Scan)
            document.pages[-1].obj.PieceInfo = Dictionary(Scan=picture)
        document.save(path)


def _memory(name: str) -> float:
    """A line of the process's status, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [found] = [line for line in lines if line.startswith(f"{name}:")]
    return int(found.split()[1]) / 1000
