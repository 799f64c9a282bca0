"""What screens show, as a function of what the database says: one pure projection per audience."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from ecabinet.accounts.enums import AgencyKind
from ecabinet.accounts.models import Appointment
from meetings.desk_view import (
    in_place_of,
    item_marks,
    pending_roll_calls,
    presenter,
    recusal_view,
    speaker_name,
    speeches,
    takes_no_part,
)
from meetings.enums import PRESENT_STATES, FloorState, ItemKind, Presence
from meetings.live_types import (
    AbsentView,
    AttendanceView,
    Audience,
    CurrentItem,
    DeskView,
    Floor,
    LiveState,
    MeetingView,
    Outcome,
    PaperView,
    ProgrammeItem,
    ProxyView,
    Seat,
    Speaker,
    Waiting,
)
from meetings.members_only import without_restricted
from meetings.models import AgendaItem, DistributionItem, FloorRequest, Meeting, Membership, Proxy
from meetings.models.agenda import ON_PAPER
from meetings.poll_view import (
    chosen_option,
    moment,
    moment_or_none,
    not_voted,
    open_to_chair,
    poll_lines,
    poll_view,
)
from meetings.queries.live import LiveFacts, live_facts
from meetings.queries.proxies import awake, on_item
from voting.models import Poll
from voting.rules import PRESETS, quorum_needed


def live_state(meeting: Meeting, audience: Audience) -> LiveState:
    """Read the database and draw up the state for one audience."""
    return project(live_facts(meeting.pk), audience)


def project(facts: LiveFacts, audience: Audience) -> LiveState:
    """Pure: the same facts give the same state."""
    if audience in ("observer", "projector"):
        facts = without_restricted(facts)
    acting = acting_in_item(facts)
    return {
        "audience": audience,
        "seq": facts.head.seq,
        "votes": facts.head.votes,
        "meeting": _meeting(facts),
        "programme": _programme(facts),
        "current": _current(facts, audience),
        "floor": _floor(facts),
        "attendance": attendance(facts),
        "seats": [_seat(facts, one, order, acting.get(one.pk)) for order, one in enumerate(facts.members)],
        "poll": poll_view(facts),
        "presenter": None if audience == "projector" else presenter(facts),
        "polls": poll_lines(facts),
        "desk": _desk(facts) if audience == "desk" else None,
    }


def _meeting(facts: LiveFacts) -> MeetingView:
    meeting = facts.meeting
    return {
        "id": meeting.pk,
        "title": meeting.title,
        "title_en": meeting.title_en,
        "body": meeting.body.name,
        "body_en": meeting.body.name_en,
        "kind": meeting.kind,
        "mode": meeting.mode,
        "state": meeting.state,
        "place": meeting.place,
        "place_en": meeting.place_en,
        "starts_at": moment(meeting.starts_at),
        "ends_at": moment(meeting.ends_at),
        "started_at": moment_or_none(meeting.started_at),
        "adjourned_at": moment_or_none(meeting.adjourned_at),
        "delay_seconds": _delay(facts),
    }


def _planned(facts: LiveFacts) -> dict[int, datetime]:
    """When each item begins if every one before keeps to its minutes."""
    plan, at = {}, facts.meeting.starts_at
    for item in facts.items:
        plan[item.pk] = at
        at += timedelta(minutes=item.minutes)
    return plan


def _delay(facts: LiveFacts) -> int:
    """Seconds behind the programme when an item was last called or ended."""
    plan, current = _planned(facts), facts.current
    if current is not None and current.started_at is not None:
        return _seconds(current.started_at - plan[current.pk])
    ended = [(item.ended_at, item) for item in facts.items if item.ended_at is not None]
    if not ended:
        return 0
    at, item = max(ended, key=lambda pair: pair[0])
    return _seconds(at - plan[item.pk]) - item.minutes * 60


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def shown_title(item: AgendaItem) -> tuple[str, str]:
    """Both titles; a placeholder for a classified matter, which never shows its name (domain, section 6)."""
    return ON_PAPER if item.kind == ItemKind.PAPER_ONLY else (item.title, item.title_en)


def _sponsor(item: AgendaItem) -> tuple[str, str]:
    return (item.sponsor.name, item.sponsor.name_en) if item.sponsor else ("", "")


def _programme(facts: LiveFacts) -> list[ProgrammeItem]:
    plan = _planned(facts)
    return [_line(facts, item, number, plan[item.pk]) for number, item in enumerate(facts.items, start=1)]


def _line(facts: LiveFacts, item: AgendaItem, number: int, planned_at: datetime) -> ProgrammeItem:
    title, title_en = shown_title(item)
    sponsor, sponsor_en = _sponsor(item)
    return {
        "id": item.pk,
        "number": number,
        "kind": item.kind,
        "title": title,
        "title_en": title_en,
        "sponsor": sponsor,
        "sponsor_en": sponsor_en,
        "rapporteur": item.rapporteur.full_name if item.rapporteur else "",
        "consent": item.consent,
        "minutes": item.minutes,
        "state": item.state,
        "planned_at": moment(planned_at),
        "started_at": moment_or_none(item.started_at),
        "ended_at": moment_or_none(item.ended_at),
        "has_conclusion": bool(item.conclusion),
        "wishes_to_speak": facts.wishes.get(item.pk, 0),
        "outcome": _outcome(facts.outcomes.get(item.pk)),
        "marks": item_marks(facts, item),
    }


def _outcome(poll: Poll | None) -> Outcome | None:
    if poll is None or poll.verdict is None:
        return None
    verdict: dict[str, Any] = poll.verdict
    chosen, chosen_en = chosen_option(verdict)
    told: Outcome = {
        "poll_id": poll.pk,
        "adopted": verdict["adopted"],
        "in_favour": verdict["in_favour"],
        "base": verdict["base"],
    }
    return {**told, "chosen": chosen, "chosen_en": chosen_en} if chosen else told


def _current(facts: LiveFacts, audience: Audience) -> CurrentItem | None:
    item = facts.current
    if item is None:
        return None
    title, title_en = shown_title(item)
    sponsor, sponsor_en = _sponsor(item)
    office, office_en = office_of(facts, item.rapporteur_id)
    papers = () if audience == "projector" else facts.papers
    draft = facts.draft
    return {
        "id": item.pk,
        "number": facts.items.index(item) + 1,
        "kind": item.kind,
        "title": title,
        "title_en": title_en,
        "sponsor": sponsor,
        "sponsor_en": sponsor_en,
        "rapporteur": item.rapporteur.full_name if item.rapporteur else "",
        "rapporteur_office": office,
        "rapporteur_office_en": office_en,
        "minutes": item.minutes,
        "started_at": moment_or_none(item.started_at),
        "papers": [_paper(paper) for paper in papers],
        "draft": _paper(draft) if draft and papers else None,
        "conclusion": item.conclusion,
    }


def _paper(paper: DistributionItem) -> PaperView:
    version, document = paper.version, paper.version.document
    return {
        "version_id": version.pk,
        "role": document.role,
        "title": document.title,
        "title_en": document.title_en,
        "version": version.number,
        "pages": version.pages,
    }


def office_of(facts: LiveFacts, user_id: int | None) -> tuple[str, str]:
    """The office a person speaks in, in both languages: the mandate's, else the principal appointment's."""
    member = facts.people.get(user_id or 0)
    if member is not None and member.office:
        return member.office, member.office_en
    appointment = facts.appointments.get(user_id or 0)
    return (appointment.position.title, appointment.position.title_en) if appointment else ("", "")


def _floor(facts: LiveFacts) -> Floor:
    current = facts.current
    here = [row for row in facts.floor if current and row.item_id == current.pk]
    speaking = next((row for row in here if row.state == FloorState.SPEAKING), None)
    queue = [row for row in here if row.state == FloorState.WAITING]
    minutes = facts.meeting.body.minutes_per_speech
    return {
        "speaker": _speaker(facts, speaking) if speaking else None,
        "queue": [_waiting(facts, row) for row in queue],
        "minutes_per_speech": minutes,
        "wait_seconds": len(queue) * minutes * 60,
    }


def _spoken(facts: LiveFacts, membership_id: int) -> tuple[int, int]:
    """How long and how often the mandate has spoken in this meeting, finished speeches only."""
    spans = [
        row.ended_at - row.given_at
        for row in facts.floor
        if row.membership_id == membership_id and row.given_at and row.ended_at
    ]
    return _seconds(sum(spans, timedelta())), len(spans)


def _speaker(facts: LiveFacts, row: FloorRequest) -> Speaker:
    seconds, times = _spoken(facts, row.membership_id)
    office, office_en = office_of(facts, row.membership.user_id)
    given_at = row.given_at or row.requested_at
    ends_at = row.ends_at or given_at
    return {
        "request_id": row.pk,
        "membership_id": row.membership_id,
        "name": speaker_name(row),
        "office": office,
        "office_en": office_en,
        "kind": row.kind,
        "in_place_of": in_place_of(row),
        "given_at": moment(given_at),
        "ends_at": moment(ends_at),
        "allotted_seconds": _seconds(ends_at - given_at),
        "spoken_seconds": seconds,
        "times": times,
    }


def _waiting(facts: LiveFacts, row: FloorRequest) -> Waiting:
    seconds, times = _spoken(facts, row.membership_id)
    office, office_en = office_of(facts, row.membership.user_id)
    return {
        "request_id": row.pk,
        "membership_id": row.membership_id,
        "name": speaker_name(row),
        "office": office,
        "office_en": office_en,
        "kind": row.kind,
        "in_place_of": in_place_of(row),
        "requested_at": moment(row.requested_at),
        "spoken_seconds": seconds,
        "times": times,
    }


def presence_of(facts: LiveFacts, membership_id: int) -> str:
    row = facts.attendances.get(membership_id)
    return row.presence if row else Presence.EXPECTED


def attendance(facts: LiveFacts) -> AttendanceView:
    """Counted by mandates that vote; the quorum of the body's rule."""
    presences = [presence_of(facts, member.pk) for member in facts.members]
    present = sum(presence in PRESENT_STATES for presence in presences)
    represented, body = len(acting_now(facts)), facts.meeting.body
    counted = present + (represented if body.proxies_in_quorum else 0)
    needed = quorum_needed(PRESETS[body.rule_preset], len(facts.members))
    return {
        "members": len(facts.members),
        "present": present,
        "remote": presences.count(Presence.REMOTE),
        "needed": needed,
        "quorate": counted >= needed > 0,
        "represented": represented,
    }


