"""The reader: who may open what, the frame around a file, receipts, signatures in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecabinet.common import blobs
from meetings.actions import dossiers
from meetings.actions.distribution import distribute
from meetings.models import ReadReceipt
from tests import cast as casting
from tests.cast import Cast
from tests.frontend.conftest import Sitting


def test_frame_holds_what_the_reader_needs(cast: Cast, sitting: Sitting) -> None:
    first, second, _third = sitting.versions
    page = casting.client(cast.member).get(f"/papers/{first.pk}/?q=%22x").content.decode()
    assert f'src="/papers/{first.pk}/file"' in page
    assert f'size="{first.size}"' in page
    assert f'receipt="/papers/{first.pk}/progress"' in page
    assert f'href="/papers/{second.pk}/"' in page
    assert f'href="/meetings/{sitting.meeting.pk}/#item-{sitting.item.pk}"' in page
    assert 'query="&quot;x"' in page


def test_last_paper_leads_back_to_the_programme(cast: Cast, sitting: Sitting) -> None:
    page = casting.client(cast.member).get(f"/papers/{sitting.versions[-1].pk}/").content.decode()
    assert "reader-bar__next" not in page


@pytest.mark.parametrize("place", ["", "file", "signatures/"])
def test_papers_are_not_there_for_an_outsider(cast: Cast, sitting: Sitting, place: str) -> None:
    address = f"/papers/{sitting.versions[0].pk}/{place}"
    assert casting.client(cast.outsider).get(address).status_code == 404
    assert casting.client(cast.manager).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert casting.client(cast.member).get(address).status_code == 200


def test_papers_not_distributed_yet_are_the_secretariats(cast: Cast, tmp_path: Path) -> None:
    meeting = casting.meeting(cast)
    _dossier, versions = casting.complete(cast, casting.item(cast, meeting), tmp_path)
    assert casting.client(cast.member).get(f"/papers/{versions[0].pk}/").status_code == 404
    assert casting.client(cast.clerk).get(f"/papers/{versions[0].pk}/").status_code == 200


def test_file_is_served_by_ranges(cast: Cast, sitting: Sitting) -> None:
    version = sitting.versions[0]
    answer = casting.client(cast.member).get(f"/papers/{version.pk}/file", headers={"Range": "bytes=0-4"})
    assert (answer.status_code, b"".join(answer)) == (206, b"%PDF-")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["ETag"] == f'"{version.sha256}"'


def test_missing_file_is_a_sentence(cast: Cast, sitting: Sitting) -> None:
    version = sitting.versions[0]
    path = blobs.path_of(version.sha256)
    path.rename(path.with_suffix(".away"))
    answer = casting.client(cast.member).get(f"/papers/{version.pk}/file")
    path.with_suffix(".away").rename(path)
    assert answer.status_code == 404


def test_receipts_are_kept(cast: Cast, sitting: Sitting) -> None:
    version, browser = sitting.versions[0], casting.client(cast.member)
    address = f"/papers/{version.pk}/progress"
    for page, seen in ((1, 1), (2, 2), (1, 2)):
        sent = browser.post(address, {"last_page": page, "pages_seen": seen}, content_type="application/json")
        assert sent.status_code == 204
    receipt = ReadReceipt.objects.get(user=cast.member, version=version)
    assert (receipt.last_page, receipt.pages_seen, receipt.finished_at is not None) == (1, 2, True)
    assert 'start="1"' in browser.get(f"/papers/{version.pk}/").content.decode()


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"last_page": "x"}', '{"last_page": null}', "{}", "\xff"]
)
def test_receipt_that_makes_no_sense(cast: Cast, sitting: Sitting, body: str) -> None:
    browser = casting.client(cast.member)
    address = f"/papers/{sitting.versions[0].pk}/progress"
    sent = browser.post(
        address, body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert (sent.status_code, sent.json()["code"]) == (400, "bad_progress")
    assert not ReadReceipt.objects.exists()


def test_receipts_by_others_are_refused(cast: Cast, sitting: Sitting) -> None:
    address = f"/papers/{sitting.versions[0].pk}/progress"
    body = {"last_page": 1}
    outsider = casting.client(cast.outsider)
    assert outsider.post(address, body, content_type="application/json").status_code == 404
    assert casting.client(cast.member).get(address).status_code == 405
    assert not ReadReceipt.objects.exists()


def test_changed_version_shows_its_pages_and_the_old_one_says_so(
    cast: Cast, sitting: Sitting, tmp_path: Path
) -> None:
    old = sitting.versions[1]
    path = casting.pdf(tmp_path, "new.pdf", pages=3, words="new")
    new = dossiers.add_version(actor=cast.clerk, document=old.document, path=path)
    distribute(actor=cast.clerk, meeting=sitting.meeting)
    browser = casting.client(cast.member)
    page = browser.get(f"/papers/{new.pk}/").content.decode()
    assert f'changed="{",".join(map(str, new.changed_pages))}"' in page
    assert 'data-go-page="1"' in page
    earlier = browser.get(f"/papers/{old.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert f'href="/papers/{new.pk}/"' in earlier


def test_signatures_of_an_unsigned_paper(cast: Cast, sitting: Sitting) -> None:
    address = f"/papers/{sitting.versions[0].pk}/signatures/"
    browser = casting.client(cast.member)
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = browser.get(address).content.decode()
    assert "<html" not in part
    assert "<html" in whole


def test_wrong_methods(cast: Cast, sitting: Sitting) -> None:
    browser, pk = casting.client(cast.member), sitting.versions[0].pk
    for place in ("", "file", "signatures/"):
        assert browser.post(f"/papers/{pk}/{place}").status_code == 405


def test_queries_do_not_grow_with_the_papers(cast: Cast, sitting: Sitting, tmp_path: Path) -> None:
    browser = casting.client(cast.member)
    one = _queries(browser, sitting)
    for number in range(2):
        extra = casting.item(cast, sitting.meeting, f"Nội dung {number}")
        casting.complete(cast, extra, tmp_path)
    distribute(actor=cast.clerk, meeting=sitting.meeting)
    assert _queries(browser, sitting) <= one


def _queries(browser: Client, sitting: Sitting) -> int:
    with CaptureQueriesContext(connection) as found:
        browser.get(f"/papers/{sitting.versions[0].pk}/")
    return len(found)
