"""Files that may not be here: set aside where no view, index or backup of papers reaches them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ecabinet.accounts.models import User
from ecabinet.ledger.actions import record
from meetings.models import Document


@transaction.atomic
def quarantine(*, actor: User, document: Document, path: Path, classification: str) -> Path:
    """Set a copy aside for the security officer, readable by the system's own account only.

    The ledger keeps digest and marking; the caller refuses the upload with its reason.
    """
    with path.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    folder = Path(settings.DATA_DIR) / "quarantine"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{sha256}.pdf"
    if not target.exists():
        shutil.copyfile(path, target)
        target.chmod(0o400)
    details = {"document": document.pk, "classification": classification}
    record(
        actor=actor,
        act="paper.quarantined",
        subject=f"document:{document.pk}",
        digest=sha256,
        details=details,
    )
    return target
