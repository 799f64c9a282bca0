"""What the administration refuses: in words, with what was typed, and with nothing half-written."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ecabinet.accounts.actions import appoint
from ecabinet.accounts.models import Position
from ecabinet.common.errors import DomainError
from ecabinet.ledger.models import LedgerEntry
from meetings.actions import distribution, dossiers
from meetings.enums import DocumentRole, ItemKind
from meetings.models import AgendaItem, Document, Meeting, Membership
from meetings.models.agenda import ON_PAPER
from tests import cast as casting
from tests.cast import Cast
from tests.meetings.test_admin import posted


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return casting.client(cast.clerk)


@pytest.fixture
def prepared(cast: Cast, meeting: Meeting, tmp_path: Path) -> Meeting:
    casting.complete(cast, casting.item(cast, meeting), tmp_path)
    return meeting


def said(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def pages_of_the_administration(meeting: Meeting) -> list[str]:
    board = reverse("meetings_board", args=[meeting.pk])
    return [reverse("wagtailadmin_home"), reverse("meetings:index"), board, "/admin/nowhere/"]


@pytest.mark.parametrize("who", ["chair", "member", "outsider"])
def test_a_guest_is_told_and_not_sent_in_circles(cast: Cast, prepared: Meeting, who: str) -> None:
    browser = casting.client(getattr(cast, who))
    for page in pages_of_the_administration(prepared):
        answer = browser.get(page)
        assert answer.status_code == 403, page
        assert "bộ phận thư ký" in said(answer), page


@pytest.mark.parametrize("who", ["clerk", "manager"])
@pytest.mark.parametrize(
    "room",
    ["pages", "images", "documents", "users", "groups", "reports/site-history", "bulk/accounts/user/delete"],
)
def test_rooms_of_wagtail_that_write_past_the_actions_are_closed(cast: Cast, who: str, room: str) -> None:
    assert casting.client(getattr(cast, who)).get(f"/admin/{room}/").status_code == 404


def test_a_paper_with_files_is_not_dropped_in_passing(clerk: Client, prepared: Meeting) -> None:
    dossier = prepared.items.get().dossier
    page = reverse("dossiers:edit", args=[dossier.pk])
    data = {**posted(clerk.get(page).context["form"]), "documents-0-DELETE": "on", "title": "Tên mới"}
    answer = clerk.post(page, data)
    assert answer.status_code == 200
    assert "“Tờ trình”: đã có tệp" in said(answer)
    assert "Tên mới" in said(answer)
    dossier.refresh_from_db()
    assert (dossier.documents.count(), dossier.title) == (3, "Dự thảo Nghị quyết")


def test_a_used_mandate_is_ended_and_never_removed(cast: Cast, clerk: Client, prepared: Meeting) -> None:
    distribution.distribute(actor=cast.clerk, meeting=prepared)
    page = reverse("bodies:edit", args=[cast.body.pk])
    data = posted(clerk.get(page).context["form"])
    answer = clerk.post(page, {**data, "memberships-1-DELETE": "on"})
    assert answer.status_code == 200
    assert "Member: đã dự họp" in said(answer)
    assert Membership.objects.count() == 3
    assert clerk.post(page, {**data, "memberships-1-ends_on": "31/12/2026"}).status_code == 302
    assert str(Membership.objects.get(user=cast.member).ends_on) == "2026-12-31"


def upload(clerk: Client, document: Document, name: str, data: bytes) -> Any:
    page = reverse("meetings_upload", args=[document.pk])
    return clerk.post(page, {"file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"", "Tệp rỗng"),
        ("a.pdf", b"no PDF at all", "không phải PDF"),
        ("Báo cáo (MẬT).pdf", b"%PDF-1.7", "mang dấu độ mật “MẬT”"),
    ],
)
def test_a_bad_file_is_refused_beside_its_paper(
    clerk: Client, prepared: Meeting, name: str, data: bytes, words: str
) -> None:
    document = prepared.items.get().dossier.documents.first()
    answer = upload(clerk, document, name, data)
    assert answer.status_code == 422
    assert words in said(answer)
    assert document.versions.count() == 1


def test_a_marked_name_is_quarantined_and_recorded(clerk: Client, prepared: Meeting, tmp_path: Path) -> None:
    document = prepared.items.get().dossier.documents.first()
    upload(clerk, document, "Kế hoạch TỐI MẬT.pdf", casting.pdf(tmp_path, words="other").read_bytes())
    digest = json.loads(LedgerEntry.objects.get(act="paper.quarantined").body)["digest"]
    assert (Path(settings.DATA_DIR) / "quarantine" / f"{digest}.pdf").exists()


def test_the_same_file_again_adds_nothing_and_says_so(
    clerk: Client, prepared: Meeting, tmp_path: Path
) -> None:
    document = prepared.items.get().dossier.documents.first()
    data = casting.pdf(tmp_path, "new.pdf", pages=3).read_bytes()
    assert "Đã nhận" in said(upload(clerk, document, "new.pdf", data))
    assert "Tệp này đã có" in said(upload(clerk, document, "new.pdf", data))
    assert document.versions.count() == 2


def test_addresses_of_forms_lead_back_to_their_page(clerk: Client, prepared: Meeting) -> None:
    """Whoever signs in again after a form was refused arrives where the form is, not at an empty page."""
    item = prepared.items.get()
    board, papers = (
        reverse("meetings_board", args=[prepared.pk]),
        reverse("meetings_papers", args=[item.dossier.pk]),
    )
    document = item.dossier.documents.first()
    leads = {
        reverse("meetings_board_order", args=[prepared.pk]): board,
        reverse("meetings_item_command", args=[item.pk, "remove"]): board,
        reverse("meetings_upload", args=[document.pk]): papers,
        reverse("meetings_document_remove", args=[document.pk]): papers,
        reverse("meetings_paper_add", args=[item.dossier.pk]): papers,
    }
    for form, page in leads.items():
        answer = clerk.get(form)
        assert (answer.status_code, answer["Location"]) == (302, page), form
    assert prepared.items.count() == 1


def test_papers_are_announced_by_their_role(cast: Cast, clerk: Client, meeting: Meeting) -> None:
    item = casting.item(cast, meeting)
    dossier = dossiers.create_dossier(actor=cast.clerk, agency=cast.ministry, title="Hồ sơ", item=item)
    page = reverse("meetings_paper_add", args=[dossier.pk])
    clerk.post(page, {"role": "statement", "title": ""})
    clerk.post(page, {"role": "appendix", "title": "Phụ lục II"})
    statement, appendix = dossier.documents.all()
    assert (statement.title, statement.title_en) == ("Tờ trình", "Statement")
    assert (appendix.role, appendix.title) == (DocumentRole.APPENDIX, "Phụ lục II")
    refused = clerk.post(page, {"role": "appendix", "title": "Kế hoạch (MẬT)"})
    assert refused.status_code == 422
    assert "Kế hoạch (MẬT)" in said(refused)
    long = "Phụ lục " * 40
    refused = clerk.post(page, {"role": "appendix", "title": long})
    assert refused.status_code == 422
    assert long.strip() in said(refused)
    assert dossier.documents.count() == 2


def test_a_matter_on_paper_only_loses_its_name_and_takes_no_papers(
    cast: Cast, clerk: Client, prepared: Meeting
) -> None:
    item = prepared.items.get()
    page = reverse("items:edit", args=[item.pk])
    data = posted(clerk.get(page).context["form"])
    assert clerk.post(page, {**data, "kind": "paper_only", "title": ""}).status_code == 302
    item = AgendaItem.objects.get()
    assert (item.title, item.title_en) == ON_PAPER
    add = clerk.post(reverse("meetings_paper_add", args=[item.dossier.pk]), {"role": "appendix"})
    assert add.status_code == 409
    assert "bản giấy" in said(clerk.get(reverse("meetings_papers", args=[item.dossier.pk])))


def test_other_matters_need_a_title_without_a_marking(cast: Cast, clerk: Client, meeting: Meeting) -> None:
    page = f"{reverse('items:add')}?meeting={meeting.pk}"
    data = {"kind": "decision", "minutes": "15", "title": "", "title_en": ""}
    assert clerk.post(page, data).context["form"].errors["title"]
    with pytest.raises(DomainError) as refusal:
        casting.item(cast, meeting, "Phương án (MẬT)", ItemKind.DISCUSSION)
    assert (refusal.value.code, refusal.value.status) == ("classified_title", 422)
    refused = clerk.post(page, {**data, "title": "Phương án", "title_en": "Plan (MẬT)"})
    assert "Plan (MẬT)" in said(refused)
    assert meeting.items.count() == 0


def test_a_distribution_names_what_changed_and_what_went_out(
    cast: Cast, clerk: Client, prepared: Meeting, tmp_path: Path
) -> None:
    first = distribution.distribute(actor=cast.clerk, meeting=prepared)
    document = prepared.items.get().dossier.documents.first()
    path = casting.pdf(tmp_path, "second.pdf", pages=3)
    dossiers.add_version(actor=cast.clerk, document=document, path=path)
    asked = said(clerk.get(reverse("meetings_distribute", args=[prepared.pk])))
    assert "Tờ trình, phiên bản 2" in asked
    clerk.post(reverse("meetings_distribute", args=[prepared.pk]), {"number": 2, "note": "Sửa tờ trình."})
    went = said(clerk.get(reverse("meetings_distributions", args=[prepared.pk])))
    assert first.manifest_sha256 in went
    assert document.versions.first().sha256 in went
    assert "Sửa tờ trình." in went


def test_a_stale_confirmation_can_be_sent_again_once_seen(
    cast: Cast, clerk: Client, prepared: Meeting
) -> None:
    desk = Position.objects.get(title="Chuyên viên")
    appoint(actor=cast.manager, user=cast.outsider, position=desk, starts_on=casting.LONG_AGO)
    distribution.distribute(actor=cast.outsider, meeting=prepared)
    page = reverse("meetings_distribute", args=[prepared.pk])
    answer = clerk.post(page, {"number": 1, "note": "Lời nhắn"})
    assert answer.status_code == 409
    assert 'name="number" value="2"' in said(answer)
    assert "Lời nhắn" in said(answer)


def test_people_are_found_by_name_in_the_chooser(cast: Cast, clerk: Client) -> None:
    answer = said(clerk.get(reverse("person_chooser:choose_results"), {"q": "seco"}))
    assert "Second" in answer
    assert "Outsider" not in answer


def test_days_are_typed_day_first(cast: Cast, clerk: Client) -> None:
    data = {"body": cast.body.pk, "kind": "regular", "mode": "in_person", "title": "Phiên họp\ntháng 2"}
    times = {"starts_at": "03/02/2027 08:00", "ends_at": "03/02/2027 10:00"}
    assert clerk.post(reverse("meetings:add"), {**data, **times}).status_code == 302
    made = Meeting.objects.get()
    assert (made.title, f"{made.starts_at:%d/%m}") == ("Phiên họp tháng 2", "03/02")
