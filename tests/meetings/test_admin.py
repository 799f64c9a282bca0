"""The clerk's administration: every page opens, in both languages, and writes go through actions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from ecabinet.ledger.models import LedgerEntry
from meetings.enums import DocumentRole
from meetings.models import AgendaItem, Body, Meeting, Membership
from meetings.queries.readiness import SENTENCES
from tests import cast as casting
from tests.cast import Cast


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return casting.client(cast.clerk)


@pytest.fixture
def prepared(cast: Cast, meeting: Meeting, tmp_path: Path) -> Meeting:
    casting.complete(cast, casting.item(cast, meeting), tmp_path)
    return meeting


def pages(meeting: Meeting) -> list[str]:
    item = meeting.items.get()
    dossier = item.dossier
    return [
        reverse("wagtailadmin_home"),
        *(reverse(f"{name}:index") for name in ("meetings", "dossiers", "bodies")),
        *(reverse(f"{name}:index") for name in ("persons", "agencies", "positions", "appointments")),
        *(reverse(f"{name}:add") for name in ("meetings", "dossiers", "bodies", "positions", "appointments")),
        f"{reverse('items:add')}?meeting={meeting.pk}",
        reverse("meetings:edit", args=[meeting.pk]),
        reverse("items:edit", args=[item.pk]),
        reverse("dossiers:edit", args=[dossier.pk]),
        reverse("bodies:edit", args=[meeting.body_id]),
        reverse("meetings_board", args=[meeting.pk]),
        reverse("meetings_distribute", args=[meeting.pk]),
        reverse("meetings_cancel", args=[meeting.pk]),
        reverse("meetings_preview", args=[meeting.pk]),
        reverse("meetings_reading", args=[meeting.pk]),
        reverse("meetings_reading_index"),
        reverse("meetings_distributions", args=[meeting.pk]),
        f"{reverse('meetings:index')}?q=zzzz",
        f"{reverse('dossiers:index')}?q=zzzz",
        reverse("meetings_papers", args=[dossier.pk]),
        reverse("meetings:history", args=[meeting.pk]),
        reverse("person_chooser:choose"),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens(cast: Cast, clerk: Client, prepared: Meeting, language: str) -> None:
    cast.clerk.language = language
    cast.clerk.save()
    bad = {}
    for page in pages(prepared):
        answer = clerk.get(page)
        if answer.status_code != 200:
            bad[page] = answer.status_code
    assert bad == {}


ENGLISH = (
    "Save changes", "Search…", "Sidebar", "Log out", "Choose another", "Add an item", "Distribute", "Sort by",
    "Skip to main content", "There are no", "Go to the first error", "History", "Toggle", "Filter by",
    "Close dialog", "Papers", "Members", "Missing papers", "Who has read what", "Dossiers", "Upload",
    "match your query", "minutes ago", "True", "Seen", "Choose", "Actions",
)  # fmt: skip


def words_of(html: str) -> str:
    """What a person can read: no scripts, styles, addresses, catalogues or tokens."""
    bare = re.sub(r"<(script|style|template)\b.*?</\1>", " ", html, flags=re.DOTALL)
    bare = re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>', " ", bare)  # chance spells words
    said = " ".join(re.findall(r'(?:aria-label|title|placeholder|value)="([^"]*)"', bare))
    return f"{re.sub(r'<[^>]+>', ' ', bare)} {said}"


def test_the_clerk_reads_vietnamese_only(clerk: Client, prepared: Meeting) -> None:
    found = {}
    for page in pages(prepared):
        words = words_of(clerk.get(page).content.decode())
        english = [word for word in ENGLISH if word in words]
        if english:
            found[page] = english
    assert found == {}


@pytest.mark.parametrize("who", ["chair", "member", "outsider"])
def test_others_never_see_the_administration(cast: Cast, prepared: Meeting, who: str) -> None:
    browser = casting.client(getattr(cast, who))
    for page in pages(prepared):
        assert browser.get(page).status_code in (302, 403, 404), page


def test_a_body_is_saved_with_its_members_by_the_action(cast: Cast, clerk: Client) -> None:
    page = reverse("bodies:edit", args=[cast.body.pk])
    form = clerk.get(page).context["form"]
    data = {**posted(form), "papers_lead_days": 5}
    assert clerk.post(page, data).status_code == 302
    assert Body.objects.get().papers_lead_days == 5
    assert LedgerEntry.objects.filter(act="body.changed").count() == 1
    stale = clerk.post(page, {**data, "papers_lead_days": 9})
    assert stale.status_code == 200
    assert Body.objects.get().papers_lead_days == 5
    assert Membership.objects.count() == 3


def posted(form: Any) -> dict[str, Any]:
    """What a browser would send back unchanged."""
    data: dict[str, Any] = {}
    forms = [form]
    for formset in form.formsets.values():
        forms += [formset.management_form, *formset.forms]
    for part in forms:
        for field in part:
            value = field.value()
            data[field.html_name] = getattr(value, "pk", value) if value is not None else ""
    return data


def test_order_and_minutes_by_plain_forms(cast: Cast, clerk: Client, meeting: Meeting) -> None:
    first, second = casting.item(cast, meeting, "Một"), casting.item(cast, meeting, "Hai")
    clerk.post(reverse("meetings_item_command", args=[second.pk, "up"]))
    clerk.post(reverse("meetings_item_command", args=[first.pk, "minutes"]), {"minutes": "25"})
    clerk.post(reverse("meetings_item_command", args=[first.pk, "minutes"]), {"minutes": "x"})
    assert list(meeting.items.order_by("sort_order").values_list("pk", flat=True)) == [second.pk, first.pk]
    assert AgendaItem.objects.get(pk=first.pk).minutes == 25
    order = reverse("meetings_board_order", args=[meeting.pk])
    stale = clerk.post(
        order, {"ids": f"{first.pk},{second.pk}", "seen": f"{first.pk},{second.pk}"}, follow=True
    )
    assert b"messages-icon" in stale.content
    clerk.post(order, {"ids": f"{first.pk},{second.pk}", "seen": f"{second.pk},{first.pk}"})
    assert meeting.items.order_by("sort_order").first() == first
    assert clerk.post(reverse("meetings_item_command", args=[first.pk, "sing"])).status_code == 404


def sentences(*codes: str) -> list[str]:
    with translation.override("vi"):
        return [gettext(SENTENCES[code]) for code in codes]


def test_the_first_page_says_which_papers_are_missing(
    cast: Cast, clerk: Client, meeting: Meeting, tmp_path: Path
) -> None:
    item, home = casting.item(cast, meeting), reverse("wagtailadmin_home")
    lacking = sentences("missing_statement", "missing_draft", "missing_opinions")
    before = clerk.get(home).content.decode()
    assert [words for words in lacking if words not in before] == []
    assert f"{reverse('dossiers:add')}?item={item.pk}" in before
    casting.complete(cast, item, tmp_path)
    after = clerk.get(home).content.decode()
    assert [words for words in lacking if words in after] == []


def test_what_stops_a_distribution_stands_apart_from_advice(
    cast: Cast, clerk: Client, meeting: Meeting, tmp_path: Path
) -> None:
    item = casting.item(cast, meeting)
    page = reverse("meetings_distribute", args=[meeting.pk])
    stops, advice = clerk.get(page).content.decode().split('id="advice"')
    (words,) = sentences("missing_opinions")
    assert [each in stops for each in sentences("missing_statement", "missing_draft")] == [True, True]
    assert (words in stops, words in advice) == (False, True)
    dossier, _versions = casting.complete(cast, item, tmp_path)
    opinions = dossier.documents.get(role=DocumentRole.OPINIONS)
    clerk.post(reverse("meetings_document_remove", args=[opinions.pk]))
    ready = clerk.get(page).content.decode()
    assert ('id="stops"' in ready, words in ready) == (False, True)


def test_upload_shows_the_refusal_and_takes_the_good_file(
    cast: Cast, clerk: Client, prepared: Meeting, tmp_path: Path
) -> None:
    document = prepared.items.get().dossier.documents.first()
    page = reverse("meetings_upload", args=[document.pk])
    refused = clerk.post(page, {"file": SimpleUploadedFile("a.pdf", b"PK\x03\x04zip")})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    good = casting.pdf(tmp_path, "good.pdf", pages=4).read_bytes()
    assert clerk.post(page, {"file": SimpleUploadedFile("good.pdf", good)}).status_code == 302
    assert document.versions.first().pages == 4


def test_distributing_by_form_twice_is_one_distribution(clerk: Client, prepared: Meeting) -> None:
    page = reverse("meetings_distribute", args=[prepared.pk])
    for _ in range(2):
        assert clerk.post(page, {"number": 1, "note": ""}).status_code == 302
    assert prepared.distributions.count() == 1
