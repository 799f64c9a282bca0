"""What must hold for every rule, electorate and set of ballots."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.enums import Entitlement
from voting.rules import (
    PRESETS,
    Base,
    Choice,
    Kind,
    Mandate,
    Outcome,
    Reason,
    Rule,
    Share,
    Side,
    Silence,
    Standing,
    Tie,
    Verdict,
    Vote,
    chair_choices,
    decide,
    fixed_base,
    is_tie_for_chair,
    with_options,
)

BY_CHAIR = {Reason.CHAIR_FOR, Reason.CHAIR_AGAINST, Reason.TIE_REJECTED, Reason.OPTION_BY_CHAIR}
OTHER = Choice("other", "Ý kiến khác", "Another opinion", Side.OTHER)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    under = draw(st.integers(1, 9))
    over = draw(st.integers(0, under))
    return Share(over, under, strict=over < under and draw(st.booleans()))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Every field anyhow, and the presets; motions and options."""
    choices = PRESETS["vn-government"].choices
    own = Rule(
        quorum=draw(shares()),
        base=draw(st.sampled_from(Base)),
        threshold=draw(shares()),
        tie=draw(st.sampled_from(Tie)),
        silence=draw(st.sampled_from(Silence)),
        abstentions_cast=draw(st.booleans()),
        recused_in_base=draw(st.booleans()),
        objection_blocks=draw(st.booleans()),
        weighted=draw(st.booleans()),
        choices=draw(st.sampled_from([choices, choices[:2], (*choices, OTHER)])),
        tally_while_open=draw(st.booleans()),
    )
    rule = draw(st.sampled_from([own, *PRESETS.values()]))
    options = draw(st.integers(0, 4))
    return with_options(rule, [(f"Phương án {n}", "") for n in range(options)]) if options > 1 else rule


@st.composite
def sittings(draw: st.DrawFn) -> list[Mandate]:
    standings = draw(st.lists(st.sampled_from(Standing), max_size=12))
    chair = draw(st.integers(0, 12))
    return [
        Mandate(f"m:{place}", draw(st.integers(0, 5)), place == chair, standing)
        for place, standing in enumerate(standings)
    ]


@st.composite
def polls(draw: st.DrawFn) -> tuple[Rule, list[Mandate], list[Vote]]:
    rule, electorate = draw(rules()), draw(sittings())
    codes = st.none() | st.sampled_from([choice.code for choice in rule.choices])
    said = {m.key: draw(codes) for m in electorate if m.entitlement is Standing.PRESENT}
    return rule, electorate, [Vote(key, code) for key, code in said.items() if code]


Poll = tuple[Rule, list[Mandate], list[Vote]]


def heads(poll: Poll) -> Verdict:
    """The verdict when every mandate weighs one."""
    return decide(replace(poll[0], weighted=False), *poll[1:])


@given(polls(), st.data())
def test_neither_the_order_of_ballots_nor_of_mandates_matters(poll: Poll, data: st.DataObject) -> None:
    rule, electorate, ballots = poll
    others = data.draw(st.permutations(electorate)), data.draw(st.permutations(ballots))
    assert decide(rule, *others) == decide(*poll)
    assert chair_choices(rule, *others) == chair_choices(*poll)


@given(polls())
def test_every_mandate_is_counted_once(poll: Poll) -> None:
    rule, electorate, ballots = poll
    verdict = heads(poll)
    assert sum(verdict.counts.values()) + verdict.silent + verdict.absent + verdict.recused == len(electorate)
    assert list(verdict.counts) == [choice.code for choice in rule.choices]
    assert verdict.present == len(electorate) - verdict.absent
    if rule.silence is Silence.NONE:
        assert sum(verdict.counts.values()) == len(ballots)


@given(polls())
def test_weights_are_the_votes_of_those_who_vote(poll: Poll) -> None:
    rule, electorate, ballots = poll
    weighted = replace(rule, weighted=True, silence=Silence.NONE)
    voted = {vote.mandate for vote in ballots}
    counts = decide(weighted, electorate, ballots).counts
    assert sum(counts.values()) == sum(m.weight for m in electorate if m.key in voted)
    assert (
        decide(replace(weighted, weighted=False), electorate, ballots).silent
        == decide(weighted, electorate, ballots).silent
    )


@given(polls())
def test_a_recount_of_what_was_stored_says_the_same(poll: Poll) -> None:
    rule, electorate, ballots = poll
    stored = Rule.from_data(json.loads(json.dumps(rule.as_data())))
    first = decide(*poll)
    assert stored == rule
    assert decide(stored, list(electorate), iter(ballots)) == first
    assert json.dumps(decide(*poll).as_data()) == json.dumps(first.as_data())


def changed(poll: Poll, mandate: str, code: str) -> Verdict:
    """The verdict if this mandate had said ``code``."""
    rule, electorate, ballots = poll
    return decide(rule, electorate, [*(v for v in ballots if v.mandate != mandate), Vote(mandate, code)])


def never_worse(worse: Verdict, better: Verdict, chosen: str | None) -> bool:
    """Except where the chair settles equal votes: making or ending a tie changes which question is asked,
    and by the letter of the law equal votes are settled by the chair however many abstained.
    """
    if BY_CHAIR & {worse.reason, better.reason}:
        return True
    first, second = ((v.adopted, v.chosen) == (True, chosen) for v in (worse, better))
    return second or not first


