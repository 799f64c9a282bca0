"""A poll as screens show it: who voted while it is open, how and with what result afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from meetings.live_types import (
    ActingView,
    AmendmentView,
    ChoiceView,
    Count,
    PollLine,
    PollView,
    SeatResult,
    VerdictView,
)
from meetings.models import ItemPoll
from meetings.queries.live import LiveFacts, PollFacts
from meetings.queries.polls import superseded
from voting.enums import Entitlement, PollState
from voting.models import Elector
from voting.queries import mandate_of, rule_of
from voting.rules import Choice, Rule, Vote, chair_choices, fixed_base
from voting.verdict_text import sentence_in

PREFIX = "membership:"


def mandate_key(membership_id: int) -> str:
    """How a membership is called in a poll's electorate."""
    return f"{PREFIX}{membership_id}"


def membership_id(mandate: str) -> int:
    return int(mandate.removeprefix(PREFIX))


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_or_none(at: datetime | None) -> str | None:
    return moment(at) if at else None


def poll_view(facts: LiveFacts) -> PollView | None:
    if facts.poll is None:
        return None
    shown, poll, link = facts.poll, facts.poll.poll, facts.poll.link
    rule = rule_of(poll)
    base = fixed_base(rule, [mandate_of(elector) for elector in shown.electors])
    expected = [e for e in shown.electors if e.entitlement == Entitlement.PRESENT]
    voted = [membership_id(e.mandate) for e in shown.electors if e.pk in shown.choices]
    closed = poll.state == PollState.CLOSED
    return {
        "id": poll.pk,
        "item_id": shown.item_id,
        "kind": link.kind,
        "number": link.number,
        "amendment": _amendment(link),
        "amendments": len(link.basis.get("amendments", ())),
        "revote_of": _repeated(facts, link),
        "reason": link.reason,
        "text_sha256": poll.text_sha256,
        "state": poll.state,
        "mode": poll.mode,
        "ballot": "named",
        "question": poll.question,
        "question_en": poll.question_en,
        "text_version": _text_version(facts, link.basis.get("draft", poll.text_sha256)),
        "opened_at": moment(poll.opened_at),
        "closes_at": moment_or_none(poll.closes_at),
        "closed_at": moment_or_none(poll.closed_at),
        "choices": [_choice(choice) for choice in rule.choices],
        "electors": len(shown.electors),
        "voted": voted,
        "turnout": len(voted),
        "expected": len(expected),
        "needed": None if base is None else rule.threshold.needed(base),
        "base": base,
        "base_kind": rule.base,
        "verdict": _verdict(rule, poll.verdict) if closed and poll.verdict else None,
        "results": [_result(shown, elector) for elector in shown.electors] if closed else [],
        "proxies": [_acting(elector) for elector in shown.electors if elector.proxy_id],
        "counts": _running(shown, rule) if poll.state == PollState.OPEN and rule.tally_while_open else [],
    }


def poll_lines(facts: LiveFacts) -> list[PollLine]:
    """Votes on the current item that have a result, first to last; those taken again stay visible."""
    gone = superseded(facts.polls)
    here = [link for link in facts.polls if facts.current and link.item_id == facts.current.pk]
    closed = [link for link in here if link.poll.state == PollState.CLOSED]
    return [_line(link, link.pk in gone) for link in closed]


def _line(link: ItemPoll, gone: bool) -> PollLine:
    verdict: dict[str, Any] = link.poll.verdict or {}
    chosen = chosen_option(verdict)
    return {
        "id": link.poll_id,
        "kind": link.kind,
        "number": link.number,
        "question": link.poll.question,
        "question_en": link.poll.question_en,
        "closed_at": moment_or_none(link.poll.closed_at),
        "adopted": verdict["adopted"],
        "in_favour": verdict["in_favour"],
        "base": verdict["base"],
        "chosen": chosen[0],
        "chosen_en": chosen[1],
        "superseded": gone,
        "reason": link.reason,
    }


