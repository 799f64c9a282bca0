"""Archive timestamps renewed by rule: genuine after thirty years, and what stands in the way is said."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.utils import translation

from archive import actions, findings, packages, queries, tasks
from archive.actions import renewals
from archive.models import Record, RecordVersion
from archive.rules import LedgerState, Verdict
from archive.trust import trust_from
from archive.verify import Original, Trust, verify_file
from ecabinet.common import blobs, clock
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.models import LedgerEntry
from ecabinet.ledger.rules.notes import parse_vkey
from signing import actions as signing
from signing.actions import SignedFile, files
from signing.actions.renewals import renew_file
from signing.authority import DemoAuthority, demo_authority
from signing.enums import Trouble
from signing.validation import Role, validate
from tests.archive.conftest import Deposit, pdf
from tests.signing import services
from tests.signing.conftest import Signers, _demo, sealed, signed, signers, unsigned

__all__ = ["_demo", "sealed", "signed", "signers", "unsigned"]  # fixtures used by name
YEAR = timedelta(days=365)
LATE = 366 / 365  # a job that comes a day after the rule's moment


@pytest.fixture
def authority(settings: Any, tmp_path: Path) -> DemoAuthority:
    """One of its own, for its keys change on the way."""
    settings.KEYS_DIR = tmp_path / "keys"
    return demo_authority()


@pytest.fixture
def record(authority: DemoAuthority, deposit: Deposit, request: pytest.FixtureRequest) -> Record:
    assert authority
    file: SignedFile = request.getfixturevalue("sealed")
    kept = deposit(blobs.get(file.sha256))
    actions.seal_deposits()
    kept.refresh_from_db()
    assert actions.examine() == 1
    return kept


def later(record: Record, years: float) -> Any:
    return clock.starting_at(record.deposited_at + years * YEAR + timedelta(days=1))


def newest(record: Record) -> RecordVersion:
    return record.versions.get(superseded=False)


def another_seal(record: Record, signers: Signers, field: str) -> SignedFile:
    """The sealed file with one more genuine signature and its own timestamps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "SEAL_FIELD", field)
        return signing.seal_pdf(actor=None, sha256=record.sha256, certificate=signers.seal)


def renewed_once(record: Record) -> RecordVersion:
    with later(record, 1):
        assert actions.renew_due() == 1
        actions.seal_deposits()
    return newest(record)


def test_genuine_after_thirty_years_with_renewals_and_not_without(
    record: Record, authority: DemoAuthority
) -> None:
    """The TSA's certificate lasts 15 years, the root 30 from its backdated start: new ones take over."""
    for year in range(1, 31):
        with later(record, year * LATE):
            if year in (11, 24):
                authority.roll()
            assert actions.examine() == 0
            assert actions.renew_due() == 1, newest(record).last_error
            assert actions.renew_due() == 0
    assert len(authority.roots) == 2
    version = newest(record)
    assert (version.number, record.versions.count()) == (30, 31)
    original, file = blobs.path_of(record.sha256), blobs.path_of(version.sha256)
    assert file.read_bytes().startswith(original.read_bytes())
    with later(record, 30 * LATE):
        report = validate(file)
        assert (report.verdict, report.level, report.bytes_after) == (Verdict.GENUINE, "B-LTA", 0)
        assert [each.role for each in report.signatures].count(Role.TIMESTAMP) == 31
        assert all(each.trusted and each.intact and each.allowed for each in report.signatures)
        proved = verify_file(file, proof=record.proof, trust=_trust())
        assert (proved.verdict, proved.ledger.state) == (Verdict.GENUINE, LedgerState.RENEWED)
        # The first root alone has ended, but what it signed was proved in its time.
        alone = validate(original)
        assert alone.verdict != Verdict.GENUINE
        assert {reason.code for reason in alone.reasons} == {"expired"}


def test_four_years_without_a_renewal_still_pass(record: Record) -> None:
    with later(record, 4):
        assert validate(blobs.path_of(record.sha256)).verdict == Verdict.GENUINE
    with later(record, 13):  # the TSA's certificate has ended
        assert validate(blobs.path_of(record.sha256)).verdict != Verdict.GENUINE


def _trust() -> Trust:
    return Trust([parse_vkey(ledger.vkey())])


