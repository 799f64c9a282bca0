"""An evil file ends at most the process it is looked at in, and nobody calls it genuine."""

from __future__ import annotations

import pytest

from signing.validation import Verdict
from signing.validation.limited import AT_ONCE, IN_BACKGROUND
from tests.signing.attacks.heavy import ATTACKS
from tests.signing.attacks.kit import Kit, unsigned

CROWD = 60


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_heavy_file_is_answered_within_the_limits(kit: Kit, attack: str) -> None:
    report = kit.check(ATTACKS[attack](kit), limits=AT_ONCE)
    assert report.verdict == Verdict.CHANGED or [each.code for each in report.reasons] == ["limits"]


@pytest.mark.parametrize("kit", ["foreign"], indirect=True)
def test_sixty_signatures_are_answered_within_the_limits(kit: Kit) -> None:
    """Each is compared with all that came after it."""
    data = kit.answered(unsigned())
    for number in range(CROWD):
        data = kit.sign(data, f"Signature{number}")
    report = kit.check(data, limits=IN_BACKGROUND)
    assert (report.verdict, len(report.signatures)) == (Verdict.GENUINE, CROWD)
