"""The signature's own container: attributes, certificates, timestamps, padding."""

from __future__ import annotations

import pytest

from signing.validation import Verdict
from tests.signing.attacks.cms import ATTACKS, changed
from tests.signing.attacks.kit import Kit, unsigned
from tests.signing.attacks.raw import gap


def signed_last(kit: Kit) -> bytes:
    """The person's signature is the last thing in it, and genuine: the answers went in before."""
    return kit.sign(kit.answered(unsigned()), "Signature")


def test_unchanged_it_is_genuine(kit: Kit) -> None:
    data = signed_last(kit)
    assert kit.check(data).verdict == Verdict.GENUINE
    assert kit.check(changed(data, kit, lambda *_: None)).verdict == Verdict.GENUINE


@pytest.mark.parametrize("cover", ["bare", "stamped"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_altered_container_is_found(kit: Kit, attack: str, cover: str) -> None:
    """Also with a trusted timestamp on top, which covers the altered place as it is."""
    attacked = changed(signed_last(kit), kit, ATTACKS[attack])
    if cover == "stamped":
        attacked = kit.stamped(attacked)
    assert kit.check(attacked).verdict == Verdict.CHANGED


@pytest.mark.parametrize("cover", ["bare", "stamped"])
def test_bytes_in_the_padding_are_found(kit: Kit, cover: str) -> None:
    data = signed_last(kit)
    _start, resume, _end = gap(data)
    attacked = data[: resume - 40] + b"c0de" + data[resume - 36 :]
    attacked = kit.stamped(attacked) if cover == "stamped" else attacked
    assert kit.check(attacked).verdict == Verdict.CHANGED


def test_a_weak_digest_is_not_believed(kit: Kit) -> None:
    """SHA-1, signed in earnest by somebody trusted."""
    weak = kit.plain(kit.answered(unsigned()), "Signature", kit.person, digest="sha1")
    for data in (weak, kit.stamped(weak)):
        assert kit.check(data).verdict in (Verdict.CHANGED, Verdict.UNKNOWN)
