"""The files of a decision: the printed page that is signed, and what is put away with it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive.appendices import APPENDICES, OUTCOME_NAME
from archive.enums import FileRole
from archive.rules import EventSpec, FileSpec, safe_name
from ecabinet.common import blobs, clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.pdf import Attachment, render
from meetings.enums import DecisionType
from meetings.models import Decision, DecisionAppendix, DistributionItem, ItemPoll, LiveEvent, RollCall
from meetings.queries.polls import closed_polls, superseded
from meetings.rules import Block, abstract_under, decision_blocks
from signing.prepare import add_signature_field
from voting import queries as polls
from voting.models import Poll

SIGNATURE_PLACE = "signature"


@dataclass(frozen=True)
class DecisionPage:
    """Everything the printed form shows (Decree 30/2020, annex I)."""

    agency: str
    notation: str
    place: str
    on: date
    type_name: str
    abstract: str
    blocks: tuple[Block, ...]
    signer_title: str
    signer_name: str
    recipients: tuple[str, ...]
    sealed_at: str  # ISO 8601 with the site's offset
    verify_url: str
    appendices: tuple[DecisionAppendix, ...]
    verify_code: str  # the same as a code to scan, as a data URI


def printed(decision: Decision) -> str:
    """Print the decision with its empty signature field; returns the stored file's SHA-256.

    The page is always in the State's language, whatever the screen of the one who asked.
    """
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("documents/decision.html", {"page": page_of(decision)})
        outcome = Attachment(OUTCOME_NAME, outcome_json(decision), "Machine-readable outcome")
        title = f"{decision.notation} {decision.abstract}"
        sheet = render(html, lang=settings.LANGUAGE_CODE, title=title, attachments=[outcome])
        tooltip = _("Signature of %(name)s") % {"name": decision.signer.full_name}
    place = sheet.places[SIGNATURE_PLACE]
    return blobs.put_bytes(add_signature_field(sheet.data, page=place.page, box=place.box, tooltip=tooltip))


def page_of(decision: Decision) -> DecisionPage:
    agency = decision.item.meeting.body.agency
    type_name = str(DecisionType(decision.type).label)
    address = f"{settings.BASE_URL}/verify/{decision.verify_code}/"
    return DecisionPage(
        agency=agency.name,
        notation=decision.notation,
        place=agency.place,
        on=decision.issued_on,
        type_name=type_name,
        abstract=abstract_under(type_name, decision.abstract),
        blocks=decision_blocks(decision.content),
        signer_title=decision.signer_title,
        signer_name=decision.signer.full_name,
        recipients=tuple(line.strip() for line in decision.recipients.splitlines() if line.strip()),
        sealed_at=local_iso(clock.now()),
        verify_url=address,
        appendices=tuple(decision.appendices.all()),
        verify_code=code_picture(address),
    )


def outcome_json(decision: Decision) -> bytes:
    """The outcome as canonical JSON: what a machine needs to file and check it."""
    poll = decision.poll
    return canonical_json(
        {
            "format": "ecabinet-outcome/1",
            "notation": decision.notation,
            "type": decision.type,
            "issued_on": decision.issued_on.isoformat(),
            "agency": decision.item.meeting.body.agency.code,
            "abstract": decision.abstract,
            "signer": {"name": decision.signer.full_name, "title": decision.signer_title},
            "verify_code": decision.verify_code,
            "poll": {"text_sha256": poll.text_sha256, "verdict": poll.verdict} if poll else None,
            "adopted_without_discussion": _adoption(decision),
            APPENDICES: [
                {"number": each.number, "title": each.title, "pages": each.pages, "sha256": each.sha256}
                for each in decision.appendices.all()
            ],
        }
    )


def _adoption(decision: Decision) -> dict[str, str] | None:
    block = decision.adoption
    return {"text_sha256": block.text_sha256, "at": block.adopted_at.isoformat()} if block else None


def outcome_files(decision: Decision) -> list[FileSpec]:
    """What is put away beside the signed file: papers, ballots and verdict, the item's events."""
    return [*_appendices(decision), *_papers(decision), *_vote(decision), event_log(decision.item.meeting_id)]