def test_nothing_is_due_before_its_year_is_over(record: Record) -> None:
    version = newest(record)
    assert (version.number, version.cause, version.superseded) == (0, "yearly", False)
    with clock.starting_at(record.deposited_at + YEAR - timedelta(days=1)):
        assert not actions.is_due(clock.now())
        assert actions.renew_due() == 0
    assert queries.renewals() == queries.Renewals(0, 0, 0)


def test_a_renewal_is_another_version_with_its_own_entry(record: Record) -> None:
    before = blobs.get(record.sha256)
    version = renewed_once(record)
    assert blobs.get(record.sha256) == before
    data = blobs.get(version.sha256)
    assert data.startswith(before)
    assert (len(data), sha256(data).hexdigest()) == (version.size, version.sha256)
    entry = LedgerEntry.objects.get(act="record.renewed")
    assert version.ledger_entry == entry
    assert version.proof
    with later(record, 1):
        assert queries.renewals() == queries.Renewals(0, 1, 0)


def test_the_original_the_renewal_and_their_proofs_go_together(record: Record) -> None:
    version = renewed_once(record)
    original, file = blobs.path_of(record.sha256), blobs.path_of(version.sha256)
    kept = Original(record.reference, record.sha256, original, renewals=queries.renewals_of(record))
    expected = {
        (file, version.proof): LedgerState.PROVED,
        (file, record.proof): LedgerState.RENEWED,
        (original, record.proof): LedgerState.PROVED,
        # The entry of a renewal names the original too.
        (original, version.proof): LedgerState.PROVED,
    }
    for (path, proof), state in expected.items():
        for archive in (None, kept):
            result = verify_file(path, proof=proof, trust=_trust(), original=archive)
            assert (result.verdict, result.ledger.state) == (Verdict.GENUINE, state)
            assert (result.added, result.reference) == (0, "36/NQ-CP")
    result = verify_file(file, proof=record.proof, trust=_trust(), original=kept)
    assert result.renewed
    with translation.override("en"):
        said = " ".join(finding.head for finding in findings.findings(result))
        assert "renewed timestamps" in findings.summary(result)
    assert "only renewed timestamps follow" in said


def test_what_is_no_mere_renewal_is_changed(record: Record, signers: Signers) -> None:
    """A genuine signature more, or one byte more, and it is not what was sealed."""
    more = another_seal(record, signers, "Another")
    version = renewed_once(record)
    cases = [blobs.get(more.sha256), blobs.get(version.sha256) + b"\n", blobs.get(version.sha256)[:-1]]
    for data in cases:
        path = Path(site.DATA_DIR) / "case.pdf"
        path.write_bytes(data)
        result = verify_file(path, proof=record.proof, trust=_trust())
        assert result.verdict == Verdict.CHANGED
        kept = Original(record.reference, record.sha256, renewals=queries.renewals_of(record))
        assert verify_file(path, trust=_trust(), original=kept).verdict == Verdict.CHANGED


def test_the_package_holds_both_and_strangers_can_check_them(record: Record, tmp_path: Path) -> None:
    before = packages.build_bag(record)
    version = renewed_once(record)
    bag_path = packages.build_bag(record)
    assert bag_path != before
    with zipfile.ZipFile(bag_path) as bag:
        bag.extractall(tmp_path / "bag")
    top = tmp_path / "bag" / "36-NQ-CP"
    assert (top / "data/36-NQ-CP.pdf").read_bytes() == blobs.get(record.sha256)
    renewed = top / "data/renewed/36-NQ-CP.pdf"
    assert renewed.read_bytes() == blobs.get(version.sha256)
    for line in (top / "manifest-sha256.txt").read_text().splitlines():
        digest, path = line.split("  ")
        assert sha256((top / path).read_bytes()).hexdigest() == digest
    proof = (top / "ledger/renewed/36-NQ-CP.pdf.tlog-proof").read_text()
    trust = trust_from(None, vkeys=[(top / "ledger/vkey").read_text().strip()])
    assert verify_file(renewed, proof=proof, trust=trust).ledger.state == LedgerState.PROVED
    assert "archive timestamp 1" in (top / "metadata/premis.xml").read_text()


@pytest.mark.poppler
def test_pdfsig_finds_the_signatures_valid_after_renewals(record: Record) -> None:
    for year in (1, 2):
        with later(record, year * LATE):
            assert actions.renew_due() == 1
    path = str(blobs.path_of(newest(record).sha256))
    run = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.count("Signature is Valid") == 2
    assert "invalid" not in run.stdout.lower()


