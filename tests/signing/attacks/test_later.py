"""Whatever is changed after signing is found, also when a trusted timestamp or signature is put on top."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfSigner

from signing.validation import Verdict
from tests.signing.attacks.kit import Kit, edited, unsigned
from tests.signing.attacks.later import ATTACKS, evil_annotation

# What the attacker puts over the change so that no byte at the end is uncovered.
COVERS: dict[str, Callable[[Kit, bytes], bytes]] = {
    "bare": lambda _kit, data: data,
    "stamped": lambda kit, data: kit.stamped(data),
    "countersigned": lambda kit, data: kit.stamped(kit.sign(data, "Later", kit.organisation)),
}


@pytest.mark.parametrize("cover", COVERS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_later_change_is_found(kit: Kit, attack: str, cover: str) -> None:
    attacked = COVERS[cover](kit, edited(kit.target, ATTACKS[attack]))
    assert kit.check(attacked).verdict == Verdict.CHANGED


@pytest.mark.parametrize("level", [MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_notes_are_found_at_every_level_of_certification(kit: Kit, level: MDPPerm) -> None:
    """Also where the certification itself would allow notes: they cover what was signed all the same."""
    certified = kit.stamped(kit.answered(kit.plain(unsigned(), "Signature", kit.person, certify=level)))
    assert kit.check(certified).verdict == Verdict.GENUINE
    assert kit.check(kit.stamped(edited(certified, evil_annotation))).verdict == Verdict.CHANGED


def test_a_certification_against_all_changes_takes_no_further_signature(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attacker's tool does not mind what the certification says."""
    monkeypatch.setattr(PdfSigner, "_enforce_certification_constraints", lambda *_: None)
    certified = kit.plain(unsigned(), "Signature", kit.person, certify=MDPPerm.NO_CHANGES)
    assert kit.check(kit.stamped(kit.answered(certified))).verdict == Verdict.GENUINE
    further = kit.plain(certified, "Second", kit.organisation)
    assert kit.check(kit.stamped(kit.answered(further))).verdict == Verdict.CHANGED


@pytest.mark.parametrize(("box", "verdict"), [((60, 60, 200, 110), "genuine"), ((0, 0, 595, 842), "changed")])
def test_a_further_signature_may_be_seen_but_not_cover_the_page(
    kit: Kit, box: tuple[int, int, int, int], verdict: str
) -> None:
    """SSA with a trusted signer: a picture the size of the page is a page."""
    first = kit.plain(unsigned(), "Signature", kit.person)
    second = kit.plain(first, "Second", kit.organisation, box=box)
    assert kit.check(kit.stamped(kit.answered(second))).verdict == verdict


def test_a_certified_file_takes_no_visible_signature(kit: Kit) -> None:
    certified = kit.plain(unsigned(), "Signature", kit.person, certify=MDPPerm.FILL_FORMS)
    second = kit.plain(certified, "Second", kit.organisation, box=(60, 60, 200, 110))
    assert kit.check(kit.stamped(kit.answered(second))).verdict == Verdict.CHANGED


def test_what_may_come_later_stays_genuine(kit: Kit) -> None:
    """Answers, timestamps, a further signature: each alone and all together."""
    target = kit.target
    for later in (
        target,
        kit.stamped(target),
        kit.stamped(kit.answered(target)),
        kit.stamped(kit.sign(target, "Later", kit.organisation)),
        kit.stamped(kit.answered(kit.stamped(kit.sign(target, "Later", kit.organisation)))),
    ):
        assert kit.check(later).verdict == Verdict.GENUINE