def outcome_events(decision: Decision) -> list[EventSpec]:
    """What happened to the file before its deposit, in PREMIS terms."""
    agency = decision.item.meeting.body.agency.name
    signed, sealed = _iso(decision.signed_at), _iso(decision.sealed_at)
    return [
        EventSpec("creation", decision.created_at.isoformat(), decision.notation, agency),
        EventSpec("digital signature generation", signed, decision.signer_title, decision.signer.full_name),
        EventSpec("digital signature generation", sealed, "organisation seal, B-LTA", agency),
    ]


def _appendices(decision: Decision) -> Iterator[FileSpec]:
    for each in decision.appendices.all():
        path = f"data/appendices/{each.number:02d}-{safe_name(each.title)[:80]}.pdf"
        yield FileSpec(path, FileRole.APPENDIX, each.sha256, title=each.title)


def _papers(decision: Decision) -> Iterator[FileSpec]:
    """The versions that were before the members when they voted: those of the last distribution."""
    sent = DistributionItem.objects.filter(item=decision.item).select_related(
        "version__document", "distribution"
    )
    last = max((row.distribution.number for row in sent), default=0)
    for row in (row for row in sent if row.distribution.number == last):
        version = row.version
        name = safe_name(f"{version.document.role}-{version.document_id}-v{version.number}")
        yield FileSpec(f"data/papers/{name}.pdf", version.document.role, version.sha256, title=str(version))


def _vote(decision: Decision) -> Iterator[FileSpec]:
    if decision.poll is None:
        return
    links = closed_polls(decision.item)
    gone = superseded(links)
    # What decided first; then everything else that was voted on, in order, those taken again too.
    yield _json("data/vote.json", "vote", _poll_data(decision.poll.item_poll))
    others = [link for link in links if link.poll_id != decision.poll_id]
    if others:
        data = [{**_poll_data(link), "superseded": link.pk in gone} for link in others]
        yield _json("data/votes-before.json", "vote", {"polls": data})


def _poll_data(link: ItemPoll) -> dict[str, object]:
    """One vote with all it takes to check it: what was put, the rule, each ballot, the result."""
    poll = link.poll
    ballots = [
        {
            "mandate": ballot.elector.mandate,
            "name": ballot.elector.name,
            "choice": ballot.choice,
            "cast_at": ballot.cast_at.isoformat(),
            # Whose hand it was where another member acted for the mandate.
            **({"cast_by": ballot.elector.proxy_name} if ballot.elector.proxy_id else {}),
        }
        for ballot in polls.current_ballots(poll).order_by("elector__order", "elector_id")
    ]
    return {
        "kind": link.kind,
        "number": link.number,
        "question": poll.question,
        "text_sha256": poll.text_sha256,
        "basis": link.basis,
        "mode": poll.mode,
        "rule": poll.rule,
        "verdict": poll.verdict,
        "ballots": ballots,
        "roll_call": _roll_call(poll),
        **({"reason": link.reason} if link.revote_of_id else {}),
    }


def _roll_call(poll: Poll) -> dict[str, str] | None:
    """Who stands for a vote that was held on paper."""
    row = RollCall.objects.filter(poll=poll).select_related("entered_by", "confirmed_by").first()
    if row is None or row.confirmed_by is None:
        return None
    return {
        "held_at": row.sheet["held_at"],
        "entered_by": row.entered_by.full_name,
        "confirmed_by": row.confirmed_by.full_name,
        "digest": row.digest,
    }


def event_log(meeting_id: int) -> FileSpec:
    """The whole log of the sitting, as JSON."""
    events = LiveEvent.objects.filter(meeting=meeting_id).order_by("seq")
    rows = [
        {"seq": e.seq, "kind": e.kind, "body": e.body, "actor": e.actor_id, "at": e.at.isoformat()}
        for e in events
    ]
    return _json("data/events.json", "event log", {"meeting": meeting_id, "events": rows})


def _json(path: str, role: str, data: object) -> FileSpec:
    return FileSpec(path, role, blobs.put_bytes(canonical_json(data)), "application/json")


def code_picture(address: str) -> str:
    """The address as a code to scan, as a data URI."""
    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=0)
    out = io.BytesIO()
    picture.save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def local_iso(moment: datetime) -> str:
    """ISO 8601 with the site's offset."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
