"""The committed description of the API is that of the code."""

from __future__ import annotations

import json

from tests.openapi import TARGET, described


def test_the_committed_description_is_that_of_the_code() -> None:
    assert TARGET.read_text(encoding="utf-8") == described(), "run bin/openapi and read what it changed"


def test_every_operation_says_what_it_does() -> None:
    paths = json.loads(described())["paths"]
    operations = [(path, op) for path, methods in paths.items() for op in methods.values()]
    silent = [path for path, operation in operations if not operation.get("description")]
    assert operations
    assert silent == []
