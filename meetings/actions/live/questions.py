"""What is put to the vote: the text itself, an amendment, several options, or a vote once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecabinet.common.errors import DomainError, WrongState
from meetings.actions.live.consent import draft_sha256
from meetings.enums import PollKind
from meetings.models import AgendaItem, ItemPoll, Meeting
from meetings.projection import shown_title
from meetings.queries.polls import adopted_amendments, closed_polls, deciding
from meetings.rules.polls import (
    MAX_AMENDMENT,
    MAX_CLAUSE,
    MAX_OPTION,
    MAX_OPTIONS,
    Amendment,
    Option,
    amendment_basis,
    motion_basis,
    options_basis,
)
from voting.enums import PollState

MAX_QUESTION = 400


@dataclass(frozen=True)
class Put:
    """A question as it will be frozen; ``basis`` is what its hash is over."""

    kind: PollKind
    number: int
    question: str
    question_en: str
    basis: Mapping[str, Any]
    revote_of: ItemPoll | None = None
    reason: str = ""


def motion(meeting: Meeting, item: AgendaItem, asked: str, asked_en: str) -> Put:
    """The text as distributed last, as amended; without words the item's adoption is put."""
    basis = _motion_basis(meeting, item)
    words = (asked.strip(), asked_en.strip())
    if not words[0]:
        words = _in_both(_adopt_amended if "amendments" in basis else _adopt, *_titles(item))
    return Put(PollKind.MOTION, next_number(item, PollKind.MOTION), *words, basis)


def amendment(meeting: Meeting, item: AgendaItem, words: Amendment) -> Put:
    """New words for one clause, put before the text itself."""
    draft = draft_sha256(meeting, item)
    if not draft:
        raise WrongState("no_draft", _("This item has no draft that could be amended."))
    check_text_open(item)
    clean = Amendment(words.clause.strip(), words.text.strip(), words.text_en.strip())
    if not clean.clause or not clean.text:
        raise DomainError("amendment_empty", _("Write which clause is amended, and its new words."))
    if len(clean.clause) > MAX_CLAUSE or max(len(clean.text), len(clean.text_en)) > MAX_AMENDMENT:
        raise DomainError("amendment_long", _("This amendment is too long. Shorten it."))
    number = next_number(item, PollKind.AMENDMENT)
    named = {"number": number, "clause": clean.clause}
    asked = _in_both(lambda: _("Adopt amendment %(number)d, %(clause)s"), named, named)
    return Put(PollKind.AMENDMENT, number, *asked, amendment_basis(draft, clean))


def options(meeting: Meeting, item: AgendaItem, choices: Sequence[Option], asked: str, asked_en: str) -> Put:
    """A choice between two and eight answers."""
    clean = [Option(choice.text.strip(), choice.text_en.strip()) for choice in choices]
    _check_options(clean)
    words = (asked.strip(), asked_en.strip())
    if not words[0]:
        words = _in_both(lambda: _("Choose an option: %(title)s"), *_titles(item))
    basis = options_basis(draft_sha256(meeting, item), clean)
    return Put(PollKind.OPTIONS, next_number(item, PollKind.OPTIONS), *words, basis)


def again(meeting: Meeting, earlier: ItemPoll, reason: str) -> Put:
    """The same question once more, with the reason; a motion takes the text as amended by now."""
    if not reason.strip():
        raise DomainError(
            "reason_missing", _("Write why the vote is taken again; the reason goes into the log.")
        )
    if earlier.poll.state != PollState.CLOSED:
        raise WrongState("poll_not_closed", _("Only a vote that has a result can be taken again."))
    if earlier.revotes.exclude(poll__state=PollState.CANCELLED).exists():
        raise WrongState(
            "already_repeated", _("This vote has already been taken again. Repeat the later one.")
        )
    if earlier.kind == PollKind.AMENDMENT:
        check_text_open(earlier.item)
    same = earlier.kind != PollKind.MOTION
    return Put(
        kind=PollKind(earlier.kind),
        number=earlier.number,
        question=earlier.poll.question,
        question_en=earlier.poll.question_en,
        basis=earlier.basis if same else _motion_basis(meeting, earlier.item),
        revote_of=earlier,
        reason=reason.strip()[:200],
    )


def check_text_open(item: AgendaItem) -> None:
    """Amendments come before the text itself."""
    last = deciding(closed_polls(item))
    if last is not None and (last.poll.verdict or {}).get("adopted"):
        raise WrongState(
            "text_adopted", _("The text itself has been adopted. Amendments are put before the text.")
        )


def _check_options(choices: Sequence[Option]) -> None:
    if not 2 <= len(choices) <= MAX_OPTIONS:
        raise DomainError("options_count", _("Give two to %(most)d options.") % {"most": MAX_OPTIONS})
    texts = [choice.text for choice in choices]
    if not all(texts) or len({text.casefold() for text in texts}) != len(texts):
        raise DomainError("options_unclear", _("Every option needs words of its own."))
    if max(len(text) for choice in choices for text in (choice.text, choice.text_en)) > MAX_OPTION:
        raise DomainError("option_long", _("An option has at most %(n)d characters.") % {"n": MAX_OPTION})


def _motion_basis(meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    adopted = adopted_amendments(closed_polls(item))
    return motion_basis(draft_sha256(meeting, item), [link.poll.text_sha256 for link in adopted])


def next_number(item: AgendaItem, kind: PollKind) -> int:
    """Polls of one kind are counted on each item; one that was withdrawn leaves no gap."""
    rows = ItemPoll.objects.filter(item=item, kind=kind).exclude(poll__state=PollState.CANCELLED)
    return (rows.aggregate(highest=Max("number"))["highest"] or 0) + 1


def _adopt() -> str:
    return _("Adopt: %(title)s")


def _adopt_amended() -> str:
    return _("Adopt as amended: %(title)s")


def _titles(item: AgendaItem) -> tuple[dict[str, object], dict[str, object] | None]:
    """What a question says of the item in each language; nothing in English where it has no such title."""
    title, title_en = shown_title(item)
    return {"title": title}, ({"title": title_en} if title_en else None)


def _in_both(
    sentence: Callable[[], str], vietnamese: Mapping[str, object], english: Mapping[str, object] | None
) -> tuple[str, str]:
    """A sentence in both languages, whatever the screen of the one who puts the question."""
    with override("vi"):
        first = sentence() % vietnamese
    with override("en"):
        second = sentence() % english if english is not None else ""
    return first[:MAX_QUESTION], second[:MAX_QUESTION]
