"""Compares two PDFs page by page, in a process of its own with little memory and time.

Started by ``archive.compare`` as a plain script (``python -I compare_worker.py ORIGINAL OTHER``), so that a
hostile file can at worst end this process. Imports neither Django nor the product. Answers one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
from hashlib import sha256
from typing import Any

import pypdfium2

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 50
DRAWN_PAGES = 60  # longer files are compared by text and size only
LONGEST_SIDE = 800  # pixels


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


def main(original: str, other: str) -> None:
    limit()
    before, after = fingerprints(original), fingerprints(other)
    length = max(len(before), len(after))
    changed = [
        number + 1 for number in range(length) if before[number : number + 1] != after[number : number + 1]
    ]
    sys.stdout.write(json.dumps({"changed": changed, "same": length - len(changed)}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
