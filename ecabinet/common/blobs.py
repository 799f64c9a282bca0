"""Files by content: ``BLOB_DIR/ab/cd/<sha256>``, written once and never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

CHUNK = 1024 * 1024


def path_of(sha256: str) -> Path:
    """Where the blob with this hex digest is or would be."""
    if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise ValueError("not a SHA-256 in lower-case hex")
    return Path(settings.BLOB_DIR) / sha256[:2] / sha256[2:4] / sha256


def put(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Store the chunks durably; returns (sha256, size in bytes). Storing twice is harmless."""
    root = Path(settings.BLOB_DIR)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        _publish(Path(temporary), path_of(digest.hexdigest()))
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest(), size


def put_bytes(data: bytes) -> str:
    """Store one piece; returns its sha256."""
    return put([data])[0]


def put_file(path: Path) -> tuple[str, int]:
    """Store a copy of the file at ``path``; returns (sha256, size)."""
    with path.open("rb") as source:
        return put(iter(lambda: source.read(CHUNK), b""))


def get(sha256: str) -> bytes:
    return path_of(sha256).read_bytes()


def _publish(temporary: Path, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o440)
    temporary.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
