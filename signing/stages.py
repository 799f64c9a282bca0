"""The work on files that may run in any process: putting a placeholder in, putting a signature in.

Bytes and paths in, plain values out; no database and no loaded site. What goes wrong with one file comes
back as ``Refused``.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import x509
from django.utils.translation import gettext_lazy as _

from ecabinet.common.errors import DomainError
from signing import trust
from signing.pades import deferred
from signing.pades.deferred import Prepared, SignatureField

logger = logging.getLogger(__name__)
BROKEN = _("This file could not be worked on. Try again, or ask the secretariat.")


@dataclass(frozen=True)
class PrepareJob:
    """Copy ``source`` to ``target`` and put the placeholder in. ``chain``: DER, the signer's first;
    ``token_bytes``, ``appearance``: as ``deferred.prepare`` takes them.
    """

    source: Path
    target: Path
    field: SignatureField
    chain: tuple[bytes, ...]
    moment: datetime
    token_bytes: int
    appearance: bytes


@dataclass(frozen=True)
class EmbedJob:
    """Copy the prepared ``source`` to ``target`` and put the signature ``raw`` in, timestamped if told."""

    source: Path
    target: Path
    prepared: Prepared
    raw: bytes
    chain: tuple[bytes, ...]
    stamped: bool


@dataclass(frozen=True)
class Refused:
    """This file failed; nothing else did. ``words`` are translated where they are read."""

    code: str
    words: Any


@dataclass(frozen=True)
class Embedded:
    """``stamped``: with a timestamp (B-T), or without one (B-B)."""

    stamped: bool


def prepare(job: PrepareJob) -> Prepared | Refused:
    try:
        shutil.copyfile(job.source, job.target)
        return deferred.prepare(
            job.target,
            job.field,
            list(_chain(job.chain)),
            moment=job.moment,
            token_bytes=job.token_bytes,
            appearance=job.appearance,
        )
    except DomainError as error:
        return Refused(error.code, error.message)
    except Exception:  # a file may break the library in any way, and the others go on
        logger.exception("a file could not be prepared")
        return Refused("broken", BROKEN)


def embed(job: EmbedJob) -> Embedded | Refused:
    timestamper = trust.timestamper() if job.stamped else None
    try:
        shutil.copyfile(job.source, job.target)
        if not deferred.is_unchanged(job.target, job.prepared):
            return Refused("file_changed", _("The prepared file was damaged. Sign this document again."))
        chain = list(_chain(job.chain))
        return Embedded(deferred.embed(job.target, job.prepared, job.raw, chain, timestamper))
    except DomainError as error:
        return Refused(error.code, error.message)
    except Exception:  # as above; a file that was thrown away meanwhile is one of them
        logger.exception("a signature could not be put in")
        return Refused("broken", BROKEN)


@lru_cache(maxsize=64)
def _chain(ders: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(der) for der in ders)
