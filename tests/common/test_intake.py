"""Bad papers are refused, each with its own reason; good ones pass, however they are named."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from pytest_django import Settings

from ecabinet.common.errors import DomainError
from ecabinet.common.intake import IntakeReport, inspect_pdf, page_digests, refuse_bad
from ecabinet.common.intake_worker import marking, runs
from tests.cast import pdf

Change = Callable[[pikepdf.Pdf], object]


def changed(folder: Path, change: Change, **options: object) -> Path:
    path = folder / "changed.pdf"
    with pikepdf.open(pdf(folder)) as document:
        change(document)
        document.save(path, **options)
    return path


def action(kind: str, **extra: object) -> Change:
    return lambda document: document.Root.__setitem__("/OpenAction", Dictionary(S=Name(f"/{kind}"), **extra))


def annotation(kind: str, **extra: object) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 9, 9]), **extra)
        document.pages[0].Annots = Array([document.make_indirect(note)])

    return change


def name_tree(document: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def attached(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = b"inside"


def external(document: pikepdf.Pdf) -> None:
    stream = Stream(document, b"")
    stream.stream_dict.F = String("elsewhere.bin")
    document.pages[0].Contents = document.make_indirect(stream)


def box(*numbers: float) -> Change:
    return lambda document: document.pages[0].__setattr__("MediaBox", Array(list(numbers)))


def xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp/>"))


def on_page(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("x()")))


def on_field(document: pikepdf.Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("a"), AA=Dictionary(K=Dictionary(JS=String("x()"))))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


def no_pages(document: pikepdf.Pdf) -> None:
    del document.pages[:]


def stamped(text: str) -> Change:
    return annotation("Stamp", Contents=String(text))


CHANGES: dict[str, tuple[Change, str]] = {
    "script at opening": (action("JavaScript", JS=String("x()")), "javascript"),
    "script in the name tree": (name_tree, "javascript"),
    "script of a page": (on_page, "javascript"),
    "script of a field": (on_field, "javascript"),
    "launch at opening": (action("Launch", F=String("cmd.exe")), "launch"),
    "launch of a link": (annotation("Link", A=Dictionary(S=Name.Launch)), "launch"),
    "form sent at opening": (action("SubmitForm", F=String("x")), "submit"),
    "form data fetched": (action("ImportData", F=String("x")), "submit"),
    "embedded go-to": (action("GoToE"), "embedded"),
    "attachment": (attached, "embedded"),
    "attachment note": (annotation("FileAttachment"), "embedded"),
    "film": (annotation("Movie"), "multimedia"),
    "sound": (annotation("Sound"), "multimedia"),
    "rich media": (annotation("RichMedia"), "multimedia"),
    "3D": (annotation("3D"), "multimedia"),
    "screen": (annotation("Screen"), "multimedia"),
    "rendition": (action("Rendition"), "multimedia"),
    "dynamic form": (xfa, "xfa"),
    "content elsewhere": (external, "external"),
    "page of no width": (box(0, 0, 0, 842), "boxes"),
    "page as large as a hall": (box(0, 0, 90_000, 842), "boxes"),
    "tiny page": (box(0, 0, 5, 5), "boxes"),
    "no pages": (no_pages, "pages"),
    "stamp MẬT": (stamped("MẬT"), "classified"),
    "stamp TỐI MẬT": (stamped("TỐI MẬT"), "classified"),
    "stamp TUYỆT MẬT": (stamped("TUYỆT MẬT"), "classified"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_pdf_that_does_too_much(case: str, tmp_path: Path) -> None:
    change, problem = CHANGES[case]
    report = inspect_pdf(changed(tmp_path, change))
    assert report.problems[0] == problem, report
    assert len(report.sentences) == len(report.problems)
    with pytest.raises(DomainError) as refusal:
        refuse_bad(report)
    assert (refusal.value.code, refusal.value.status) == (f"paper_{problem}", 422)


@pytest.mark.parametrize("options", [{"user": "a", "owner": "b"}, {"user": "", "owner": "b"}])
def test_a_locked_pdf(options: dict[str, str], tmp_path: Path) -> None:
    locked = changed(tmp_path, lambda document: None, encryption=pikepdf.Encryption(**options))
    assert inspect_pdf(locked).problems[0] == "encrypted"


RAW: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "empty", "empty"),
    "zip named pdf": (b"PK\x03\x04rest", "zip", "type"),
    "old Word": (b"\xd0\xcf\x11\xe0rest", "office", "type"),
    "picture": (b"\x89PNG\r\n\x1a\n", "image", "type"),
    "web page": (b"<!doctype html><p>", "html", "type"),
    "program": (b"MZ\x90\x00", "program", "type"),
    "rtf": (b"{\\rtf1}", "rtf", "type"),
    "PostScript": (b"%!PS-Adobe", "postscript", "type"),
    "noise": (b"\x01\x02\x03" * 99, "unknown", "type"),
    "data before the PDF": (b"GARBAGE\n%PDF-1.7\n", "prefixed", "type"),
    "only a head": (b"%PDF-1.7\n", "pdf", "broken"),
    "head and noise": (b"%PDF-1.7\n" + b"\xff" * 500, "pdf", "broken"),
}


@pytest.mark.parametrize("case", RAW)
def test_what_is_no_pdf_at_all(case: str, tmp_path: Path) -> None:
    content, kind, problem = RAW[case]
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    report = inspect_pdf(path)
    assert (report.kind, report.problems[0]) == (kind, problem)


def test_a_pdf_cut_short(tmp_path: Path) -> None:
    path = pdf(tmp_path, pages=3)
    path.write_bytes(path.read_bytes()[:-400])
    assert inspect_pdf(path).problems == ("broken",)


def test_other_data_after_the_end(tmp_path: Path) -> None:
    path = pdf(tmp_path)
    path.write_bytes(path.read_bytes() + b"PK\x03\x04 another file")
    assert "trailing" in inspect_pdf(path).problems


@pytest.mark.parametrize("seed", range(6))
def test_noise_in_a_pdf_never_ends_the_examination(seed: int, tmp_path: Path) -> None:
    path = pdf(tmp_path, pages=2)
    data, dice = bytearray(path.read_bytes()), random.Random(seed)  # noqa: S311 - noise, not a secret
    for _ in range(40):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path.write_bytes(data)
    assert isinstance(inspect_pdf(path), IntakeReport)


def test_limits_come_from_the_settings(tmp_path: Path, settings: Settings) -> None:
    path = pdf(tmp_path, pages=3)
    settings.PAPER_MAX_PAGES = 2
    assert inspect_pdf(path).problems == ("pages_limit",)
    settings.PAPER_MAX_BYTES = 10
    assert inspect_pdf(path).problems == ("size",)


def test_a_sound_pdf_passes_under_any_name(tmp_path: Path) -> None:
    path = pdf(tmp_path, pages=3).rename(tmp_path / "photo.jpg")
    report = inspect_pdf(path)
    assert (report.accepted, report.pages, report.signatures) == (True, 3, 0)
    refuse_bad(report)


def test_changed_pages_are_told_by_their_words(tmp_path: Path) -> None:
    before = page_digests(pdf(tmp_path, "a.pdf", pages=3))
    after = page_digests(pdf(tmp_path, "a.pdf", pages=3, words="new"))
    assert len(before) == len(after) == 3
    assert not set(before) & set(after)


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        (["CHÍNH PHỦ", "MẬT", "Số: 1"], "MẬT"),
        (["T Ố I  M Ậ T"], "TỐI MẬT"),
        (["[TUYỆT MẬT]"], "TUYỆT MẬT"),
        (["Độ mật: TỐI MẬT"], "TỐI MẬT"),
        (["QUY CHẾ BẢO MẬT"], ""),
        (["QUY CHẾ BẢO", "MẬT"], ""),
        (["bảo mật thông tin"], ""),
        (["Mật ong xuất khẩu"], ""),
        (["BÍ", "MẬT"], ""),
    ],
)
def test_markings_are_told_from_mere_words(pieces: list[str], found: str) -> None:
    assert marking(pieces) == found


def test_words_on_one_line_stay_apart_where_the_gap_is_wide() -> None:
    signs = [("A", (0, 0, 8, 10)), ("B", (9, 0, 17, 10)), ("C", (99, 0, 107, 10)), ("D", (0, -20, 8, -10))]
    assert list(runs(signs)) == ["AB", "C", "D"]
