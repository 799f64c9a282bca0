"""Our own files are checked again without a search for changes; everything else about them is checked."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pyhanko.sign.diff_analysis import SuspiciousModification

from ecabinet.common import blobs, clock
from signing import actions
from signing.actions import SignedFile
from signing.actions.versions import record_version
from signing.enums import VersionKind
from signing.models import SignedVersion
from signing.queries.reports import stored_version
from signing.validation import Verdict, changes, validate
from signing.validation.stored import Known, StoredVersion, ours_from


class Refusing:
    """A difference analysis that finds fault with everything, so that a test sees whether it was asked."""

    def review_file(self, *_arguments: object, **_options: object) -> SuspiciousModification:
        return SuspiciousModification("asked")


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "POLICY", Refusing())


def table(*versions: StoredVersion) -> Known:
    return {each.sha256: each for each in versions}.get


def chain(sha256: str) -> list[StoredVersion]:
    found = stored_version(sha256)
    return [found, *chain(found.made_from)] if found else []


def test_every_step_of_the_pipeline_is_remembered(sealed: SignedFile, unsigned: str) -> None:
    steps = chain(sealed.sha256)
    assert [SignedVersion.objects.get(sha256=each.sha256).kind for each in steps] == [
        VersionKind.TIMESTAMP,
        VersionKind.SEAL,
        VersionKind.SIGN,
    ]
    assert steps[-1].made_from == unsigned
    assert [each.size for each in steps] == sorted((each.size for each in steps), reverse=True)


def test_our_own_file_is_genuine_with_the_same_report(sealed_path: Path) -> None:
    full, quick = validate(sealed_path), validate(sealed_path, known=stored_version)
    assert quick.verdict == Verdict.GENUINE
    assert quick == full


@pytest.mark.usefixtures("refusing")
def test_our_own_additions_are_not_searched_for_changes(sealed_path: Path) -> None:
    assert validate(sealed_path, known=stored_version).verdict == Verdict.GENUINE
    assert validate(sealed_path).verdict == Verdict.CHANGED


@pytest.mark.usefixtures("refusing")
def test_a_file_that_was_ours_and_got_something_more_is_analysed(sealed_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.pdf"
    path.write_bytes(sealed_path.read_bytes() + b"\n")
    codes = {each.code for each in validate(path, known=stored_version).reasons}
    assert codes >= {"objects", "bytes_after"}


@pytest.mark.usefixtures("refusing")
def test_signatures_that_were_there_before_us_are_analysed(sealed: SignedFile, signed: SignedFile) -> None:
    """The person's signature came from outside, say; the seal and the timestamp are ours."""
    ours = table(*chain(sealed.sha256)[:2])
    report = validate(blobs.path_of(sealed.sha256), known=ours)
    assert [each.allowed for each in report.signatures] == [False, True, True]
    assert report.verdict == Verdict.CHANGED


@pytest.mark.usefixtures("refusing")
def test_a_row_that_does_not_fit_the_bytes_proves_nothing(sealed_path: Path, sealed: SignedFile) -> None:
    newest, *older = chain(sealed.sha256)
    wrong = [
        dataclasses.replace(newest, made_from="0" * 64),
        dataclasses.replace(newest, made_from_size=newest.made_from_size - 1),
        dataclasses.replace(newest, size=newest.size + 1),
        dataclasses.replace(newest, made_from_size=newest.size),
    ]
    for row in wrong:
        assert validate(sealed_path, known=table(row, *older)).verdict == Verdict.CHANGED, row


def test_other_checks_go_on_for_our_own_files(sealed_path: Path, signed: SignedFile) -> None:
    assert validate(sealed_path, trust=[], known=stored_version).verdict == Verdict.UNKNOWN
    waiting = validate(blobs.path_of(signed.sha256), known=stored_version)
    assert [each.code for each in waiting.reasons] == ["revocation_unknown"]


def test_from_where_on_it_is_ours(tmp_path: Path) -> None:
    data = [b"a" * 10, b"a" * 10 + b"b" * 5, b"a" * 10 + b"b" * 5 + b"c"]
    names = [hashlib.sha256(each).hexdigest() for each in data]
    first = StoredVersion(names[1], 15, names[0], 10)
    second = StoredVersion(names[2], 16, names[1], 15)
    path = tmp_path / "file"
    path.write_bytes(data[2])
    assert ours_from(path, names[2], 16, table(first, second)) == 10
    assert ours_from(path, names[2], 16, table(second)) == 15
    assert ours_from(path, names[2], 16, table(first)) is None
    round_and_round = StoredVersion(names[1], 15, names[2], 14)
    assert ours_from(path, names[2], 16, table(second, round_and_round)) is None


def test_a_version_is_written_once_and_only_grows(signed: SignedFile, unsigned: str) -> None:
    again = record_version(sha256=signed.sha256, made_from=unsigned, kind=VersionKind.SEAL)
    assert again.kind == VersionKind.SIGN
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedVersion.objects.create(
            sha256="f" * 64, size=5, made_from=unsigned, made_from_size=5, kind="seal", at=clock.now()
        )


def test_a_renewal_is_remembered_too(sealed: SignedFile) -> None:
    renewed = actions.complete_timestamp(actor=None, sha256=sealed.sha256)
    assert chain(renewed.sha256)[1:] == chain(sealed.sha256)
    assert validate(blobs.path_of(renewed.sha256), known=stored_version).verdict == Verdict.GENUINE
