"""Genuine, changed or unknown: from the file, its proof and public keys alone."""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from archive import actions, findings
from archive.evidence import read_evidence, revision_digests
from archive.findings import Mark
from archive.models import Record
from archive.rules import LedgerState, Verdict, judge
from archive.trust import trust_archive, trust_from
from archive.verify import Original, Trust, Verification, verify_file
from ecabinet.common import blobs
from ecabinet.ledger import actions as ledger_actions
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.rules.notes import Head, Signer, parse_vkey
from signing.actions import SignedFile
from tests.archive.conftest import Deposit, pdf
from tests.signing.conftest import _demo, sealed, signed, signers, unsigned

__all__ = ["_demo", "sealed", "signed", "signers", "unsigned"]  # fixtures used by name
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Case:
    """A sealed decision in the archive, and what a stranger carries away: file, proof, trust folder."""

    record: Record
    file: Path
    proof: str
    trust_folder: Path

    @property
    def data(self) -> bytes:
        return self.file.read_bytes()

    def check(self, data: bytes | None = None, *, proof: str | None = None) -> Verification:
        if data is not None:
            self.file.with_name("other.pdf").write_bytes(data)
        path = self.file if data is None else self.file.with_name("other.pdf")
        return verify_file(
            path, proof=self.proof if proof is None else proof, trust=trust_from(self.trust_folder)
        )


SEALED: list[bytes] = []


@pytest.fixture
def decision(request: pytest.FixtureRequest) -> bytes:
    """A decision signed and sealed to B-LTA, made once: the keys are those of the session."""
    if not SEALED:
        file: SignedFile = request.getfixturevalue("sealed")
        SEALED.append(blobs.get(file.sha256))
    return SEALED[0]


@pytest.fixture
def case(deposit: Deposit, decision: bytes, tmp_path: Path) -> Case:
    record = deposit(decision)
    actions.seal_deposits()
    record.refresh_from_db()
    folder = tmp_path / "carried"
    with zipfile.ZipFile(io.BytesIO(trust_archive())) as bag:
        bag.extractall(folder / "trust")
    file = folder / "decision.pdf"
    shutil.copyfile(blobs.path_of(record.sha256), file)
    return Case(record, file, record.proof, folder / "trust")


def heads(result: Verification, mark: Mark) -> str:
    with translation.override("en"):
        return " ".join(finding.head for finding in findings.findings(result) if finding.mark == mark)


def test_the_original_is_genuine_by_signature_and_by_ledger(case: Case) -> None:
    result = case.check()
    assert result.verdict == Verdict.GENUINE
    assert (result.reference, result.ledger.state) == ("36/NQ-CP", LedgerState.PROVED)
    good = heads(result, Mark.GOOD)
    assert "Signed by Trần Quốc Khải" in good
    assert "Sealed by" in good
    assert "It stands in the ledger." in good
    assert case.check(proof="").verdict == Verdict.GENUINE


def test_any_change_is_said_with_or_without_the_proof(case: Case) -> None:
    draw = random.Random(36)  # noqa: S311  the same places at every run
    for _ in range(12):
        place = draw.randrange(len(case.data))
        data = bytearray(case.data)
        data[place] ^= 1 << draw.randrange(8)
        assert case.check(bytes(data)).verdict == Verdict.CHANGED, place
        assert case.check(bytes(data), proof="").verdict == Verdict.CHANGED, place