def test_the_authority_away_is_said_and_tried_again(record: Record, settings: Any) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"
    with later(record, 1):
        assert actions.renew_due() == 0
        assert actions.renew_due() == 0  # not at once
        version = newest(record)
        assert (version.number, version.trouble, version.attempts) == (0, Trouble.TSA_AWAY, 1)
        assert queries.renewals() == queries.Renewals(1, 0, 1)
    settings.TSA_URL = ""
    with clock.starting_at(version.next_try or clock.now()):
        assert actions.renew_due() == 1
        assert queries.renewals() == queries.Renewals(0, 1, 0)


def test_two_processes_make_one_renewal(record: Record) -> None:
    with later(record, 1):
        version = newest(record)
        first, second = renew_file(version.sha256), renew_file(version.sha256)
        assert first.sha256 != second.sha256
        renewals._succeed(version, first)
        renewals._succeed(version, second)
    assert newest(record).sha256 == first.sha256
    assert record.versions.count() == 2
    assert LedgerEntry.objects.filter(act="record.renewed").count() == 1


def test_a_stored_file_that_was_damaged_is_never_renewed(record: Record) -> None:
    path = blobs.path_of(record.sha256)
    data = bytearray(path.read_bytes())
    data[data.index(b"stream") + 20] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with later(record, 1):
        assert actions.renew_due() == 0
    version = newest(record)
    assert (version.number, version.trouble) == (0, Trouble.BROKEN)
    assert "digest" in version.last_error


def test_what_has_no_timestamp_is_looked_at_once_and_left_alone(deposit: Deposit) -> None:
    record = deposit(pdf("never signed"))
    assert actions.examine() == 1
    assert actions.examine() == 0
    with later(record, 5):
        assert not actions.is_due(clock.now())


def test_an_algorithm_alarm_renews_at_once_with_another_hash(record: Record, settings: Any) -> None:
    """Not before the authority itself has left the method: such a timestamp would prove nothing new."""
    moment = record.deposited_at + timedelta(days=30)
    settings.ALGORITHM_ALARMS = [f"sha256={(moment + timedelta(days=100)).date()}"]
    with clock.starting_at(moment):
        assert actions.is_due(clock.now())
        assert actions.renew_due() == 0
        assert newest(record).trouble == Trouble.WEAK
    settings.ALGORITHM_ALARMS = [f"sha1={moment.date()}"]
    with clock.starting_at(moment):
        assert not actions.is_due(clock.now())


def test_the_tick_asks_nobody_itself(record: Record) -> None:
    from django_tasks_db.models import DBTaskResult

    with later(record, 1):
        tasks.renew()
        assert DBTaskResult.objects.get().task_path == "archive.tasks.renew_timestamps"
        assert newest(record).number == 0
        tasks.renew_timestamps.func()
        assert newest(record).number == 1


@pytest.fixture
def service() -> Iterator[services.Service]:
    with services.serving(services.raising(services.Refusal("503"))) as made:
        yield made


def test_one_question_finds_out_for_the_whole_batch(
    deposit: Deposit, record: Record, signers: Signers, settings: Any, service: services.Service
) -> None:
    for number in (37, 38):
        other = another_seal(record, signers, f"Seal{number}")
        deposit(blobs.get(other.sha256), reference=f"{number}/NQ-CP")
    actions.examine()
    settings.TSA_URL = service.url
    with later(record, 1):
        assert actions.renew_due() == 0
    assert service.asked == 1


def test_the_site_says_which_version_it_gives(record: Record, client: Any) -> None:
    version = renewed_once(record)
    address = f"/records/{record.pk}/"
    assert sha256(_read(client.get(f"{address}file"))).hexdigest() == version.sha256
    assert sha256(_read(client.get(f"{address}file?original"))).hexdigest() == record.sha256
    assert client.get(f"{address}proof").content.decode() == version.proof
    assert client.get(f"{address}proof?original").content.decode() == record.proof
    page = client.get(address).content.decode()
    assert "file?original" in page
    assert version.sha256 in page
    with blobs.path_of(version.sha256).open("rb") as upload:
        posted = client.post("/verify/", {"file": upload})
    with translation.override(site.LANGUAGE_CODE):
        assert findings.answer(Verdict.GENUINE) in posted.content.decode()


def _read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_moment_is_the_rule_s(record: Record) -> None:
    version = newest(record)
    assert version.stamped_at is not None
    assert version.due_at == version.stamped_at + YEAR
    assert isinstance(version.certificate_ends, datetime)
