"""The presets are data of bodies: they change on purpose, and then here too."""

from __future__ import annotations

import json

import voting.rules
from tests.voting.freeze import FOLDER
from voting.rules import PRESETS, with_options


def test_the_presets_are_as_written_down() -> None:
    known = json.loads((FOLDER / "presets.json").read_text(encoding="utf-8"))
    assert {name: rule.as_data() for name, rule in PRESETS.items()} == known


def test_the_words_of_a_ballot_on_options() -> None:
    rule = with_options(PRESETS["vn-government"], [("Một", "One"), ("Hai", "Two")])
    words = [(choice.code, choice.label, choice.label_en) for choice in rule.choices]
    assert words == [
        ("option-1", "Một", "One"),
        ("option-2", "Hai", "Two"),
        ("against", "Không chọn phương án nào", "None of these"),
        ("abstain", "Không biểu quyết", "Abstain"),
    ]


def test_the_package_offers_what_it_names() -> None:
    assert all(hasattr(voting.rules, name) for name in voting.rules.__all__)
