"""The facts of a meeting's minutes: plain JSON drawn up from its log and its frozen polls.

Nobody edits them. Names and titles stand as they are when the facts are drawn up, so that a version of the
minutes can be read without anything else; ``log`` says which log it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ecabinet.common.canonical import digest_of
from meetings.desk_view import roll_call_view
from meetings.enums import PRESENT_STATES, MembershipRole, Presence
from meetings.models import AgendaItem, Meeting, Membership
from meetings.poll_view import mandate_key, moment, moment_or_none, poll_view
from meetings.projection import office_of, shown_title
from meetings.queries.live import LiveFacts, PollFacts
from meetings.queries.polls import superseded
from meetings.replay import Past, past
from meetings.rules.minutes import (
    Span,
    Speech,
    presence_spans,
    speeches,
    table_spans,
    total_seconds,
)
from meetings.rules.replay import Event, PollRun, Recused, Sitting, Whereabouts
from voting.enums import Entitlement

FORMAT = "ecabinet-minutes/1"
Facts = dict[str, Any]


def minutes_facts(meeting: Meeting) -> Facts:
    """Everything the log tells of an adjourned meeting. Raises Unreplayable."""
    told = past(meeting.pk)
    *_before, end = told.sittings()
    spoken = speeches(end)
    return {
        "format": FORMAT,
        "log": log_mark(told.events),
        "meeting": _meeting(told, end),
        "attendance": _attendance(told, end),
        "items": [_item(told, end, item, number, spoken) for number, item in _numbered(told)],
    }


def log_mark(events: Sequence[Event]) -> Facts:
    """Which log: the number of its events, and a hash over all of them."""
    rows = [[event.seq, event.kind, dict(event.body), moment(event.at)] for event in events]
    return {"seq": len(events), "sha256": digest_of(rows)}


def _numbered(told: Past) -> Iterable[tuple[int, AgendaItem]]:
    return enumerate(told.facts.items, start=1)


def _meeting(told: Past, end: Sitting) -> Facts:
    meeting = told.facts.meeting
    return {
        "title": meeting.title,
        "title_en": meeting.title_en,
        "body": meeting.body.name,
        "body_en": meeting.body.name_en,
        "mode": meeting.mode,
        "place": meeting.place,
        "place_en": meeting.place_en,
        "started_at": moment_or_none(end.started_at),
        "adjourned_at": moment_or_none(end.adjourned_at),
        "chair": _by_role(told.facts, MembershipRole.CHAIR),
        "secretary": _by_role(told.facts, MembershipRole.SECRETARY),
    }


def _by_role(facts: LiveFacts, role: str) -> Facts | None:
    found = next((member for member in facts.people.values() if member.role == role), None)
    return _person(facts, found) if found else None


def _person(facts: LiveFacts, member: Membership) -> Facts:
    office, office_en = office_of(facts, member.user_id)
    return {
        "membership": member.pk,
        "name": member.user.full_name,
        "office": office,
        "office_en": office_en,
        "role": member.role,
    }


def _attendance(told: Past, end: Sitting) -> list[Facts]:
    """Those who vote in order of precedence, then everybody else whose presence was recorded."""
    spans = presence_spans(told.events)
    others = [member for member in told.facts.people.values() if not member.votes and member.pk in end.seats]
    members = [*told.facts.members, *sorted(others, key=lambda member: (member.seniority, member.pk))]
    return [_seat(told.facts, end, member, spans.get(member.pk, [])) for member in members]


def _seat(facts: LiveFacts, end: Sitting, member: Membership, spans: list[Span]) -> Facts:
    here = [span for span in spans if span.value in PRESENT_STATES]
    seat = end.seats.get(member.pk, Whereabouts(Presence.EXPECTED, end.started_at or facts.meeting.starts_at))
    return {
        **_person(facts, member),
        "votes": member.votes,
        "presence": _presence(here),
        "reason": seat.reason,
        "substitute": seat.substitute,
        "came_late_at": moment(here[0].start) if here and here[0].start != end.started_at else None,
        "left_early_at": moment(here[-1].end) if here and here[-1].end != end.adjourned_at else None,
        "spans": [_span(span) for span in spans],
    }


def _presence(here: Sequence[Span]) -> str:
    """Who was in the room at some time was present; who was only connected was so remotely."""
    if not here:
        return Presence.ABSENT
    in_room = any(span.value == Presence.PRESENT for span in here)
    return Presence.PRESENT if in_room else Presence.REMOTE


def _span(span: Span) -> Facts:
    return {"from": moment(span.start), "until": moment(span.end), "value": span.value}


def _item(told: Past, end: Sitting, item: AgendaItem, number: int, spoken: Sequence[Speech]) -> Facts:
    title, title_en = shown_title(item)
    run, here = end.item(item.pk), [speech for speech in spoken if speech.item == item.pk]
    return {
        "item": item.pk,
        "number": number,
        "kind": item.kind,
        "title": title,
        "title_en": title_en,
        "sponsor": item.sponsor.name if item.sponsor else "",
        "sponsor_en": item.sponsor.name_en if item.sponsor else "",
        "rapporteur": item.rapporteur.full_name if item.rapporteur else "",
        "state": run.state,
        "reason": _last_reason(told.events, item.pk) if run.state == "postponed" else "",
        "on_table": [_span(span) for span in table_spans(told.events, item.pk)],
        "speeches": [_speech(told.facts, speech) for speech in here],
        "speech_seconds": total_seconds(here),
        "polls": [_poll(told, pk, poll) for pk, poll in end.polls.items() if poll.item == item.pk],
        "conclusion": run.conclusion,
        "adopted_in_block_at": moment_or_none(run.adopted_at),
        "reopened": [_reopening(event) for event in told.events if _is_reopening(event, item.pk)],
        "recusals": [_recusal(told.facts, row) for row in end.recusals if row.item == item.pk],
    }


def _is_reopening(event: Event, item: int) -> bool:
    return event.kind == "item.reopened" and bool(event.body["item"] == item)


def _reopening(event: Event) -> Facts:
    return {"at": moment(event.at), "reason": event.body["reason"]}


def _recusal(facts: LiveFacts, row: Recused) -> Facts:
    member = next(member for member in facts.members if member.pk == row.membership)
    return {**_person(facts, member), "reason": row.reason, "note": row.note, "at": moment(row.at)}


def _last_reason(events: Sequence[Event], item: int) -> str:
    reasons = [e.body["reason"] for e in events if e.kind == "item.postponed" and e.body["item"] == item]
    return str(reasons[-1])


def _speech(facts: LiveFacts, speech: Speech) -> Facts:
    member = next(row.membership for row in facts.floor if row.membership_id == speech.membership)
    return {
        **_person(facts, member),
        "from": moment(speech.start),
        "until": moment(speech.end),
        "seconds": speech.seconds,
        "kind": speech.kind,
        "substitute": speech.substitute,
    }


def _poll(told: Past, pk: int, run: PollRun) -> Facts:
    """What was asked, the verdict with its sentence, and each elector by name."""
    facts = told.polls[pk]
    view = poll_view(replace(told.facts, poll=facts))
    if view is None or run.state == "cancelled":
        question = {"question": facts.poll.question, "question_en": facts.poll.question_en}
        return {"poll": pk, "state": run.state, "reason": run.reason, **question}
    shown = dict(view)
    kept = ("state", "question", "question_en", "opened_at", "closed_at", "choices", "verdict")
    put = ("kind", "number", "amendment", "revote_of", "reason")
    return {
        "poll": pk,
        "text_sha256": facts.poll.text_sha256,
        **{name: shown[name] for name in (*kept, *put)},
        "superseded": facts.link.pk in superseded(told.facts.polls),
        "proxies": [{"name": row["name"], "acting": row["acting"]} for row in view["proxies"]],
        "results": [{**row, "name": _elector(facts, row["membership_id"])} for row in view["results"]],
        "recused": [e.name for e in facts.electors if e.entitlement == Entitlement.RECUSED],
        "roll_call": _roll_call(told.facts, pk),
    }


def _roll_call(facts: LiveFacts, poll: int) -> Facts | None:
    """Who stands for a vote that was held on paper."""
    row = next((row for row in facts.roll_calls if row.poll_id == poll), None)
    if row is None:
        return None
    view = roll_call_view(row)
    return {name: view[name] for name in ("held_at", "entered_by", "confirmed_by")}


def _elector(facts: PollFacts, membership: int) -> str:
    key = mandate_key(membership)
    return next(elector.name for elector in facts.electors if elector.mandate == key)
