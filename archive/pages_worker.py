"""Looks at the pages of PDFs in a process of its own with little memory and time.

Started by ``archive.compare`` as a plain script (``python -I pages_worker.py MODE FILES``), so that a
hostile file can at worst end this process. Imports neither Django nor the product. Answers one JSON object.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pypdfium2

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 18
DRAWN_PAGES = 60  # longer files are compared by text and size only
READ_PAGES = 100  # a printed code stands on the first or last page of a decision; its appendices follow
LONGEST_SIDE = 800  # pixels
CODE = re.compile(r"/verify/([A-Za-z0-9_-]{8,32})")


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def fingerprint(page: Any, *, draw: bool) -> bytes:
    """Size, text and, for shorter files, the drawn page with its annotations and fields."""
    width, height = page.get_size()
    digest = sha256(f"{width:.1f} {height:.1f} ".encode())
    digest.update(page.get_textpage().get_text_range().encode("utf-8", "replace"))
    if draw:
        scale = min(1.0, LONGEST_SIDE / max(width, height, 1.0))
        digest.update(bytes(page.render(scale=scale, grayscale=True, may_draw_forms=True).buffer))
    return digest.digest()


def fingerprints(path: str) -> list[bytes]:
    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    draw = len(document) <= DRAWN_PAGES
    return [fingerprint(document[number], draw=draw) for number in range(len(document))]


def compare(original: str, other: str) -> dict[str, Any]:
    before, after = fingerprints(original), fingerprints(other)
    length = max(len(before), len(after))
    pairs = [(before[at : at + 1], after[at : at + 1]) for at in range(length)]
    changed = [number for number, (old, new) in enumerate(pairs, 1) if old != new]
    return {"changed": changed, "same": length - len(changed)}


def codes(path: str) -> dict[str, Any]:
    """Codes in the verify addresses that are printed on the pages, line breaks inside them mended."""
    document = pypdfium2.PdfDocument(path)
    found: dict[str, None] = {}
    for number in range(min(len(document), READ_PAGES)):
        text = re.sub(r"[\s\u00ad\ufffe]+", "", document[number].get_textpage().get_text_range())
        found.update(dict.fromkeys(CODE.findall(text)))
    return {"codes": list(found)[:20]}


MODES: dict[str, Callable[..., dict[str, Any]]] = {"compare": compare, "codes": codes}

if __name__ == "__main__":
    limit()
    mode, *files = sys.argv[1:]
    sys.stdout.write(json.dumps(MODES[mode](*files)))
