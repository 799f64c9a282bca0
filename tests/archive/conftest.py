from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import transaction

from archive import actions
from archive.models import Record
from ecabinet.common import blobs

Deposit = Callable[..., Record]


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Every test has its own blobs and packages; keys are shared, for they take long to make."""
    settings.DATA_DIR = tmp_path
    settings.BLOB_DIR = tmp_path / "blobs"


def pdf(note: str = "", pages: int = 1) -> bytes:
    """A small unsigned PDF; ``note`` makes it another file."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.docinfo["/Title"] = note
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def deposit(db: None) -> Deposit:
    """Deposit a record with sensible facts; keyword arguments replace them."""

    def make(content: bytes | None = None, **facts: Any) -> Record:
        main = blobs.put_bytes(content or pdf(facts.get("reference", "")))
        wanted: dict[str, Any] = {
            "reference": "36/NQ-CP",
            "title": "Về bảo đảm an ninh nguồn nước",
            "title_en": "On water security",
            "kind": "NQ",
            "agency_name": "Chính phủ",
            "signer_name": "Trần Quốc Khải",
            "issued_on": date(2026, 11, 26),
            "verify_code": main[:12].upper(),
            "acl": ["public"],
        } | facts
        with transaction.atomic():
            return actions.deposit(actor=None, main=main, **wanted)

    return make
