"""Files made ready before anyone confirms: most of the cost of a signature, and it needs no key."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation

from ecabinet.common import blobs, clock
from ecabinet.common.errors import DomainError
from signing import pool, stages, trust
from signing.actions.files import person_field
from signing.enums import SIGNABLE_STATES, RequestState
from signing.models import Certificate, Preparation, SigningRequest
from signing.pades import deferred
from signing.pades.deferred import Prepared, SignatureField
from signing.queries import certificate_of, fresh_preparations, mandate_of, unprepared
from signing.stages import PrepareJob, Refused

BATCH = 40  # files that are written down together
# What no row names any more is thrown away after this time: a job may be at work on it.
LITTER = timedelta(hours=1)


def prepare_requests(requests: Sequence[SigningRequest], certificate: Certificate) -> None:
    """Give every open request a fresh preparation for ``certificate``; a file that takes none fails alone."""
    ready = set(fresh_preparations(requests, certificate).values_list("request_id", flat=True))
    missing = [row for row in requests if row.open and row.pk not in ready]
    for at in range(0, len(missing), BATCH):
        _prepare(missing[at : at + BATCH], certificate)


def prepare_waiting() -> None:
    """Make ready what came into the trays, signer by signer, a batch at a time: who confirms goes first."""
    rows = list(unprepared().select_related("signer")[:BATCH])
    for signer in {row.signer_id: row.signer for row in rows}.values():
        with translation.override(signer.language), suppress(DomainError):  # one who may not sign now
            prepare_requests([row for row in rows if row.signer_id == signer.pk], certificate_of(signer))


def discard(requests: Iterable[int]) -> None:
    """Throw the preparations of these requests away, rows first."""
    rows = Preparation.objects.filter(request_id__in=list(requests))
    names = list(rows.values_list("file", flat=True))
    rows.delete()
    transaction.on_commit(lambda: _throw_away(names))


def sweep() -> int:
    """Remove prepared files that no row names, and what killed processes left; returns how many."""
    folder, kept = Path(settings.PREPARED_DIR), set(Preparation.objects.values_list("file", flat=True))
    files = list(folder.iterdir()) if folder.is_dir() else []
    left = [path for path in files if path.name not in kept]
    for pattern in (".signing-*", ".incoming-*"):
        left += Path(settings.BLOB_DIR).glob(pattern)
    before = (clock.now() - LITTER).timestamp()
    litter = [path for path in left if path.stat().st_mtime < before]
    for path in litter:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return len(litter)


def path_of(name: str) -> Path:
    return Path(settings.PREPARED_DIR) / name


def _throw_away(names: Sequence[str]) -> None:
    for name in names:
        path_of(name).unlink(missing_ok=True)


def _prepare(rows: Sequence[SigningRequest], certificate: Certificate) -> None:
    Path(settings.PREPARED_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    chain, now = tuple(each.dump() for each in certificate.certificates()), clock.now()
    # Also while the authority is away: it may be back by the time of signing.
    room = trust.token_bytes()
    targets = [path_of(f"{secrets.token_hex(16)}.pdf") for _row in rows]
    jobs = [
        PrepareJob(blobs.path_of(row.sha256), target, field, chain, now, room, deferred.drawn(field.drawing))
        for row, target, field in zip(rows, targets, map(_field, rows), strict=True)
    ]
    results = list(pool.each(stages.prepare, jobs))
    with transaction.atomic():
        for row, job, result in zip(rows, jobs, results, strict=True):
            _keep(row, certificate, job, result)


def _keep(row: SigningRequest, certificate: Certificate, job: PrepareJob, result: Prepared | Refused) -> None:
    # Returned or signed while it was prepared; the lock also makes two preparers take turns.
    held = SigningRequest.objects.select_for_update().filter(pk=row.pk, sha256=row.sha256)
    if not held.filter(state__in=SIGNABLE_STATES).exists():
        job.target.unlink(missing_ok=True)
        return
    if isinstance(result, Refused):
        job.target.unlink(missing_ok=True)
        waiting = SigningRequest.objects.filter(pk=row.pk, state=RequestState.WAITING)
        waiting.update(state=RequestState.FAILED, reason=str(result.words)[:500])
        return
    discard([row.pk])
    Preparation.objects.create(
        request=row,
        certificate=certificate,
        mandate=mandate_of(certificate),
        sha256=row.sha256,
        file=job.target.name,
        digest=result.digest,
        start=result.start,
        end=result.end,
        attributes=result.attributes,
        made_at=job.moment,
    )


def _field(row: SigningRequest) -> SignatureField:
    return SignatureField(row.field_name, person_field(row.signer.full_name).drawing)
