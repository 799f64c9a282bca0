"""Several options: the one with most votes is chosen if it reaches the threshold."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override

from voting.rules import (
    PRESETS,
    Choice,
    Kind,
    Mandate,
    Outcome,
    Reason,
    Rule,
    Side,
    Standing,
    Vote,
    chair_choices,
    decide,
    is_tie_for_chair,
    with_options,
)
from voting.verdict_text import sentence, sentence_in

TOWNS = [("Huế", "Hue"), ("Đà Nẵng {100%}", "Da Nang {100%}"), ("Cần Thơ", "")]
GOVERNMENT = with_options(PRESETS["vn-government"], TOWNS)
PRESENT = with_options(PRESETS["simple-majority-present"], TOWNS)
CONSENSUS = with_options(PRESETS["consensus"], TOWNS)


def sitting(present: int, absent: int = 0) -> list[Mandate]:
    """The first one chairs."""
    standings = [Standing.PRESENT] * present + [Standing.ABSENT] * absent
    return [Mandate(str(n), is_chair=n == 0, entitlement=s) for n, s in enumerate(standings)]


def votes(text: str) -> list[Vote]:
    """ "12-0." reads: option 1, option 2, none of these, abstention, silent, from mandate 0 on."""
    words = {"-": "against", "0": "abstain", **{str(n): f"option-{n}" for n in range(1, 4)}}
    return [Vote(str(n), words[sign]) for n, sign in enumerate(text) if sign != "."]


@pytest.mark.parametrize(
    ("rule", "electorate", "ballots", "reason", "chosen"),
    [
        (GOVERNMENT, sitting(9), "111112230", Reason.OPTION_REACHED, "option-1"),
        (GOVERNMENT, sitting(9), "222231130", Reason.OPTION_MISSED, None),
        (GOVERNMENT, sitting(9), "-----1122", Reason.OPTION_TIED, None),
        (GOVERNMENT, sitting(9), "----0----", Reason.OPTION_UNVOTED, None),
        (GOVERNMENT, sitting(8), "22221111", Reason.OPTION_BY_CHAIR, "option-2"),
        (GOVERNMENT, sitting(9), "322221111", Reason.OPTION_TIED, None),
        (GOVERNMENT, sitting(9), ".22221111", Reason.OPTION_TIED, None),
        (GOVERNMENT, sitting(5, 4), "33333", Reason.NO_QUORUM, None),
        (PRESENT, sitting(5, 4), "33312", Reason.OPTION_REACHED, "option-3"),
        (PRESENT, sitting(6), "111222", Reason.OPTION_TIED, None),
        (CONSENSUS, sitting(5), "1123.", Reason.OPTION_UNOPPOSED, "option-1"),
        (CONSENSUS, sitting(5), "1111-", Reason.OBJECTED, None),
        (CONSENSUS, sitting(5), "1122", Reason.OPTION_TIED, None),
        (CONSENSUS, sitting(5), "", Reason.OPTION_UNVOTED, None),
    ],
)
def test_what_is_chosen(
    rule: Rule, electorate: list[Mandate], ballots: str, reason: Reason, chosen: str | None
) -> None:
    verdict = decide(rule, electorate, votes(ballots))
    assert (verdict.reason, verdict.chosen, verdict.adopted) == (reason, chosen, chosen is not None)
    assert (verdict.outcome is Outcome.ADOPTED) == verdict.adopted


def test_weights_choose() -> None:
    rule = with_options(PRESETS["weighted"], TOWNS)
    electorate = [Mandate("a", weight=5), Mandate("b", weight=2), Mandate("c", weight=2)]
    verdict = decide(rule, electorate, [Vote("a", "option-3"), Vote("b", "option-1"), Vote("c", "option-1")])
    assert (verdict.chosen, verdict.in_favour, verdict.needed) == ("option-3", 5, 5)


@pytest.mark.parametrize(
    ("ballots", "codes"),
    [
        (".2211", ("option-1", "option-2")),
        (".2110", ()),
        ("02211", ()),
        ("32211", ()),
        (".----", ()),
        (".3", ()),
        (".31", ("option-1", "option-3")),
    ],
)
def test_the_chair_decides_between_the_leading_options(ballots: str, codes: tuple[str, ...]) -> None:
    assert chair_choices(GOVERNMENT, sitting(5), votes(ballots)) == codes
    assert is_tie_for_chair(GOVERNMENT, sitting(5), votes(ballots)) == bool(codes)


def test_on_a_motion_the_chair_decides_between_for_and_against() -> None:
    here = [Vote("1", "for"), Vote("2", "against")]
    assert chair_choices(PRESETS["vn-government"], sitting(3), here) == ("for", "against")


def test_a_rule_keeps_everything_but_the_way_to_agree() -> None:
    kept = {choice.code: (choice.label_en, choice.side) for choice in GOVERNMENT.choices}
    assert kept == {
        "option-1": ("Hue", Side.OPTION),
        "option-2": ("Da Nang {100%}", Side.OPTION),
        "option-3": ("", Side.OPTION),
        "against": ("None of these", Side.AGAINST),
        "abstain": ("Abstain", Side.ABSTAIN),
    }
    assert [choice.label_en for choice in CONSENSUS.choices[3:]] == ["Object", "Abstain"]
    assert (GOVERNMENT.kind, GOVERNMENT.tie) == (Kind.OPTIONS, PRESETS["vn-government"].tie)
    assert with_options(GOVERNMENT, TOWNS[:2]) == with_options(PRESETS["vn-government"], TOWNS[:2])


def test_choices_must_fit_the_kind() -> None:
    motion, options = PRESETS["unanimity"], with_options(PRESETS["unanimity"], TOWNS).choices
    with pytest.raises(ValueError, match="two of them"):
        with_options(motion, TOWNS[:1])
    with pytest.raises(ValueError, match="no other way"):
        Rule(
            motion.quorum,
            motion.base,
            motion.threshold,
            choices=(*options, motion.choices[0]),
            kind=Kind.OPTIONS,
        )
    with pytest.raises(ValueError, match="no options"):
        Rule(motion.quorum, motion.base, motion.threshold, choices=(*motion.choices, options[0]))
    with pytest.raises(ValueError, match="to agree"):
        Rule(
            motion.quorum, motion.base, motion.threshold, choices=(Choice("n", "Không", "No", Side.AGAINST),)
        )


@pytest.mark.parametrize("rule", [GOVERNMENT, PRESENT, CONSENSUS])
def test_rules_with_options_survive_being_stored(rule: Rule) -> None:
    assert Rule.from_data(json.loads(json.dumps(rule.as_data()))) == rule


def test_running_counts_are_shown_only_where_the_rule_says_so() -> None:
    shown = Rule.from_data({**PRESETS["vn-government"].as_data(), "tally_while_open": True})
    assert shown.tally_while_open
    assert Rule.from_data(shown.as_data()) == shown
    assert not any(rule.tally_while_open for rule in PRESETS.values())


def test_the_sentence_names_the_option_in_the_reader_s_language() -> None:
    chosen = decide(GOVERNMENT, sitting(9), votes("222221130")).as_data()
    assert chosen["sentence"] == "5 of 9 members needed; 5 for “Da Nang {100%}”: chosen."
    assert sentence_in("en", chosen) == chosen["sentence"]
    assert sentence_in("vi", chosen) == "Cần 5 trên 9 thành viên; 5 phiếu chọn “Đà Nẵng {100%}”: được chọn."
    untranslated = decide(GOVERNMENT, sitting(9), votes("333333333")).as_data()
    assert sentence_in("en", untranslated) == "5 of 9 members needed; 9 for “Cần Thơ”: chosen."
    assert untranslated["sentence"] == sentence_in("en", untranslated)


@pytest.mark.parametrize(
    ("rule", "ballots", "words"),
    [
        (GOVERNMENT, "222113300", "5 of 9 members needed; the leading option has 3: none chosen."),
        (GOVERNMENT, "221133333", "5 of 9 members needed; 5 for “Cần Thơ”: chosen."),
        (GOVERNMENT, "22221111", "Equal votes, 4 each; the chair voted for “Da Nang {100%}”: chosen."),
        (GOVERNMENT, "", "No option received a vote: none chosen."),
        (PRESENT, "1122", "Equal votes for the leading options, 2 each: none chosen."),
        (CONSENSUS, "1", "Consensus: nobody objected; 1 for “Hue”: chosen."),
        (CONSENSUS, "--", "Consensus needed; 2 objected: not adopted."),
    ],
)
def test_every_reason_has_its_sentence(rule: Rule, ballots: str, words: str) -> None:
    verdict = decide(rule, sitting(max(9, len(ballots))), votes(ballots))
    assert verdict.sentence == words
    with override("en"):
        assert sentence(json.loads(json.dumps(verdict.as_data()))) == words
