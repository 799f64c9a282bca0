"""Files by content: what is acknowledged is on disk, contents and name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from ecabinet.common import blobs


@pytest.fixture
def flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was flushed, in order, in a store of this test's own."""
    seen: list[Path] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        seen.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(settings, "BLOB_DIR", tmp_path)
    monkeypatch.setattr(os, "fsync", fsync)
    return seen


def adopt(data: bytes) -> str:
    path = Path(settings.BLOB_DIR) / "made"
    path.write_bytes(data)
    [(sha256, size)] = blobs.adopt([path])
    assert size == len(data)
    return sha256


@pytest.mark.parametrize("store", [blobs.put_bytes, adopt])
def test_a_new_file_and_its_name_are_flushed_in_this_order(
    flushed: list[Path], tmp_path: Path, store: Callable[[bytes], str]
) -> None:
    target = blobs.path_of(store(b"signed"))
    assert target.read_bytes() == b"signed"
    assert target.stat().st_mode & 0o777 == 0o440
    # The contents first: a name must not come before what it names.
    assert flushed[0].parent == tmp_path
    assert flushed[1:] == [target.parent]


@pytest.mark.parametrize("store", [blobs.put_bytes, adopt])
def test_a_file_that_is_there_already_is_acknowledged_only_when_its_name_is_on_disk(
    flushed: list[Path], store: Callable[[bytes], str]
) -> None:
    """Another process may have named it and not have come to the flush yet."""
    target = blobs.path_of(store(b"signed"))
    flushed.clear()
    assert blobs.path_of(store(b"signed")) == target
    assert target.parent in flushed
