"""Whom we believe, who stamps time, and where revocation answers come from. Needs no database."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from math import inf
from pathlib import Path

from asn1crypto import pem, x509
from cryptography import x509 as pyca_x509
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext

from ecabinet.common import clock
from signing.authority import demo_authority
from signing.loop import run
from signing.pades.tokens import CheckedTimeStamper, HTTPSource

# Seconds after which the length of the authority's tokens is looked at again.
ASK_AGAIN = 600.0
PLENTY = 12_288  # bytes
_rooms: dict[str, tuple[float, int]] = {}


def read_certificates(path: Path) -> list[x509.Certificate]:
    """All certificates of a PEM or DER file. Raises ValueError when there is none."""
    data = path.read_bytes()
    if not pem.detect(data):
        return [x509.Certificate.load(data)]
    return [x509.Certificate.load(der) for _name, _headers, der in pem.unarmor(data, multiple=True)]


def anchors(folder: Path | None = None) -> list[x509.Certificate]:
    """The trusted roots: the files of ``folder`` (default: TRUST_DIR) and, in demo mode, the demo root."""
    folder = folder or Path(settings.TRUST_DIR)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [each for path in files if path.is_file() for each in read_certificates(path)]
    return [*found, *demo_authority().roots_asn1] if settings.DEMO else found


def fingerprint(roots: Iterable[x509.Certificate]) -> str:
    """One digest over a set of trusted roots, in any order: another set gives another one."""
    return hashlib.sha256(b"".join(sorted(each.sha256 for each in roots))).hexdigest()


def timestamper() -> TimeStamper | None:
    """The site's time-stamping authority, the demo's own in demo mode, or none; its tokens are checked."""
    source = _time_source()
    if source is None:
        return None
    return CheckedTimeStamper(source, anchors(), timedelta(seconds=settings.TSA_CLOCK_TOLERANCE))


def token_bytes() -> int:
    """Room for a timestamp in a signature, bytes: half as much again as the authority's token takes.

    It is asked for one now and then; while it does not answer, plenty. 0 when the site has none.
    """
    stamper, place = timestamper(), settings.TSA_URL or str(settings.KEYS_DIR)
    if stamper is None:
        return 0
    asked_at, room = _rooms.get(place, (-inf, 0))
    if time.monotonic() - asked_at > ASK_AGAIN:
        room = _room_for(stamper)
        _rooms[place] = (time.monotonic(), room)
    return room


def _room_for(stamper: TimeStamper) -> int:
    try:
        token = run(stamper.async_dummy_response("sha256"))
    except OSError:
        return PLENTY
    return len(token.dump()) * 3 // 2 + 1024


def _time_source() -> TimeStamper | None:
    if settings.TSA_URL:
        return HTTPSource(settings.TSA_URL, settings.TSA_TIMEOUT)
    return demo_authority().timestamper if settings.DEMO else None


def collecting_context(certificates: Iterable[x509.Certificate]) -> ValidationContext:
    """A context that has, or fetches, revocation answers for ``certificates``; none means failure."""
    ours: Sequence[bytes] = ()
    listed = list(certificates)
    if settings.DEMO:
        authority = demo_authority()
        readable = [pyca_x509.load_der_x509_certificate(each.dump()) for each in listed]
        ours = [authority.ocsp_response(each) for each in readable if authority.issued(each)]
    return ValidationContext(
        trust_roots=anchors(),
        other_certs=listed,
        ocsps=ours,
        revocation_mode="require",
        **({"moment": clock.now()} if len(ours) == len(listed) else {"allow_fetching": True}),
    )
