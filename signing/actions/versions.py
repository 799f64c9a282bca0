"""Remembering what the pipeline made, so that a check knows our own additions."""

from __future__ import annotations

from ecabinet.common import blobs, clock
from signing.enums import VersionKind
from signing.models import SignedVersion


def record_version(*, sha256: str, made_from: str, kind: VersionKind) -> SignedVersion:
    """The stored file ``sha256`` was made by adding to the stored file ``made_from``. Idempotent.

    No person stands behind it and no entry in the ledger: the acts themselves (``signature.made``, the
    deposit) are recorded where they are done; this is what the check of a file may leave out.
    """
    version, _new = SignedVersion.objects.get_or_create(
        sha256=sha256,
        defaults={
            "size": blobs.path_of(sha256).stat().st_size,
            "made_from": made_from,
            "made_from_size": blobs.path_of(made_from).stat().st_size,
            "kind": kind,
            "at": clock.now(),
        },
    )
    return version