@pytest.mark.parametrize("tail", [b"\n", b"%", b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_added_bytes_are_counted(case: Case, tail: bytes) -> None:
    result = case.check(case.data + tail)
    assert result.verdict == Verdict.CHANGED
    assert result.added == len(tail)
    assert case.check(case.data + tail, proof="").verdict == Verdict.CHANGED


def test_a_file_cut_short_or_replaced_is_changed(case: Case) -> None:
    assert case.check(case.data[:-200]).verdict == Verdict.CHANGED
    assert case.check(pdf("another")).verdict == Verdict.CHANGED
    assert case.check(b"").verdict == Verdict.CHANGED


def test_an_unsigned_file_without_a_proof_is_unknown(case: Case) -> None:
    result = case.check(pdf("another"), proof="")
    assert result.verdict == Verdict.UNKNOWN
    assert case.check(b"not a PDF", proof="").verdict == Verdict.UNKNOWN


def test_without_trust_only_the_ledger_speaks(case: Case) -> None:
    stranger = Trust(certificates=())
    assert verify_file(case.file, trust=stranger).verdict == Verdict.UNKNOWN
    with_key = Trust([parse_vkey(ledger.vkey())], certificates=())
    assert verify_file(case.file, proof=case.proof, trust=with_key).verdict == Verdict.GENUINE
    assert verify_file(case.file, proof=case.proof, trust=stranger).ledger.state == LedgerState.NO_KEY


def test_a_proof_that_does_not_hold_leaves_it_open(case: Case) -> None:
    forged = re.sub(r"^index (\d+)", r"index 1\1", case.proof, flags=re.MULTILINE)
    assert case.check(proof=forged).verdict == Verdict.UNKNOWN
    other_key = Trust([Signer("localhost:8000/ledger", bytes(32)).verifier])
    assert verify_file(case.file, proof=case.proof, trust=other_key).ledger.state == LedgerState.BAD
    assert case.check(proof="nonsense").ledger.state == LedgerState.BAD


def test_a_checkpoint_from_outside_is_compared(case: Case) -> None:
    checkpoint = ledger.latest_checkpoint()
    assert checkpoint is not None
    verifiers = [parse_vkey(ledger.vkey())]

    def against(note: str) -> tuple[str, LedgerState]:
        evidence = read_evidence(case.record.sha256, case.proof, verifiers, [note])
        return evidence.outside, evidence.state

    assert against(checkpoint.note) == ("agrees", LedgerState.PROVED)
    signer = ledger_actions.keys.signer()
    split_view = signer.sign(Head(signer.name, checkpoint.size, bytes(32)).text())
    assert against(split_view) == ("conflicts", LedgerState.BAD)
    later = signer.sign(Head(signer.name, checkpoint.size + 5, bytes(32)).text())
    assert against(later) == ("other_size", LedgerState.PROVED)
    assert against("nonsense")[1] == LedgerState.BAD


def test_changed_pages_are_named(case: Case, tmp_path: Path) -> None:
    before, after = tmp_path / "a.pdf", tmp_path / "b.pdf"
    before.write_bytes(pdf("a", pages=3))
    after.write_bytes(pdf("a", pages=4))
    original = Original("36/NQ-CP", blobs.put_file(before)[0], before)
    result = verify_file(after, original=original)
    assert (result.verdict, result.changed_pages, result.same_pages) == (Verdict.CHANGED, (4,), 3)
    with translation.override("en"):
        assert "Page 4 is another one. 3 pages look the same." in findings.findings(result)[0].detail


def test_beginnings_of_a_file_are_recognised(tmp_path: Path) -> None:
    original, path = pdf("a"), tmp_path / "a.pdf"
    digest = blobs.put_bytes(original)
    for tail in (b"", b"\n", b"more\n%%EOF\n", b"\r\n%%EOF"):
        path.write_bytes(original + tail)
        assert revision_digests(path)[digest] == len(original)


@pytest.mark.parametrize(
    ("signed_says", "state", "is_original", "verdict"),
    [
        ("genuine", LedgerState.NONE, None, Verdict.GENUINE),
        ("genuine", LedgerState.PROVED, True, Verdict.GENUINE),
        ("genuine", LedgerState.BAD, None, Verdict.UNKNOWN),
        ("genuine", LedgerState.OTHER_FILE, None, Verdict.CHANGED),
        ("genuine", LedgerState.NONE, False, Verdict.CHANGED),
        ("unknown", LedgerState.NONE, None, Verdict.UNKNOWN),
        ("unknown", LedgerState.PROVED, None, Verdict.GENUINE),
        ("unknown", LedgerState.NO_KEY, None, Verdict.UNKNOWN),
        ("unsigned", LedgerState.NONE, None, Verdict.UNKNOWN),
        ("unsigned", LedgerState.NONE, True, Verdict.GENUINE),
        ("unsigned", LedgerState.PROVED, None, Verdict.GENUINE),
        ("changed", LedgerState.PROVED, True, Verdict.CHANGED),
        ("changed", LedgerState.NONE, None, Verdict.CHANGED),
    ],
)
def test_three_witnesses_give_one_answer(
    signed_says: str, state: LedgerState, is_original: bool | None, verdict: Verdict
) -> None:
    assert judge(signed_says, state, is_original=is_original) == verdict


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run() -> Iterator[Run]:
    """The command in this process: (exit code, output)."""

    def call(*arguments: str | Path) -> tuple[int, str]:
        out = io.StringIO()
        with pytest.raises(SystemExit) as end:
            call_command("verify", *map(str, arguments), "--language", "en", stdout=out)
        return int(str(end.value.code or 0)), out.getvalue()

    return call


def test_the_command_answers_in_words_and_by_its_exit_code(case: Case, run: Run) -> None:
    code, text = run(case.file, "--trust", case.trust_folder)
    assert (code, text.splitlines()[0]) == (0, "THE GENUINE ORIGINAL: decision.pdf")
    case.file.with_name("decision.pdf.tlog-proof").write_text(case.proof)
    code, text = run(case.file, "--trust", case.trust_folder, "--json")
    answer = json.loads(text)
    assert (code, answer["verdict"], answer["ledger"]["state"]) == (0, "genuine", "proved")
    case.file.write_bytes(case.data + b"%")
    assert run(case.file, "--trust", case.trust_folder)[0] == 1
    case.file.write_bytes(b"nothing")
    case.file.with_name("decision.pdf.tlog-proof").unlink()
    assert run(case.file, "--trust", case.trust_folder)[0] == 2


def alone(folder: Path, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in another process and folder, with none of our variables and no place for data."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ECABINET", "DJANGO", "LC_"))
    }
    environment |= {"PYTHONPATH": str(ROOT), "ECABINET_DATA_DIR": "/nonexistent/data", "HOME": "/nonexistent"}
    command = [sys.executable, "-c", "from ecabinet.cli import main; main()", "verify", *map(str, arguments)]
    return subprocess.run(
        command, env=environment | variables, cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_command_needs_neither_database_nor_settings(case: Case, tmp_path: Path) -> None:
    proof = tmp_path / "kept.tlog-proof"
    proof.write_text(case.proof)
    answer = alone(
        tmp_path, case.file, "--proof", proof, "--trust", case.trust_folder, "--json", LANG="vi_VN"
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert (found["verdict"], found["reference"], found["ledger"]["state"]) == (
        "genuine",
        "36/NQ-CP",
        "proved",
    )
    assert found["answer"] == "Đúng bản gốc"


def test_a_stranger_is_told_where_trust_comes_from(case: Case, tmp_path: Path) -> None:
    answer = alone(tmp_path, case.file, LANG="en_US.UTF-8")
    assert answer.returncode == 2, answer.stderr
    assert "/verify/trust.zip of the site that issued the document" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "english"),
    [
        ([], "The question was not understood"),
        (["a.pdf", "b.pdf"], "The question was not understood"),
        (["a.pdf", "--language", "fr"], "The question was not understood"),
        (["nowhere.pdf"], "there is no file or folder “nowhere.pdf”"),
        (["."], "“.” is a folder"),
        (["a.pdf", "--trust", "nowhere"], "there is no file or folder “nowhere”"),
        (["a.pdf", "--trust", "a.pdf"], "“a.pdf” is not a folder"),
        (["a.pdf", "--vkey", "nonsense"], "--vkey: not a key"),
        (["a.pdf", "--proof", "nowhere"], "there is no file or folder “nowhere”"),
    ],
)
def test_a_question_that_cannot_be_asked_ends_with_three(
    tmp_path: Path, arguments: list[str], english: str
) -> None:
    """Not with two, which is the answer "unknown"."""
    (tmp_path / "a.pdf").write_bytes(pdf())
    answer = alone(tmp_path, *arguments, LANG="en")
    assert (answer.returncode, answer.stdout) == (3, "")
    assert english in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_wrong_setting_is_no_answer(tmp_path: Path) -> None:
    answer = alone(tmp_path, "a.pdf", LANG="en", ECABINET_DEBUG="maybe")
    assert (answer.returncode, answer.stdout) == (3, "")
    assert answer.stderr == "✗ ECABINET_DEBUG must be 1 or 0, not “maybe”.\n"


def test_the_site_itself_believes_its_own_keys(case: Case) -> None:
    trust = trust_from(None)
    assert [verifier.vkey() for verifier in trust.verifiers] == [ledger.vkey()]
    assert trust.certificates is None
    assert settings.DEMO
