"""Looks into one PDF from outside, in a process of its own with little memory and time.

Started by ``ecabinet.common.intake`` as a plain script (``python -I intake_worker.py MODE FILE``), so that a
hostile file can at worst end this process. Imports neither Django nor the product. Answers one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import re
import resource
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

MEMORY = 768 * 1024 * 1024  # address space, of which the libraries themselves take about 150 MB
CPU_SECONDS = 60
# qpdf mends what it can; what it had to guess must not be signed as if it were certain.
DAMAGE = ("damaged", "reconstruct", "can't find", "unable to find", "stream length", "endstream")
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/GoToE": "embedded",
    "/Rendition": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/RichMediaExecute": "multimedia",
}
ANNOTATIONS = {
    "/FileAttachment": "embedded",
    "/RichMedia": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/Screen": "multimedia",
    "/3D": "multimedia",
}
# Classification markings stand alone, in capitals (Law on Protection of State Secrets, forms of the stamps).
MARKINGS = {"MẬT": "MẬT", "TỐIMẬT": "TỐI MẬT", "TUYỆTMẬT": "TUYỆT MẬT"}
LABEL = re.compile(r"^(?:ĐỘ|MỨC ĐỘ)\s+MẬT\s*[:：]\s*", re.IGNORECASE)
# A heading broken over two lines: "QUY CHẾ BẢO / MẬT" is no marking.
COMPOUNDS = ("BẢO", "BÍ", "CƠ")
MAX_DEPTH = 40
SMALLEST_PAGE, LARGEST_PAGE = 36.0, 14_400.0  # points: half an inch; the format's own limit


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def kind_of(head: bytes) -> str:
    """What the first bytes say the file is, whatever its name."""
    signatures = (
        (b"%PDF-", "pdf"),
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0", "office"),
        (b"\x89PNG", "image"),
        (b"\xff\xd8\xff", "image"),
        (b"II*\x00", "image"),
        (b"GIF8", "image"),
        (b"{\\rtf", "rtf"),
        (b"MZ", "program"),
        (b"\x7fELF", "program"),
        (b"%!PS", "postscript"),
    )
    found = next((name for sign, name in signatures if head.startswith(sign)), "")
    if found or not head:
        return found or "empty"
    if b"%PDF-" in head:
        return "prefixed"
    return "html" if head.lstrip()[:1] == b"<" else "unknown"


def nodes(value: Any, depth: int = 0) -> Iterator[Any]:
    """The dictionaries inside one object, without following references: each object is visited by itself."""
    import pikepdf

    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        yield value
        children = [child for _key, child in value.items()]
    elif isinstance(value, pikepdf.Array):
        children = list(value)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from nodes(child, depth + 1)


def findings_in(node: Any) -> Iterator[str]:
    """Codes of what one dictionary does that a paper must not do."""
    import pikepdf

    if "/JS" in node:
        yield "javascript"
    for key, names in (("/S", ACTIONS), ("/Subtype", ANNOTATIONS)):
        value = node.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in names:
            yield names[str(value)]
    if "/EF" in node or "/EmbeddedFiles" in node or node.get("/Type") == pikepdf.Name.EmbeddedFile:
        yield "embedded"
    if "/XFA" in node:
        yield "xfa"
    if isinstance(node, pikepdf.Stream) and "/F" in node:
        yield "external"


def active_content(pdf: Any) -> list[str]:
    found = {code for node in nodes(pdf.trailer) for code in findings_in(node)}
    for item in pdf.objects:
        found.update(code for node in nodes(item) for code in findings_in(node))
    return sorted(found)


def signatures(pdf: Any) -> list[list[int]]:
    """The byte ranges of the signatures in the form fields, in file order."""
    import pikepdf

    form = pdf.Root.get("/AcroForm")
    stack = list(form.get("/Fields", [])) if isinstance(form, pikepdf.Dictionary) else []
    ranges, seen = [], 0
    while stack and seen < 10_000:
        seen += 1
        field = stack.pop()
        if not isinstance(field, pikepdf.Dictionary):
            continue
        stack.extend(field.get("/Kids", []))
        value = field.get("/V")
        if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value:
            ranges.append([int(number) for number in value["/ByteRange"]])
    return sorted(ranges, key=lambda numbers: numbers[-2:])


def odd_pages(pdf: Any) -> bool:
    """Whether a page has no sensible size: such a page cannot be shown or printed."""
    for page in pdf.pages:
        left, bottom, right, top = (float(number) for number in page.mediabox)
        for side in (abs(right - left), abs(top - bottom)):
            if not SMALLEST_PAGE <= side <= LARGEST_PAGE:
                return True
    return False


def phrases(path: str) -> Iterator[str]:
    """Pieces of text in the upper half of the first page: runs on one line, parted where a gap is wide."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        half = 0.0 if page.get_rotation() else page.get_size()[1] / 2
        text = page.get_textpage()
        written = text.get_text_range(0, min(text.count_chars(), 6000))
        boxes = [text.get_charbox(index, loose=True) for index in range(len(written))]
        yield from runs([(sign, box) for sign, box in zip(written, boxes, strict=True) if box[1] >= half])


