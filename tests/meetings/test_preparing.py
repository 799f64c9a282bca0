"""Agendas, dossiers, positions and receipts: who may, in which state, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecabinet.accounts.tokens import tokens_of
from ecabinet.common import blobs
from ecabinet.common.clock import today
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.models import LedgerEntry
from meetings import permissions
from meetings.actions import agenda, bodies, dossiers, positions, reading
from meetings.actions.distribution import distribute
from meetings.enums import ItemKind, MembershipRole, Stance
from meetings.models import AgendaItem, Body, DocumentVersion, Meeting, ReadReceipt
from meetings.queries import programme
from meetings.queries.programme import Mark
from tests import cast as casting
from tests.cast import Cast

CAN = {
    "clerk": {"can_prepare", "can_run_desk", "can_read_meeting"},
    "chair": {"can_run_desk", "can_vote", "can_chair"},
    "member": {"can_vote"},
    "outsider": set(),
    "manager": set(),
}


@pytest.mark.parametrize("who", CAN)
def test_who_may_what_before_distribution(cast: Cast, meeting: Meeting, who: str) -> None:
    user = getattr(cast, who)
    names = ("can_run_desk", "can_vote", "can_chair", "can_read_meeting")
    held = {name for name in names if getattr(permissions, name)(user, meeting)}
    held |= {"can_prepare"} if permissions.can_prepare(user, meeting.body) else set()
    assert held == CAN[who]


def test_a_mandate_that_ended_ends_everything(cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
    _dossier, versions = casting.complete(cast, casting.item(cast, meeting), tmp_path)
    distribute(actor=cast.clerk, meeting=meeting)
    membership = permissions.membership_of(cast.member, cast.body)
    assert membership is not None
    assert f"body:{cast.body.pk}" in tokens_of(cast.member)
    bodies.end_membership(actor=cast.manager, membership=membership, on=casting.LONG_AGO)
    assert not permissions.can_read_version(cast.member, versions[0])
    assert not permissions.can_vote(cast.member, meeting)
    assert f"body:{cast.body.pk}" not in tokens_of(cast.member)


def test_unknown_voting_rules_are_refused(cast: Cast) -> None:
    body = Body.objects.get()
    body.rule_preset = "dice"
    with pytest.raises(DomainError) as refusal:
        bodies.save_body(actor=cast.clerk, body=body)
    assert refusal.value.code == "unknown_preset"
    with pytest.raises(Denied):
        bodies.add_member(
            actor=cast.member, body=body, user=cast.outsider, role=MembershipRole.MEMBER, starts_on=today()
        )


def test_order_by_ids_and_by_steps(cast: Cast, meeting: Meeting) -> None:
    ids = [casting.item(cast, meeting, title).pk for title in "abc"]
    agenda.reorder(actor=cast.clerk, meeting=meeting, ids=ids[::-1], seen=ids)
    agenda.move(actor=cast.clerk, item=AgendaItem.objects.get(pk=ids[0]), steps=-1)
    agenda.move(actor=cast.clerk, item=AgendaItem.objects.get(pk=ids[2]), steps=-1)
    assert list(meeting.items.order_by("sort_order").values_list("pk", flat=True)) == [ids[2], ids[0], ids[1]]


def test_two_clerks_order_at_once(cast: Cast, meeting: Meeting) -> None:
    ids = [casting.item(cast, meeting, title).pk for title in "abc"]
    agenda.reorder(actor=cast.clerk, meeting=meeting, ids=ids[::-1], seen=ids)
    with pytest.raises(WrongState) as refusal:
        agenda.reorder(actor=cast.clerk, meeting=meeting, ids=[ids[1], ids[0], ids[2]], seen=ids)
    assert refusal.value.code == "stale"
    assert list(meeting.items.order_by("sort_order").values_list("pk", flat=True)) == ids[::-1]


@pytest.mark.parametrize("ids", [[], [1, 1], [999_999]])
def test_an_order_must_name_every_item_once(cast: Cast, meeting: Meeting, ids: list[int]) -> None:
    casting.item(cast, meeting)
    with pytest.raises(WrongState):
        agenda.reorder(actor=cast.clerk, meeting=meeting, ids=ids)


def test_a_cancelled_meeting_is_closed(cast: Cast, meeting: Meeting) -> None:
    item = casting.item(cast, meeting)
    with pytest.raises(DomainError):
        agenda.cancel_meeting(actor=cast.clerk, meeting=meeting, reason=" ")
    agenda.cancel_meeting(actor=cast.clerk, meeting=meeting, reason="Bão")
    item.refresh_from_db()
    for act in (agenda.postpone_item, agenda.remove_item):
        with pytest.raises(WrongState) as refusal:
            act(actor=cast.clerk, item=AgendaItem.objects.get(pk=item.pk))
        assert refusal.value.code == "agenda_closed"


@pytest.mark.parametrize("minutes", [0, -5, 601])
def test_minutes_have_limits(cast: Cast, meeting: Meeting, minutes: int) -> None:
    with pytest.raises(DomainError) as refusal:
        agenda.set_minutes(actor=cast.clerk, item=casting.item(cast, meeting), minutes=minutes)
    assert refusal.value.code == "minutes_range"


def test_the_same_file_twice_is_one_version(cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
    _dossier, versions = casting.complete(cast, casting.item(cast, meeting), tmp_path)
    document, path = versions[0].document, blobs.path_of(versions[0].sha256)
    assert dossiers.add_version(actor=cast.clerk, document=document, path=path) == versions[0]
    changed = casting.pdf(tmp_path, "other.pdf", pages=3)
    second = dossiers.add_version(actor=cast.clerk, document=document, path=changed)
    assert (second.number, second.changed_pages) == (2, [1, 2, 3])


def test_a_classified_paper_is_quarantined_and_not_stored(
    cast: Cast, meeting: Meeting, tmp_path: Path, data_folder: Path
) -> None:
    import pikepdf

    dossier, versions = casting.complete(cast, casting.item(cast, meeting), tmp_path)
    path = tmp_path / "secret.pdf"
    with pikepdf.open(casting.pdf(tmp_path, "plain.pdf")) as document:
        stamp = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Stamp, Rect=pikepdf.Array([0, 0, 9, 9]), Contents=pikepdf.String("TỐI MẬT")
        )
        document.pages[0].Annots = pikepdf.Array([stamp])
        document.save(path)
    with pytest.raises(DomainError) as refusal:
        dossiers.add_version(actor=cast.clerk, document=versions[0].document, path=path)
    assert refusal.value.code == "paper_classified"
    assert DocumentVersion.objects.filter(document__dossier=dossier).count() == 3
    assert LedgerEntry.objects.filter(act="paper.quarantined").count() == 1
    kept = [file.stem for file in (data_folder / "quarantine").iterdir()]
    assert not any(blobs.path_of(digest).exists() for digest in kept)


def test_nothing_is_attached_to_a_paper_only_item(cast: Cast, meeting: Meeting) -> None:
    item = casting.item(cast, meeting, "Mật", ItemKind.PAPER_ONLY)
    with pytest.raises(WrongState) as refusal:
        dossiers.create_dossier(actor=cast.clerk, agency=cast.ministry, title="Hồ sơ", item=item)
    assert refusal.value.code == "paper_only"


def test_positions_need_words_and_a_mandate(cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
    item = casting.item(cast, meeting)
    casting.complete(cast, item, tmp_path)
    with pytest.raises(Denied):
        positions.state_position(actor=cast.member, item=item, stance=Stance.AGREE)
    distribute(actor=cast.clerk, meeting=meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    with pytest.raises(DomainError) as refusal:
        positions.state_position(actor=cast.member, item=item, stance=Stance.OBJECT, comment="  ")
    assert refusal.value.code == "comment_missing"
    for user in (cast.outsider, cast.clerk):
        with pytest.raises(Denied):
            positions.state_position(actor=user, item=item, stance=Stance.AGREE)
    positions.state_position(actor=cast.member, item=item, stance=Stance.AGREE)
    positions.state_position(actor=cast.member, item=item, stance=Stance.OBJECT, comment="Thiếu kinh phí")
    assert item.positions.get().stance == Stance.OBJECT


def test_marks_follow_reading(cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
    _dossier, versions = casting.complete(cast, casting.item(cast, meeting), tmp_path)
    distribute(actor=cast.clerk, meeting=meeting)
    with pytest.raises(Denied):
        reading.record_opened(actor=cast.outsider, version=versions[0])
    reading.record_opened(actor=cast.member, version=versions[0])
    reading.record_progress(actor=cast.member, version=versions[1], page=99, pages_seen=99)
    receipt = ReadReceipt.objects.get(version=versions[1])
    assert (receipt.last_page, receipt.pages_seen) == (2, 2)
    new = dossiers.add_version(
        actor=cast.clerk, document=versions[0].document, path=casting.pdf(tmp_path, "n.pdf")
    )
    distribute(actor=cast.clerk, meeting=meeting)
    plan = programme(Meeting.objects.get(pk=meeting.pk), cast.member)
    assert [(paper.version, paper.mark) for paper in plan.papers] == [
        (new, Mark.CHANGED),
        (versions[1], Mark.READ),
        (versions[2], Mark.UNREAD),
    ]


def test_a_longer_agenda_costs_no_more_queries(cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            programme(Meeting.objects.select_related("body").get(pk=meeting.pk), cast.member)
        return len(queries)

    casting.complete(cast, casting.item(cast, meeting), tmp_path)
    distribute(actor=cast.clerk, meeting=meeting)
    one = cost()
    for title in ("Hai", "Ba"):
        casting.complete(cast, casting.item(cast, meeting, title), tmp_path)
    distribute(actor=cast.clerk, meeting=meeting)
    assert cost() == one