def acting_now(facts: LiveFacts) -> dict[int, Membership]:
    """Who acts for whom as people are here now, by represented membership."""
    voting = {member.pk for member in facts.members}
    here = {pk for pk in voting if presence_of(facts, pk) in PRESENT_STATES}
    return awake(facts.proxies, limit=facts.meeting.body.proxies, voting=voting, here=here)


def acting_in_item(facts: LiveFacts) -> dict[int, Membership]:
    """Who would act for whom if a poll opened now on the item on the table."""
    recused = {member.pk for member in facts.members if takes_no_part(facts, member.pk)}
    return on_item(acting_now(facts), recused)


def _seat(facts: LiveFacts, member: Membership, order: int, acting: Membership | None) -> Seat:
    office, office_en = office_of(facts, member.user_id)
    return {
        "membership_id": member.pk,
        "name": member.user.full_name,
        "office": office,
        "office_en": office_en,
        "label": seat_label(office, facts.appointments.get(member.user_id)),
        "order": order,
        "role": member.role,
        "presence": presence_of(facts, member.pk),
        "recused": takes_no_part(facts, member.pk),
        "proxy": acting.user.full_name if acting else "",
    }


def seat_label(office: str, appointment: Appointment | None) -> str:
    """BTC for a minister of finance (the agency's sign), PTTg for a deputy prime minister (initials)."""
    agency = appointment.position.agency if appointment else None
    if agency is not None and agency.abbreviation and agency.kind != AgencyKind.GOVERNMENT:
        return agency.abbreviation
    # “Thủ tướng Chính phủ” is TTg in a seat: with its agency it would read like the Inspectorate's sign.
    own = agency.name if agency is not None else ""
    return _initials(office.removesuffix(own))