def runs(signs: list[tuple[str, tuple[float, float, float, float]]]) -> Iterator[str]:
    """Join signs (with their left, bottom, right, top) that stand on one line and near each other."""
    run, edge, floor = "", 0.0, 0.0
    for sign, (left, bottom, right, top) in signs:
        size = max(top - bottom, 1.0)
        broken = sign in "\r\n" or abs(bottom - floor) > size / 2 or not -size < left - edge < size
        if run.strip() and broken and not sign.isspace():
            yield run
            run = ""
        if not sign.isspace():
            run, edge, floor = run + sign, right, bottom
        elif run and not run.endswith(" "):
            run += " "
    yield run


def marking(pieces: Iterable[str]) -> str:
    """The classification marking among these pieces, or nothing. "bảo mật" in a text is none."""
    before = ""
    for piece in pieces:
        text = unicodedata.normalize("NFC", piece).strip()
        bare = re.sub(r"[\W_]+", "", LABEL.sub("", text))
        if bare in MARKINGS and not before.rstrip().upper().endswith(COMPOUNDS):
            return MARKINGS[bare]
        before = text or before
    return ""


def stamps(pdf: Any) -> list[str]:
    """Texts of the annotations on the first page: a stamp may carry the marking."""
    annotations = pdf.pages[0].get("/Annots", []) if len(pdf.pages) else []
    return [str(note.get("/Contents", "")) for note in list(annotations)[:200]]


def trailing(data: bytes) -> bool:
    """Whether foreign bytes follow the end of the file, as in a file that is two things at once."""
    end = data.rfind(b"%%EOF")
    return end >= 0 and len(data[end + 5 :].strip(b"\r\n \t\x00")) > 0


def inspect(path: str) -> dict[str, Any]:
    import pikepdf

    with Path(path).open("rb") as source:
        kind = kind_of(source.read(1024))
        source.seek(0, 2)
        source.seek(max(source.tell() - 65_536, 0))
        tail = source.read()
    if kind != "pdf":
        return {"kind": kind, "problems": ["empty" if kind == "empty" else "type"]}
    try:
        with pikepdf.open(path) as pdf:
            return {"kind": kind, **examine(pdf, path, tail)}
    except pikepdf.PasswordError:
        return {"kind": kind, "encrypted": True, "problems": ["encrypted"]}
    except RecursionError:
        return {"kind": kind, "problems": ["heavy"]}
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return {"kind": kind, "problems": ["broken"]}


def examine(pdf: Any, path: str, tail: bytes) -> dict[str, Any]:
    problems = active_content(pdf)
    ranges = signatures(pdf)
    pages = len(pdf.pages)
    warnings = " ".join(str(warning).lower() for warning in pdf.get_warnings())
    checks = (
        ("encrypted", pdf.is_encrypted),
        ("broken", any(word in warnings for word in DAMAGE)),
        ("trailing", trailing(tail)),
        ("pages", pages == 0),
        ("hybrid", bool(ranges) and "/XRefStm" in pdf.trailer),
    )
    problems += [code for code, holds in checks if holds]
    if pages and "broken" not in problems:
        problems += ["boxes"] if odd_pages(pdf) else []
        problems += ["broken"] if rendered_pages(path) != pages else []
    mark = "" if problems or not pages else marking([*phrases(path), *stamps(pdf)])
    return {
        "pages": pages,
        "encrypted": bool(pdf.is_encrypted),
        "problems": [*problems, *(["classified"] if mark else [])],
        "classification": mark,
        "signatures": len(ranges),
        "signed_to": sum(ranges[-1][-2:]) if ranges else 0,
    }


def rendered_pages(path: str) -> int:
    """How many pages the reader's engine sees; both libraries must agree about the file."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            document[0].get_size()
            return len(document)
    except pypdfium2.PdfiumError:
        return -1


def digests(path: str) -> dict[str, Any]:
    """A digest per page: of its words, or of its picture where it has none."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        found = []
        for page in document:
            words = " ".join(page.get_textpage().get_text_range().split())
            content = unicodedata.normalize("NFC", words).encode("utf-8", "replace")
            if not content:
                content = bytes(page.render(scale=0.25).buffer)
            found.append(hashlib.sha256(content).hexdigest()[:32])
            page.close()
    return {"digests": found}


def main() -> None:
    limit()
    mode, path = sys.argv[1:3]
    try:
        answer = (inspect if mode == "inspect" else digests)(path)
    except MemoryError:
        answer = {"problems": ["heavy"]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
