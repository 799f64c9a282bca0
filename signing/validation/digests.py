"""The digests of all signatures of a file in one reading: each covers all that the one before covers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import IO, Any

from asn1crypto import parser
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

CHUNK = 1024 * 1024
SHARED = ("sha256", "sha384", "sha512")


def fill_digests(handle: IO[bytes], signatures: Sequence[EmbeddedPdfSignature]) -> None:
    """Hand every signature its digest.

    Raises ValueError when one has another shape than the usual: from the first byte, around the signature's
    own place and nothing else, to an end inside the file. (A range of a thousand pieces would cost a
    thousand readings; what stands where the digest pauses may only be the signature itself.)
    """
    size = handle.seek(0, 2)
    if not all(_is_usual(each, size) and _stands_in_its_gap(handle, each) for each in signatures):
        raise ValueError("a byte range of an unusual shape")
    for algorithm in SHARED:
        alike = [each for each in signatures if each.external_md_algorithm == algorithm]
        running, done = hashlib.new(algorithm), 0
        for signature in sorted(alike, key=_gap):
            start, resume, end = _gap(signature)
            _feed(handle, running, done, start)
            done = start
            forked = running.copy()
            _feed(handle, forked, resume, end)
            signature.external_digests[algorithm] = forked.digest()


def _is_usual(signature: EmbeddedPdfSignature, size: int) -> bool:
    numbers = list(signature.byte_range)
    if len(numbers) != 4 or numbers[0] != 0:
        return False
    start, resume, end = _gap(signature)
    return 0 <= start < resume <= end <= size


def _stands_in_its_gap(handle: IO[bytes], signature: EmbeddedPdfSignature) -> bool:
    """The signature, zeros after it, and not one byte more."""
    start, resume, _end = _gap(signature)
    handle.seek(start)
    place = bytes.fromhex(handle.read(resume - start)[1:-1].decode("ascii"))
    used = sum(map(len, parser.parse(place)[3:]))
    return place == signature.pkcs7_content and not any(place[used:])


def _gap(signature: EmbeddedPdfSignature) -> tuple[int, int, int]:
    """Where the covered bytes pause, go on and end."""
    _zero, start, resume, length = (int(each) for each in signature.byte_range)
    return start, resume, resume + length


def _feed(handle: IO[bytes], digest: Any, start: int, end: int) -> None:
    handle.seek(start)
    while start < end:
        piece = handle.read(min(CHUNK, end - start))
        if not piece:
            raise ValueError("the file ends before a signature's byte range does")
        digest.update(piece)
        start += len(piece)