def chosen_option(verdict: Mapping[str, Any]) -> tuple[str, str]:
    """The words of the chosen option in both languages; empty where none was."""
    params = verdict["params"] if verdict.get("chosen") else {}
    return str(params.get("option", "")), str(params.get("option_en", ""))


def _repeated(facts: LiveFacts, link: ItemPoll) -> int | None:
    return next((one.poll_id for one in facts.polls if one.pk == link.revote_of_id), None)


def _amendment(link: ItemPoll) -> AmendmentView | None:
    words: AmendmentView | None = link.basis.get("amendment")
    return words


def _acting(elector: Elector) -> ActingView:
    return {
        "membership_id": membership_id(elector.mandate),
        "name": elector.name,
        "acting": elector.proxy_name,
        "acting_user": elector.caster_id,
    }


def _running(shown: PollFacts, rule: Rule) -> list[Count]:
    """What has been cast so far, weighted where the rule weighs; nothing is decided by it."""
    counts: Counter[str] = Counter()
    for elector in shown.electors:
        if elector.pk in shown.choices:
            counts[shown.choices[elector.pk]] += elector.weight if rule.weighted else 1
    return [_count(choice, counts) for choice in rule.choices]


def not_voted(shown: PollFacts) -> list[int]:
    """Membership ids that may still vote and have not."""
    if shown.poll.state != PollState.OPEN:
        return []
    waiting = (e for e in shown.electors if e.entitlement == Entitlement.PRESENT)
    return [membership_id(e.mandate) for e in waiting if e.pk not in shown.choices]


def open_to_chair(shown: PollFacts) -> list[str]:
    """The codes between which the chair decides when only that ballot is missing and votes are equal:
    told no earlier, so that the desk does not learn from it how an open poll stands.
    """
    mandates = [mandate_of(elector) for elector in shown.electors]
    chair = [membership_id(mandate.key) for mandate in mandates if mandate.is_chair]
    if not_voted(shown) != chair:
        return []
    keys = {elector.pk: elector.mandate for elector in shown.electors}
    votes = [Vote(keys[pk], choice) for pk, choice in shown.choices.items()]
    return list(chair_choices(rule_of(shown.poll), mandates, votes))


def _text_version(facts: LiveFacts, sha256: str) -> int | None:
    versions = (paper.version for paper in facts.papers if sha256)
    return next((version.number for version in versions if version.sha256 == sha256), None)


def _choice(choice: Choice) -> ChoiceView:
    return {
        "code": choice.code,
        "label": choice.label,
        "label_en": choice.label_en,
        "side": choice.side,
    }


def _verdict(rule: Rule, verdict: Mapping[str, Any]) -> VerdictView:
    return {
        "adopted": verdict["adopted"],
        "outcome": verdict["outcome"],
        "reason": verdict["reason"],
        "sentence": sentence_in("vi", verdict),
        "sentence_en": sentence_in("en", verdict),
        "in_favour": verdict["in_favour"],
        "needed": verdict["needed"],
        "base": verdict["base"],
        "base_kind": verdict["base_kind"],
        "counts": [_count(choice, verdict["counts"]) for choice in rule.choices],
        "silent": verdict["silent"],
        "absent": verdict["absent"],
        "recused": verdict["recused"],
    }


def _count(choice: Choice, counts: Mapping[str, int]) -> Count:
    return {
        "choice": choice.code,
        "label": choice.label,
        "label_en": choice.label_en,
        "side": choice.side,
        "votes": counts.get(choice.code, 0),
    }


def _result(shown: PollFacts, elector: Elector) -> SeatResult:
    choice = shown.choices.get(elector.pk)
    standing = "voted" if choice else _standing(elector)
    return {
        "membership_id": membership_id(elector.mandate),
        "choice": choice,
        "standing": standing,
        "proxy": elector.proxy_name,
    }


def _standing(elector: Elector) -> str:
    return "silent" if elector.entitlement == Entitlement.PRESENT else elector.entitlement
