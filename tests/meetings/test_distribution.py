"""Exactly which versions go to whom, signed; a change is a new distribution."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from asn1crypto import cms

from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import agenda, dossiers
from meetings.actions.distribution import distribute
from meetings.enums import ItemKind, MeetingState
from meetings.models import Distribution, DocumentVersion, Meeting
from meetings.permissions import can_read_meeting, can_read_version
from meetings.queries.readiness import readiness
from tests import cast as casting
from tests.cast import Cast


@pytest.fixture
def versions(cast: Cast, meeting: Meeting, tmp_path: Path) -> list[DocumentVersion]:
    return casting.complete(cast, casting.item(cast, meeting), tmp_path)[1]


def test_manifest_names_versions_and_recipients(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    made = distribute(actor=cast.clerk, meeting=meeting)
    manifest = json.loads(bytes(made.manifest))
    papers = [paper["sha256"] for row in manifest["items"] for paper in row["papers"]]
    assert papers == [version.sha256 for version in versions]
    assert [row["name"] for row in manifest["recipients"]] == ["Chair", "Member", "Second"]
    assert made.manifest_sha256 == hashlib.sha256(bytes(made.manifest)).hexdigest()
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.DISTRIBUTED


def test_manifest_is_signed_by_the_agency_and_recorded(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    made = distribute(actor=cast.clerk, meeting=meeting)
    signed = cms.ContentInfo.load(bytes(made.signature))["content"]
    attributes = {a["type"].native: a["values"][0] for a in signed["signer_infos"][0]["signed_attrs"]}
    assert attributes["message_digest"].native == hashlib.sha256(bytes(made.manifest)).digest()
    entry = LedgerEntry.objects.get(act="distribution.made")
    assert json.loads(bytes(entry.body))["digest"] == made.manifest_sha256


def test_members_see_only_what_was_addressed_to_them(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    paper = versions[0]
    assert can_read_version(cast.clerk, paper)
    assert not can_read_version(cast.member, paper)
    assert not can_read_meeting(cast.member, meeting)
    distribute(actor=cast.clerk, meeting=meeting)
    meeting.refresh_from_db()
    assert can_read_version(cast.member, paper)
    assert can_read_meeting(cast.member, meeting)
    assert not can_read_version(cast.outsider, paper)
    assert not can_read_meeting(cast.outsider, meeting)


def test_a_new_version_stays_with_the_secretariat_until_distributed(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion], tmp_path: Path
) -> None:
    distribute(actor=cast.clerk, meeting=meeting)
    changed = casting.pdf(tmp_path, "statement-new.pdf", pages=3)
    new = dossiers.add_version(actor=cast.clerk, document=versions[0].document, path=changed)
    assert not can_read_version(cast.member, new)
    second = distribute(actor=cast.clerk, meeting=meeting)
    assert can_read_version(cast.member, new)
    assert second.number == 2
    assert second.changes == {"added": [], "changed": [new.pk], "removed": []}


def test_a_postponed_item_is_told_as_removed(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion], tmp_path: Path
) -> None:
    other = casting.item(cast, meeting, "Khác")
    _dossier, others = casting.complete(cast, other, tmp_path)
    distribute(actor=cast.clerk, meeting=meeting)
    agenda.postpone_item(actor=cast.clerk, item=other)
    second = distribute(actor=cast.clerk, meeting=meeting)
    assert second.changes["removed"] == [version.pk for version in others]


def test_sent_twice_is_one_distribution(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    first = distribute(actor=cast.clerk, meeting=meeting, number=1)
    again = distribute(actor=cast.clerk, meeting=meeting, number=1)
    assert first == again
    assert Distribution.objects.count() == 1


def test_somebody_else_was_faster(cast: Cast, meeting: Meeting, versions: list[DocumentVersion]) -> None:
    distribute(actor=cast.clerk, meeting=meeting, number=1)
    colleague = casting.person("Colleague")
    position = cast.clerk.appointments.get().position
    casting.accounts.appoint(actor=None, user=colleague, position=position, starts_on=casting.LONG_AGO)
    with pytest.raises(WrongState) as refusal:
        distribute(actor=colleague, meeting=meeting, number=1)
    assert refusal.value.code == "stale"


@pytest.mark.parametrize("who", ["chair", "member", "outsider", "manager"])
def test_only_the_secretariat_distributes(cast: Cast, meeting: Meeting, who: str) -> None:
    with pytest.raises(Denied):
        distribute(actor=getattr(cast, who), meeting=meeting)


def test_missing_papers_block(cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
    casting.item(cast, meeting)
    with pytest.raises(DomainError) as refusal:
        distribute(actor=cast.clerk, meeting=meeting)
    assert refusal.value.code == "not_ready"
    assert len(refusal.value.details["checks"]) == 2
    assert not Distribution.objects.exists()


def test_a_document_without_a_file_blocks(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    dossier = versions[0].document.dossier
    dossiers.add_document(actor=cast.clerk, dossier=dossier, role="appendix", title="Phụ lục")
    assert [check.finding.code for check in readiness(meeting).stops] == ["unfinished"]


def test_late_papers_need_a_reason(cast: Cast, tmp_path: Path) -> None:
    soon = casting.meeting(cast, days=1)
    casting.complete(cast, casting.item(cast, soon), tmp_path)
    with pytest.raises(DomainError) as refusal:
        distribute(actor=cast.clerk, meeting=soon)
    assert refusal.value.code == "note_missing"
    assert distribute(actor=cast.clerk, meeting=soon, note="Việc khẩn").note == "Việc khẩn"


def test_a_paper_only_item_goes_out_without_its_title(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    casting.item(cast, meeting, "Tên không được lộ", ItemKind.PAPER_ONLY)
    made = distribute(actor=cast.clerk, meeting=meeting)
    assert "Tên không được lộ" not in bytes(made.manifest).decode()


def test_nothing_is_distributed_for_a_cancelled_meeting(
    cast: Cast, meeting: Meeting, versions: list[DocumentVersion]
) -> None:
    agenda.cancel_meeting(actor=cast.clerk, meeting=meeting, reason="Bão")
    with pytest.raises(WrongState) as refusal:
        distribute(actor=cast.clerk, meeting=meeting)
    assert refusal.value.code == "meeting_over"
