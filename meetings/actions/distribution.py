"""Sending the papers out: exactly which versions, to whom, when, signed by the agency."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.canonical import canonical_json
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger.actions import record
from meetings.actions.guards import must_prepare, stale
from meetings.enums import ItemKind, MeetingState
from meetings.models import (
    AgendaItem,
    Distribution,
    DistributionItem,
    DistributionRecipient,
    DocumentVersion,
    Meeting,
    Membership,
)
from meetings.queries.programme import newest_versions
from meetings.queries.readiness import Readiness, agenda_of, readiness, recipients_of
from meetings.rules import Change, compare_versions
from signing import actions as signing
from signing.queries import organisation_certificate

FORMAT = "ecabinet-distribution/1"
OPEN = (MeetingState.PREPARING, MeetingState.DISTRIBUTED, MeetingState.IN_SESSION)


@dataclass(frozen=True)
class _Contents:
    """What goes out: the agenda, its papers and the mandates they are addressed to."""

    items: Sequence[AgendaItem]
    papers: Sequence[DocumentVersion]
    recipients: Sequence[Membership]

    def of(self, item: AgendaItem) -> list[DocumentVersion]:
        return [version for version in self.papers if version.document.dossier.item_id == item.pk]


@transaction.atomic
def distribute(*, actor: User, meeting: Meeting, note: str = "", number: int | None = None) -> Distribution:
    """Send the newest version of every paper on the agenda to the members, as a signed manifest.

    ``number`` is the distribution the actor confirmed on the screen (the last one's plus one): sending the
    same confirmation twice gives the same distribution, and 409 ``stale`` if somebody else was faster.
    Refuses with 422 ``not_ready`` while a check blocks, and ``note_missing`` when a check asks for a reason.
    """
    must_prepare(actor, meeting.body)
    locked = Meeting.objects.select_for_update().select_related("body__agency").get(pk=meeting.pk)
    last = locked.distributions.first()
    if number is not None and last is not None and number <= last.number:
        return _repeated(actor, last, number)
    if locked.state not in OPEN:
        raise WrongState("meeting_over", _("The meeting is over: nothing more can be distributed for it."))
    _refuse_unready(readiness(locked), note)
    items = agenda_of(locked)
    contents = _Contents(items, newest_versions(items), list(recipients_of(locked)))
    return _write(actor, locked, last, contents, note=note.strip())


def _repeated(actor: User, last: Distribution, number: int) -> Distribution:
    if number == last.number and last.distributed_by_id == actor.pk:
        return last
    raise stale()


def _refuse_unready(state: Readiness, note: str) -> None:
    if state.stops:
        words = [_in_words(check.item, check.sentence) for check in state.stops]
        raise DomainError("not_ready", " ".join(words), 422, checks=words)
    if state.wants_reason and not note.strip():
        reasons = " ".join(check.sentence for check in state.checks if check.wants_reason)
        raise DomainError("note_missing", reasons, 422)


def _in_words(item: int | None, sentence: str) -> str:
    return _("Item %(number)s: %(sentence)s") % {"number": item, "sentence": sentence} if item else sentence


def _write(
    actor: User, meeting: Meeting, last: Distribution | None, contents: _Contents, *, note: str
) -> Distribution:
    at = clock.now()
    number = last.number + 1 if last else 1
    manifest = canonical_json(_manifest(meeting, contents, number=number, note=note, at=at))
    distribution = Distribution.objects.create(
        meeting=meeting,
        number=number,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        signature=signing.sign_bytes(
            certificate=organisation_certificate(meeting.body.agency), data=manifest
        ),
        changes=_changes(last, contents),
        note=note,
        distributed_by=actor,
        distributed_at=at,
    )
    _write_rows(distribution, contents)
    _mark_distributed(meeting)
    _record(actor, distribution, contents)
    return distribution


def _write_rows(distribution: Distribution, contents: _Contents) -> None:
    by_item = [(item, version) for item in contents.items for version in contents.of(item)]
    DistributionItem.objects.bulk_create(
        DistributionItem(distribution=distribution, item=item, version=version, sort_order=place)
        for place, (item, version) in enumerate(by_item)
    )
    DistributionRecipient.objects.bulk_create(
        DistributionRecipient(distribution=distribution, membership=membership)
        for membership in contents.recipients
    )


def _mark_distributed(meeting: Meeting) -> None:
    if meeting.state == MeetingState.PREPARING:
        meeting.state = MeetingState.DISTRIBUTED
        meeting.save(update_fields=["state"])


def _record(actor: User, distribution: Distribution, contents: _Contents) -> None:
    record(
        actor=actor,
        act="distribution.made",
        subject=f"distribution:{distribution.pk}",
        digest=distribution.manifest_sha256,
        details={
            "meeting": distribution.meeting_id,
            "number": distribution.number,
            "papers": len(contents.papers),
            "recipients": len(contents.recipients),
        },
    )


def _changes(last: Distribution | None, contents: _Contents) -> dict[str, list[int]]:
    """Version ids that are new, replace an earlier version, or are no longer there since the last time."""
    after = {version.document_id: version.pk for version in contents.papers}
    change = _compare(last, after)
    return {"added": list(change.added), "changed": list(change.changed), "removed": list(change.removed)}


def _compare(last: Distribution | None, after: dict[int, int]) -> Change:
    if last is None:
        return Change((), {}, ())
    before = dict(last.papers.values_list("version__document_id", "version_id"))
    return compare_versions(before, after)


def _manifest(
    meeting: Meeting, contents: _Contents, *, number: int, note: str, at: datetime
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "number": number,
        "at": at.isoformat(timespec="seconds"),
        "note": note,
        "meeting": {
            "id": meeting.pk,
            "body": meeting.body.name,
            "agency": meeting.body.agency.code,
            "title": meeting.title,
            "starts_at": meeting.starts_at.isoformat(timespec="seconds"),
        },
        "items": [_item_entry(place, item, contents) for place, item in enumerate(contents.items, start=1)],
        "recipients": [_recipient_entry(membership) for membership in contents.recipients],
    }


def _item_entry(place: int, item: AgendaItem, contents: _Contents) -> dict[str, object]:
    """One item; a classified one goes without its title (domain, section 6)."""
    return {
        "id": item.pk,
        "number": place,
        "kind": item.kind,
        "title": "" if item.kind == ItemKind.PAPER_ONLY else item.title,
        "minutes": item.minutes,
        "papers": [_paper_entry(version) for version in contents.of(item)],
    }


def _paper_entry(version: DocumentVersion) -> dict[str, object]:
    return {
        "version": version.pk,
        "number": version.number,
        "role": version.document.role,
        "title": version.document.title,
        "sha256": version.sha256,
        "size": version.size,
        "pages": version.pages,
    }


def _recipient_entry(membership: Membership) -> dict[str, object]:
    return {"membership": membership.pk, "name": membership.user.full_name, "office": membership.office}
