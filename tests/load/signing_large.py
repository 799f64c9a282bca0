"""One very large file: signing it, the memory that takes, and checking the own file again."""

from __future__ import annotations

import resource
import secrets
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name

from ecabinet.common import blobs
from ecabinet.operations.processes import FORK
from signing import actions
from signing.actions import sign_pdf
from signing.validation import validate
from tests.load import trays

PAGES, BYTES_A_PAGE = 2000, 23_000


@dataclass
class Outcome:
    pages: int
    megabytes: float
    seconds: float
    memory: float  # MB that the process grew by at its highest
    again: float


def measure(folder: Path) -> Outcome:
    user, _key, certificate = trays.minister()
    warm = blobs.put_bytes(trays.two_pages())
    actions.sign_pdf(actor=user, sha256=warm, certificate=certificate)
    path = folder / "large.pdf"
    # In a process of its own: what building it takes must not hide what signing it takes.
    writer = FORK.Process(target=_write, args=(path,))
    writer.start()
    writer.join()
    sha256, size = blobs.put_file(path)
    before, began = _peak(), time.perf_counter()
    signed = sign_pdf(actor=user, sha256=sha256, certificate=certificate)
    seconds, memory = time.perf_counter() - began, _peak() - before
    began = time.perf_counter()
    report = validate(blobs.path_of(signed.sha256))
    again = time.perf_counter() - began
    assert report.signatures[0].intact
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


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
