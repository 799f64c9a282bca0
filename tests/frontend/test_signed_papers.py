"""A signed paper from outside: examined in the background, its report where the paper is read and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from ecabinet.accounts.models import User
from ecabinet.common import blobs
from meetings.actions import dossiers
from meetings.actions.distribution import distribute
from meetings.models import DocumentVersion
from signing.actions import SignedFile, issue_demo_certificate, seal_pdf
from signing.actions.reports import analyse
from signing.models import Certificate, FileReport
from tests import cast as casting
from tests.cast import Cast
from tests.frontend.conftest import Sitting

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def seal(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setattr(settings, "DEMO", True)
    User.objects.update(language="en")
    return issue_demo_certificate(actor=None, agency=cast.ministry)


def sealed_elsewhere(seal: Certificate, path: Path) -> SignedFile:
    """By another house's pipeline: ours does not know the file."""
    return seal_pdf(actor=None, sha256=blobs.put_file(path)[0], certificate=seal)


@pytest.fixture
def signed_paper(
    cast: Cast,
    sitting: Sitting,
    seal: Certificate,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> DocumentVersion:
    from signing.models import SignedVersion

    file = sealed_elsewhere(seal, casting.pdf(tmp_path, "outside.pdf", words="outside"))
    SignedVersion.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        version = dossiers.add_version(
            actor=cast.clerk, document=sitting.versions[0].document, path=blobs.path_of(file.sha256)
        )
        distribute(actor=cast.clerk, meeting=sitting.meeting)
    return version


def panel(cast: Cast, version: DocumentVersion) -> str:
    address = f"/papers/{version.pk}/signatures/"
    return casting.client(cast.member).get(address, headers=ENGLISH).content.decode()


def desk(cast: Cast, version: DocumentVersion) -> str:
    address = reverse("meetings_papers", args=[version.document.dossier_id])
    return casting.client(cast.clerk).get(address, headers=ENGLISH).content.decode()


def test_until_it_is_examined_the_reader_says_so(cast: Cast, signed_paper: DocumentVersion) -> None:
    assert signed_paper.has_signatures
    page = panel(cast, signed_paper)
    assert "The signatures are being examined." in page
    assert f'hx-get="/papers/{signed_paper.pk}/signatures/"' in page


def test_then_the_report_is_shown_without_looking_again(cast: Cast, signed_paper: DocumentVersion) -> None:
    report = FileReport.objects.get(sha256=signed_paper.sha256)
    analyse(report_id=report.pk)
    page = panel(cast, signed_paper)
    assert "Genuine" in page
    assert "being examined" not in page
    report.refresh_from_db()
    assert report.attempts == 1
    technical = casting.client(cast.member).get(f"/papers/{signed_paper.pk}/signatures/?format=json").json()
    assert (technical["state"], technical["report"]["verdict"]) == ("done", "genuine")


def test_the_dossier_says_it_too(cast: Cast, signed_paper: DocumentVersion) -> None:
    assert "signatures are being examined" in desk(cast, signed_paper)
    analyse(report_id=FileReport.objects.get(sha256=signed_paper.sha256).pk)
    assert "signatures genuine" in desk(cast, signed_paper)


def test_a_report_that_was_given_up_is_said(cast: Cast, signed_paper: DocumentVersion) -> None:
    report = FileReport.objects.get(sha256=signed_paper.sha256)
    FileReport.objects.update(attempts=9)
    analyse(report_id=report.pk)
    assert "could not be examined" in panel(cast, signed_paper)
    assert "signatures not examined" in desk(cast, signed_paper)


def test_what_we_made_ourselves_is_checked_at_once(
    cast: Cast, sitting: Sitting, seal: Certificate, tmp_path: Path
) -> None:
    file = sealed_elsewhere(seal, casting.pdf(tmp_path, "ours.pdf", words="ours"))
    version = sitting.versions[0]
    DocumentVersion.objects.filter(pk=version.pk).update(sha256=file.sha256, has_signatures=True)
    assert "Genuine" in panel(cast, version)
    assert not FileReport.objects.filter(sha256=file.sha256).exists()