@settings(max_examples=300)
@given(polls(), st.data())
def test_one_more_vote_in_favour_never_turns_an_adoption(poll: Poll, data: st.DataObject) -> None:
    here = [m.key for m in poll[1] if m.entitlement is Standing.PRESENT]
    yes = [choice.code for choice in poll[0].choices if choice.side in (Side.FOR, Side.OPTION)]
    mandate, code = data.draw(st.sampled_from(here or ["nobody"])), data.draw(st.sampled_from(yes))
    if here:
        chosen = code if poll[0].kind is Kind.OPTIONS else None
        assert never_worse(decide(*poll), changed(poll, mandate, code), chosen)


@settings(max_examples=300)
@given(polls(), st.data())
def test_one_more_vote_against_never_adopts(poll: Poll, data: st.DataObject) -> None:
    here = [m.key for m in poll[1] if m.entitlement is Standing.PRESENT]
    mandate, no = data.draw(st.sampled_from(here or ["nobody"])), poll[0].code_of(Side.AGAINST)
    if here and no and poll[0].kind is Kind.MOTION:
        assert never_worse(changed(poll, mandate, no), decide(*poll), None)


@given(shares(), st.integers(1, 12), st.integers(0, 12))
def test_the_quorum_is_an_edge(share: Share, members: int, missing: int) -> None:
    """Exactly the quorum suffices; one mandate fewer does not, whatever the ballots say."""
    rule = replace(PRESETS["simple-majority-present"], quorum=share)
    missing = min(missing, members)
    standings = [Standing.ABSENT] * missing + [Standing.PRESENT] * (members - missing)
    electorate = [Mandate(str(n), entitlement=standing) for n, standing in enumerate(standings)]
    verdict = decide(rule, electorate, [Vote(m.key, "for") for m in electorate[missing:]])
    assert (verdict.outcome is Outcome.NO_QUORUM) == (members - missing < share.needed(members))
    assert verdict.quorum == share.needed(members)


@given(shares(), st.integers(1, 12), st.sampled_from([2, 3]))
def test_the_threshold_is_an_edge(share: Share, members: int, options: int) -> None:
    """Exactly what is needed adopts a motion and chooses an option; one vote fewer does not."""
    motion = Rule(quorum=Share(0, 1), base=Base.ALL, threshold=share)
    several = with_options(motion, [("A", ""), ("B", ""), ("C", "")][:options])
    electorate = [Mandate(str(n)) for n in range(members)]
    needed = share.needed(members)
    for votes in range(members + 1):
        on_motion = decide(motion, electorate, [Vote(str(n), "for") for n in range(votes)])
        assert on_motion.adopted == (votes >= needed)
        on_option = decide(several, electorate, [Vote(str(n), "option-2") for n in range(votes)])
        assert on_option.adopted == (votes >= needed and votes > 0)


@given(polls())
def test_what_is_chosen_has_most_votes(poll: Poll) -> None:
    verdict = decide(*poll)
    options = [choice.code for choice in poll[0].choices if choice.side is Side.OPTION]
    assert (verdict.chosen is not None) == (verdict.adopted and poll[0].kind is Kind.OPTIONS)
    if verdict.chosen:
        assert verdict.counts[verdict.chosen] == verdict.in_favour == max(verdict.counts[o] for o in options)


@given(polls())
def test_the_chair_is_asked_only_when_its_vote_decides(poll: Poll) -> None:
    rule, electorate, ballots = poll
    codes = chair_choices(*poll)
    assert is_tie_for_chair(*poll) == bool(codes)
    if not codes:
        return
    chair = next(m for m in electorate if m.is_chair)
    assert chair.entitlement is Standing.PRESENT
    assert chair.key not in {vote.mandate for vote in ballots}
    assert rule.tie is Tie.CHAIR
    assert len(codes) > 1


@given(polls())
def test_the_base_known_beforehand_is_the_base(poll: Poll) -> None:
    fixed = fixed_base(*poll[:2])
    assert (fixed is None) == (poll[0].base is Base.CAST)
    assert fixed is None or fixed == decide(*poll).base


@given(polls(), st.data())
def test_a_ballot_of_nobody_entitled_is_never_counted(poll: Poll, data: st.DataObject) -> None:
    rule, electorate, ballots = poll
    code = rule.choices[0].code
    strangers = [m.key for m in electorate if m.entitlement is not Standing.PRESENT]
    bad = data.draw(st.sampled_from([*strangers, *(vote.mandate for vote in ballots), "nobody"]))
    with pytest.raises(ValueError, match=f"not a ballot of this poll: .*{bad}"):
        decide(rule, electorate, [*ballots, Vote(bad, code)])


@pytest.mark.parametrize(
    "value",
    [
        PRESETS["unanimity"],
        Share(1, 2),
        OTHER,
        Mandate("m"),
        Vote("m", "for"),
        decide(PRESETS["unanimity"], [Mandate("m")], []),
    ],
)
def test_what_is_frozen_cannot_be_changed(value: object) -> None:
    name = next(iter(vars(value)))
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)


def test_a_mandate_is_one_vote_and_no_chair_unless_told() -> None:
    assert Mandate("m") == Mandate("m", weight=1, is_chair=False, entitlement="present")


def test_the_kinds_are_stored_by_these_words() -> None:
    assert [kind.value for kind in Kind] == ["motion", "options"]


def test_standings_are_the_entitlements_of_electors() -> None:
    assert {str(standing) for standing in Standing} == set(Entitlement.values)
