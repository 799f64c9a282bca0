"""Minutes for a reader: facts and words side by side in the active language, for page and print alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ecabinet.accounts.models import in_language
from meetings.enums import FloorKind, ItemState, PollKind, Presence, RecusalReason
from meetings.minutes_facts import Facts


@dataclass(frozen=True)
class PersonLine:
    """A person as listed; ``note`` is what is special about how they attended."""

    name: str
    office: str
    note: str = ""


@dataclass(frozen=True)
class SpeechLine:
    name: str
    office: str
    hours: str  # 09:05–09:12
    length: str  # 6:40
    note: str  # a point of order, or in whose place it was


@dataclass(frozen=True)
class Group:
    """Who voted one way, or did not."""

    label: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class PollText:
    question: str
    hour: str
    withdrawn: bool
    adopted: bool
    reason: str  # the verdict's sentence, or why it was withdrawn
    groups: tuple[Group, ...]
    kind: str = PollKind.MOTION
    amendment: tuple[str, ...] = ()  # its words, in paragraphs
    again: str = ""  # why this vote repeated an earlier one
    superseded: bool = False  # a later one came in its place
    proxies: tuple[str, ...] = ()  # who acted for whom


@dataclass(frozen=True)
class ItemText:
    item: int
    number: int
    title: str
    byline: str
    hours: tuple[str, ...]
    postponed: bool
    reason: str
    speeches: tuple[SpeechLine, ...]
    speech_total: str
    polls: tuple[PollText, ...]
    conclusion: tuple[str, ...]
    adopted_in_block: str  # the hour; empty when the item was not adopted so
    reopened: tuple[str, ...]
    recusals: tuple[PersonLine, ...]
    prose: tuple[str, ...]


@dataclass(frozen=True)
class MinutesText:
    """The whole text; prose is in paragraphs."""

    title: str
    body: str
    place: str
    day: date
    started: str
    ended: str
    chair: PersonLine | None
    secretary: PersonLine | None
    members: int  # that vote
    members_present: int
    present: tuple[PersonLine, ...]
    remote: tuple[PersonLine, ...]
    absent: tuple[PersonLine, ...]
    opening: tuple[str, ...]
    items: tuple[ItemText, ...]
    closing: tuple[str, ...]


def minutes_text(facts: Facts, prose: Mapping[str, Any]) -> MinutesText:
    meeting, seats = facts["meeting"], facts["attendance"]
    voting = [seat for seat in seats if seat["votes"]]
    words = prose.get("items", {})
    return MinutesText(
        title=_own(meeting, "title"),
        body=_own(meeting, "body"),
        place=_own(meeting, "place"),
        day=_local(meeting["started_at"]).date(),
        started=_hour(meeting["started_at"]),
        ended=_hour(meeting["adjourned_at"]),
        chair=_person(meeting["chair"]),
        secretary=_person(meeting["secretary"]),
        members=len(voting),
        members_present=sum(seat["presence"] != Presence.ABSENT for seat in voting),
        present=_seats(seats, Presence.PRESENT),
        remote=_seats(seats, Presence.REMOTE),
        absent=_seats(seats, Presence.ABSENT),
        opening=paragraphs(prose.get("opening", "")),
        items=tuple(_item(item, words.get(str(item["item"]), "")) for item in facts["items"]),
        closing=paragraphs(prose.get("closing", "")),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _own(row: Mapping[str, Any], name: str) -> str:
    return in_language(row[name], row[f"{name}_en"])


def _local(moment: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(moment))


def _hour(moment: str) -> str:
    return _local(moment).strftime("%H:%M")


def _hours(span: Mapping[str, Any]) -> str:
    return f"{_hour(span['from'])}–{_hour(span['until'])}"


def _length(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"


def _person(row: Mapping[str, Any] | None) -> PersonLine | None:
    return PersonLine(row["name"], _own(row, "office")) if row else None


def _seats(seats: Iterable[Mapping[str, Any]], presence: str) -> tuple[PersonLine, ...]:
    found = (seat for seat in seats if seat["presence"] == presence)
    return tuple(PersonLine(seat["name"], _own(seat, "office"), _note(seat)) for seat in found)


def _note(seat: Mapping[str, Any]) -> str:
    notes = []
    if seat["presence"] == Presence.ABSENT:
        notes += [seat["reason"] or _("no reason given")]
        notes += [_("represented by %(name)s") % {"name": seat["substitute"]}] * bool(seat["substitute"])
    if seat["came_late_at"]:
        notes.append(_("from %(hour)s") % {"hour": _hour(seat["came_late_at"])})
    if seat["left_early_at"]:
        notes.append(_("until %(hour)s") % {"hour": _hour(seat["left_early_at"])})
    return "; ".join(notes)


def _item(item: Mapping[str, Any], prose: str) -> ItemText:
    by = (_own(item, "sponsor"), item["rapporteur"])
    return ItemText(
        item=item["item"],
        number=item["number"],
        title=_own(item, "title"),
        byline=" · ".join(part for part in by if part),
        hours=tuple(_hours(span) for span in item["on_table"]),
        postponed=item["state"] == ItemState.POSTPONED,
        reason=item["reason"],
        speeches=tuple(_speech(row) for row in item["speeches"]),
        speech_total=_length(item["speech_seconds"]),
        polls=tuple(_poll(poll) for poll in item["polls"]),
        conclusion=paragraphs(item["conclusion"]),
        adopted_in_block=_hour(item["adopted_in_block_at"]) if item["adopted_in_block_at"] else "",
        reopened=tuple(f"{_hour(row['at'])}: {row['reason']}" for row in item["reopened"]),
        recusals=tuple(_recusal(row) for row in item["recusals"]),
        prose=paragraphs(prose),
    )


def _recusal(row: Mapping[str, Any]) -> PersonLine:
    why = (str(RecusalReason(row["reason"]).label), row["note"])
    return PersonLine(row["name"], _own(row, "office"), "; ".join(part for part in why if part))


def _speech(row: Mapping[str, Any]) -> SpeechLine:
    notes = [str(FloorKind.POINT.label)] * (row["kind"] == FloorKind.POINT)
    name, office = row["name"], _own(row, "office")
    if row["substitute"]:
        notes.append(_("in place of %(name)s") % {"name": name})
        name, office = row["substitute"], ""
    return SpeechLine(name, office, _hours(row), _length(row["seconds"]), "; ".join(notes))


def _poll(poll: Mapping[str, Any]) -> PollText:
    verdict = poll.get("verdict")
    if verdict is None:
        return PollText(_own(poll, "question"), "", True, False, poll.get("reason", ""), ())
    return PollText(
        question=_own(poll, "question"),
        hour=_hour(poll["closed_at"]),
        withdrawn=False,
        adopted=verdict["adopted"],
        reason=" ".join((_own(verdict, "sentence"), *_on_paper(poll["roll_call"]))),
        groups=tuple(_groups(poll["choices"], verdict["counts"], poll["results"])),
        kind=poll["kind"],
        amendment=_amendment(poll["amendment"]),
        again=poll["reason"] if poll["revote_of"] else "",
        superseded=poll["superseded"],
        proxies=tuple(_("%(acting)s for %(name)s") % row for row in poll["proxies"]),
    )


def _amendment(words: Mapping[str, str] | None) -> tuple[str, ...]:
    return () if words is None else paragraphs(words["text"])


def _on_paper(row: Mapping[str, str] | None) -> tuple[str, ...]:
    if row is None:
        return ()
    words = _("Roll call on paper at %(hour)s, entered by %(entered)s, confirmed by %(confirmed)s.")
    people = {"entered": row["entered_by"], "confirmed": row["confirmed_by"]}
    return (words % {"hour": _hour(row["held_at"]), **people},)


def _groups(choices: Sequence[Any], counts: Sequence[Any], results: Sequence[Any]) -> Iterable[Group]:
    votes = {count["choice"]: count["votes"] for count in counts}
    for choice in choices:
        names = tuple(row["name"] for row in results if row["choice"] == choice["code"])
        yield Group(_own(choice, "label"), votes[choice["code"]], names)
    for standing, label in standings().items():
        names = tuple(row["name"] for row in results if row["standing"] == standing)
        if names:
            yield Group(label, len(names), names)


def standings() -> dict[str, str]:
    """How those without a ballot stood; none of it may sound like an abstention."""
    return {
        "silent": pgettext("elector", "Present, no ballot"),
        "absent": pgettext("elector", "Absent"),
        "recused": pgettext("elector", "Did not take part"),
    }