def _initials(office: str) -> str:
    """The first letters; “Thủ tướng” is written TTg (Decree 30/2020)."""
    parts = ("".join(word[0].upper() for word in part.split()) for part in office.split("Thủ tướng"))
    return "TTg".join(parts)[:4]


def _proxy(proxy: Proxy, acting: Collection[int]) -> ProxyView:
    return {
        "id": proxy.pk,
        "represented": proxy.represented_id,
        "acting": proxy.acting_id,
        "note": proxy.note,
        "asleep": proxy.represented_id not in acting,
    }


def _desk(facts: LiveFacts) -> DeskView:
    between, acting = open_to_chair(facts.poll) if facts.poll else [], acting_in_item(facts)
    absences: list[AbsentView] = [
        {"membership_id": row.membership_id, "reason": row.reason, "substitute": row.substitute}
        for row in facts.attendances.values()
        if row.presence == Presence.ABSENT
    ]
    return {
        "not_voted": not_voted(facts.poll) if facts.poll else [],
        "chair_must_decide": bool(between),
        "chair_choices": between,
        "proxies": [_proxy(proxy, acting) for proxy in facts.proxies],
        "proxies_allowed": facts.meeting.body.proxies,
        "absences": sorted(absences, key=lambda row: row["membership_id"]),
        "stances": facts.stances,
        "recusals": [recusal_view(row) for row in facts.recusals],
        "roll_calls": pending_roll_calls(facts),
        "speeches": speeches(facts),
    }
