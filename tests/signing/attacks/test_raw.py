"""Wrapping, saving again, recycling, and structures made to lead a reader astray."""

from __future__ import annotations

import pytest

from signing.validation import Verdict
from tests.signing.attacks.kit import Kit
from tests.signing.attacks.raw import ATTACKS, ENTRIES, rewritten


@pytest.mark.parametrize("attack", ATTACKS)
def test_altered_bytes_are_found(kit: Kit, attack: str) -> None:
    attacked = ATTACKS[attack](kit)
    assert attacked != kit.target
    assert kit.check(attacked).verdict == Verdict.CHANGED


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_altered_signature_dictionary_is_found(kit: Kit, entry: str) -> None:
    """Universal signature forgery: entries removed, emptied, doubled, turned into nonsense."""
    attacked = rewritten(kit, *ENTRIES[entry])
    assert kit.check(attacked).verdict == Verdict.CHANGED
