"""The files of minutes: the printed page that is signed, extracts of one item, what is put away with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from archive.rules import EventSpec, FileSpec
from ecabinet.common import blobs, clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.pdf import Attachment, render, render_pdf
from meetings.actions.minutes_way import SECRETARY_FIELD
from meetings.decision_files import code_picture, event_log, local_iso
from meetings.minutes_text import ItemText, MinutesText, minutes_text
from meetings.models import Minutes
from meetings.rules.titles import minutes_title
from signing.prepare import PERSON_FIELD, Slot, add_signature_fields

CHAIR_PLACE, SECRETARY_PLACE = "signature", "secretary"
FACTS_NAME = "minutes.json"


@dataclass(frozen=True)
class MinutesPage:
    """Everything the printed form shows (Decree 30/2020, annex III: minutes)."""

    agency: str
    notation: str
    place: str
    on: date
    text: MinutesText
    chair_title: str
    chair_name: str
    secretary_title: str
    secretary_name: str
    sealed_at: str
    verify_url: str
    verify_code: str


def printed(minutes: Minutes) -> str:
    """Print the approved version with its two empty signature fields; returns the file's SHA-256.

    The page is always in the State's language, whatever the screen of the one who asked.
    """
    with translation.override(settings.LANGUAGE_CODE):
        page = page_of(minutes)
        html = render_to_string("documents/minutes.html", {"page": page})
        title = f"{minutes.notation} {minutes_title(minutes.meeting.title, '')[0]}"
        facts = Attachment(FACTS_NAME, minutes_json(minutes), "Facts and words of the minutes")
        sheet = render(html, lang=settings.LANGUAGE_CODE, title=title, attachments=[facts])
        words = _("Signature of %(name)s")
        names = (
            (SECRETARY_FIELD, SECRETARY_PLACE, page.secretary_name),
            (PERSON_FIELD, CHAIR_PLACE, page.chair_name),
        )
        slots = [
            Slot(field, sheet.places[at].page, sheet.places[at].box, words % {"name": name})
            for field, at, name in names
        ]
    return blobs.put_bytes(add_signature_fields(sheet.data, slots))


def page_of(minutes: Minutes) -> MinutesPage:
    agency = minutes.meeting.body.agency
    address = f"{settings.BASE_URL}/verify/{minutes.verify_code}/"
    return MinutesPage(
        agency=agency.name,
        notation=minutes.notation,
        place=agency.place,
        on=minutes.issued_on or clock.today(),
        text=text_of(minutes),
        chair_title=minutes.chair_title,
        chair_name=minutes.chair.full_name if minutes.chair else "",
        secretary_title=minutes.secretary_title,
        secretary_name=minutes.secretary.full_name if minutes.secretary else "",
        sealed_at=local_iso(clock.now()),
        verify_url=address,
        verify_code=code_picture(address),
    )


def text_of(minutes: Minutes) -> MinutesText:
    """The version that was circulated last, in the active language."""
    if minutes.current is None:
        raise ValueError("these minutes were never circulated")
    return minutes_text(minutes.current.facts, minutes.current.prose)


def extract(minutes: Minutes, item: ItemText) -> bytes:
    """One item of the minutes as a PDF: its facts, the secretariat's words, the conclusion."""
    page, language = page_of(minutes), settings.LANGUAGE_CODE
    html = render_to_string("documents/minutes_extract.html", {"page": page, "item": item})
    return render_pdf(html, lang=language, title=f"{page.notation} {item.number}. {item.title}")


def minutes_json(minutes: Minutes) -> bytes:
    """Facts and words as canonical JSON: what a machine needs to file and check them."""
    version = minutes.current
    if version is None:
        raise ValueError("these minutes were never circulated")
    kept = {"facts": version.facts, "prose": version.prose, "sha256": version.sha256}
    return canonical_json({"notation": minutes.notation, "version": version.number, **kept})


def outcome_files(minutes: Minutes) -> list[FileSpec]:
    """What is put away beside the signed file: facts and words for machines, the whole log."""
    sha256 = blobs.put_bytes(minutes_json(minutes))
    return [
        FileSpec(f"data/{FACTS_NAME}", "outcome", sha256, "application/json"),
        event_log(minutes.meeting_id),
    ]


def outcome_events(minutes: Minutes) -> list[EventSpec]:
    """What happened to the file before its deposit, in PREMIS terms."""
    kind, agency = "digital signature generation", minutes.meeting.body.agency.name
    signers = (
        (minutes.secretary_signed_at, minutes.secretary_title, minutes.secretary),
        (minutes.signed_at, minutes.chair_title, minutes.chair),
    )
    return [
        EventSpec("creation", minutes.created_at.isoformat(), minutes.notation, agency),
        *(EventSpec(kind, at.isoformat(), title, str(who)) for at, title, who in signers if at),
        EventSpec(
            kind,
            minutes.sealed_at.isoformat() if minutes.sealed_at else "",
            "organisation seal, B-LTA",
            agency,
        ),
    ]
