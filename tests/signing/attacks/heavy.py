"""Files made to keep a reader busy: loops, depths, bombs and crowds."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from tests.signing.attacks.kit import Kit, reader
from tests.signing.attacks.later import EVIL
from tests.signing.attacks.raw import END, body, increment, last_xref, page_contents, root, size, stream

BOMB = 400 * 1024 * 1024  # bytes, of zeros: some hundred thousand when packed


def packed_zeros(length: int) -> bytes:
    packer = zlib.compressobj(9)
    zeros = bytes(1024 * 1024)
    pieces = [packer.compress(zeros) for _each in range(length // len(zeros))]
    return b"".join(pieces) + packer.flush()


def _number(data: bytes, key: str) -> int:
    return int(reader(data).root.raw_get(key).idnum)


def pages_within_themselves(kit: Kit) -> bytes:
    pages = _number(kit.target, "/Pages")
    return increment(
        kit.target, {pages: b"<< /Type /Pages /Count 9 /Kids [%d 0 R %d 0 R] >>" % (pages, pages)}
    )


def a_billion_pages(kit: Kit) -> bytes:
    pages = _number(kit.target, "/Pages")
    return increment(kit.target, {pages: b"<< /Type /Pages /Count 999999999999 /Kids [] >>"})


def fields_within_themselves(kit: Kit) -> bytes:
    """A field is its own child: every path through the form is endless."""
    data, field = kit.target, size(kit.target) + 1
    pages = _number(data, "/Pages")
    catalog = b"<< /Type /Catalog /Pages %d 0 R /AcroForm << /Fields [%d 0 R] /SigFlags 3 >> >>" % (
        pages,
        field,
    )
    child = b"<< /T (a) /FT /Sig /Kids [%d 0 R %d 0 R] >>" % (field, field)
    return increment(data, {root(data): catalog, field: child})


def a_million_brackets(kit: Kit) -> bytes:
    return increment(kit.target, {page_contents(kit.target): b"[" * 1_000_000 + b"]" * 1_000_000})


def an_endless_reference(kit: Kit) -> bytes:
    pages = _number(kit.target, "/Pages")
    return increment(kit.target, {pages: b"%d 0 R" % pages})


def a_bomb_as_table(kit: Kit) -> bytes:
    """The cross-reference stream unpacks to far more than there is memory."""
    data = kit.target
    listing = size(data) + 1
    facts = b"/Type /XRef /W [1 4 1] /Size %d /Root %d 0 R /Prev %d /Filter /FlateDecode"
    entries = facts % (listing + 1, root(data), last_xref(data))
    written, _offsets = body({listing: stream(packed_zeros(BOMB), entries)}, len(data))
    return data + written + b"startxref\n%d\n" % len(data) + END


def a_bomb_as_answer(kit: Kit) -> bytes:
    """An answer on revocation that unpacks to far more than there is memory."""
    data = kit.target
    bomb, store = size(data) + 1, size(data) + 2
    catalog = b"<< /Type /Catalog /Pages %d 0 R /AcroForm %b /DSS %d 0 R >>"
    form = reader(data).root.raw_get("/AcroForm")
    fields = b"%d 0 R" % form.idnum if hasattr(form, "idnum") else _fields(data)
    objects = {
        bomb: stream(packed_zeros(BOMB), b"/Filter /FlateDecode"),
        store: b"<< /OCSPs [%d 0 R] >>" % bomb,
        root(data): catalog % (_number(data, "/Pages"), fields, store),
    }
    return increment(data, objects)


def _fields(data: bytes) -> bytes:
    found = reader(data).root["/AcroForm"]["/Fields"]
    return b"<< /SigFlags 3 /Fields [%b] >>" % b" ".join(b"%d 0 R" % each.idnum for each in found)


def two_thousand_revisions(kit: Kit) -> bytes:
    """Each is harmless; each has to be compared with what was signed."""
    data = bytearray(kit.target)
    before, catalog = last_xref(kit.target), root(kit.target)
    for _each in range(2_000):
        at = len(data)
        closing = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size_of(kit), catalog, before)
        data += b"xref\n0 0\n" + closing + b"startxref\n%d\n" % at + END
        before = at
    return bytes(data)


def size_of(kit: Kit) -> int:
    return SIZES.setdefault(kit.folder.name, size(kit.target))


SIZES: dict[str, int] = {}


def a_hundred_thousand_objects_more(kit: Kit) -> bytes:
    first = size(kit.target) + 1
    objects = dict.fromkeys(range(first, first + 100_000), b"null")
    return increment(kit.target, objects | {page_contents(kit.target): stream(EVIL)})


ATTACKS: dict[str, Callable[[Kit], bytes]] = {
    each.__name__: each
    for each in (
        pages_within_themselves,
        a_billion_pages,
        fields_within_themselves,
        a_million_brackets,
        an_endless_reference,
        a_bomb_as_table,
        a_bomb_as_answer,
        two_thousand_revisions,
        a_hundred_thousand_objects_more,
    )
}
