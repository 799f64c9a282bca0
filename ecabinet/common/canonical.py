"""One byte form of a value, so that its hash means the same everywhere."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def canonical_json(obj: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; follows RFC 8785 for what it accepts.

    Takes dicts with text keys, lists, tuples, texts, whole numbers, booleans and None.
    Raises TypeError for anything else: fractions have no one written form, and a date
    that is turned into text here or there would be two different texts.
    """
    _check(obj)
    return json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(obj: Any) -> None:
    if isinstance(obj, dict):
        for key, value in obj.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be a text, not {type(key).__name__}")
            _check(value)
    elif isinstance(obj, list | tuple):
        for value in obj:
            _check(value)
    elif obj is not None and not isinstance(obj, str | int):
        raise TypeError(f"{type(obj).__name__} has no canonical form")


def digest_of(obj: Any) -> str:
    """SHA-256 of the canonical form, lower-case hex."""
    return sha256(canonical_json(obj)).hexdigest()
