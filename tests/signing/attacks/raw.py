"""Changes made to the bytes themselves: what a PDF editor would never write."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping

from tests.signing.attacks.kit import Kit, reader, unsigned
from tests.signing.attacks.later import EVIL

END = b"%%EOF\n"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def last_xref(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def root(data: bytes) -> int:
    return int(reader(data).trailer.raw_get("/Root").idnum)


def size(data: bytes) -> int:
    return int(reader(data).trailer["/Size"])


def page_contents(data: bytes) -> int:
    """The number of the first page's stream."""
    return int(reader(data).root["/Pages"]["/Kids"][0].raw_get("/Contents").idnum)


def table(offsets: Mapping[int, int]) -> bytes:
    rows = [b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in offsets.items()]
    return b"xref\n" + b"".join(rows)


def trailer(data: bytes, prev: int, extra: bytes = b"") -> bytes:
    facts = (size(data) + 20, root(data), prev, extra)
    return b"trailer\n<< /Size %d /Root %d 0 R /Prev %d %b >>\n" % facts


def body(objects: Mapping[int, bytes], start: int) -> tuple[bytes, dict[int, int]]:
    """The objects' bytes when they begin at ``start``, and where each stands."""
    out, offsets = b"", {}
    for number, content in objects.items():
        offsets[number] = start + len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    return out, offsets


def increment(data: bytes, objects: Mapping[int, bytes], *, prev: int | None = None) -> bytes:
    """One more revision by hand, with a table of its own."""
    data = data if data.endswith(b"\n") else data + b"\n"
    written, offsets = body(objects, len(data))
    before = last_xref(data) if prev is None else prev
    at = len(data) + len(written)
    return data + written + table(offsets) + trailer(data, before) + b"startxref\n%d\n" % at + END


def signature_object(data: bytes, place: int = -1) -> tuple[int, bytes]:
    """The number and the text of a signature's dictionary, in file order."""
    embedded = reader(data).embedded_signatures[place]
    number = int(embedded.sig_field.raw_get("/V").idnum)
    found = re.findall(rb"(?s)\n%d 0 obj\s*(<<.*?>>)\s*endobj" % number, data)
    return number, found[-1]


def gap(data: bytes, place: int = -1) -> tuple[int, int, int]:
    """Where the covered bytes of a signature pause, go on, end."""
    _zero, start, resume, length = (int(each) for each in reader(data).embedded_signatures[place].byte_range)
    return start, resume, resume + length


def rewritten(kit: Kit, pattern: bytes, new: bytes) -> bytes:
    """USF: the last signature's dictionary in a new revision, with one entry altered."""
    number, text = signature_object(kit.target)
    return increment(kit.target, {number: re.sub(pattern, new, text, count=1, flags=re.DOTALL)})


CONTENTS, RANGE = rb"/Contents\s*<[0-9a-fA-F]*>", rb"/ByteRange\s*\[[^\]]*\]"
ENTRIES = {
    "contents_removed": (CONTENTS, b""),
    "contents_null": (CONTENTS, b"/Contents null"),
    "contents_empty": (CONTENTS, b"/Contents <>"),
    "contents_zero": (CONTENTS, b"/Contents <00>"),
    "contents_of_another_type": (CONTENTS, b"/Contents 0"),
    "contents_twice": (CONTENTS, rb"\g<0> /Contents <00>"),
    "range_removed": (RANGE, b""),
    "range_null": (RANGE, b"/ByteRange null"),
    "range_empty": (RANGE, b"/ByteRange []"),
    "range_of_nothing": (RANGE, b"/ByteRange [0 0 0 0]"),
    "range_negative": (RANGE, b"/ByteRange [0 -1 2 -7]"),
    "range_backwards": (RANGE, b"/ByteRange [0 4000 100 200]"),
    "range_beyond_the_end": (RANGE, b"/ByteRange [0 100 200 99999999999999999999]"),
    "range_with_gaps": (RANGE, b"/ByteRange [0 100 300 100 600 100]"),
    "range_not_from_the_start": (RANGE, b"/ByteRange [10 100 300 100]"),
    "range_of_fractions": (RANGE, b"/ByteRange [0 100.5 300.5 100]"),
    "range_of_words": (RANGE, b"/ByteRange [(a) (b) (c) (d)]"),
    "range_of_a_hundred_thousand_pieces": (RANGE, b"/ByteRange [" + b"0 9 " * 100_000 + b"]"),
    "type_of_another_kind": (rb"/SubFilter\s*/[\w.]+", b"/SubFilter /adbe.x509.rsa_sha1"),
}


def range_in_place(kit: Kit) -> bytes:
    """The range itself altered where it stands, to the same length."""
    data = kit.target
    at = data.rindex(b"/ByteRange")
    end = data.index(b"]", at)
    shorter = b"/ByteRange [0 0 0 0"
    return data[:at] + shorter + b" " * (end - at - len(shorter)) + data[end:]


def wrapped(kit: Kit) -> bytes:
    """SWA: the second covered part moves to the end, another table and evil objects take its place.

    The dictionary of the signature is given anew with a range that names the new place: all that was signed
    is still there, every object of it is found, and its digest agrees.
    """
    data = kit.target
    start, resume, _end = gap(data)
    second, xref_at = data[resume:], last_xref(data)  # the last words of the file name this place
    number, text = signature_object(data)
    evil_at = xref_at + len(_moved_table(data, 0, {page_contents(data): 0, number: 0}))

    def objects(moved: int) -> Mapping[int, bytes]:
        spot = b"/ByteRange [0 %d %010d %d]" % (start, moved, len(second))
        return {page_contents(data): stream(EVIL), number: re.sub(RANGE, spot, text)}

    moved = evil_at + len(body(objects(0), evil_at)[0])
    written, offsets = body(objects(moved), evil_at)
    filler = b"%" * (xref_at - resume - 1) + b"\n"
    return data[:resume] + filler + _moved_table(data, moved - resume, offsets) + written + second


def _moved_table(data: bytes, shift: int, evil: Mapping[int, int]) -> bytes:
    """The last table of ``data`` with what stands behind the signature's place ``shift`` bytes further on."""
    words = data[last_xref(data) :].split(b"trailer")[0].split()[1:]
    before = int(re.findall(rb"/Prev (\d+)", data[last_xref(data) :])[0])
    _start, resume, _end = gap(data)
    rows: dict[int, int] = {}
    while words:
        first, count = int(words.pop(0)), int(words.pop(0))
        for number in range(first, first + count):
            at, _generation, kind = int(words.pop(0)), words.pop(0), words.pop(0)
            if kind == b"n":
                rows[number] = at + shift if at >= resume else at
    return table(rows | dict(evil)) + trailer(data, before)


def second_contents_in_the_gap(kit: Kit) -> bytes:
    """The place no digest covers is made longer from within: part of the covered bytes is repeated there."""
    start, resume, _end = gap(kit.target)
    return kit.target[:start] + b"<00>" + kit.target[start:resume] + kit.target[resume:]


def evil_objects_in_the_gap(kit: Kit) -> bytes:
    """The hexadecimal place holds objects; the signature itself follows in a new revision."""
    data = kit.target
    start, resume, _end = gap(data)
    number, text = signature_object(data)
    evil = b"%d 0 obj\n%b\nendobj\n" % (page_contents(data), stream(EVIL))
    filled = data[:start] + (b"<" + evil).ljust(resume - start - 1) + b">" + data[resume:]
    at = start + 1
    begun, offsets = body({number: text}, len(filled))
    offsets[page_contents(data)] = at
    table_at = len(filled) + len(begun)
    closing = table(offsets) + trailer(data, last_xref(data)) + b"startxref\n%d\n" % table_at + END
    return filled + begun + closing


def saved_again(kit: Kit) -> bytes:
    """ISA: an update with body, table and trailer."""
    return increment(kit.target, {page_contents(kit.target): stream(EVIL)})


def saved_again_without_a_table(kit: Kit) -> bytes:
    written, _offsets = body({page_contents(kit.target): stream(EVIL)}, len(kit.target))
    return kit.target + written + trailer(kit.target, last_xref(kit.target)) + END


def saved_again_with_the_body_only(kit: Kit) -> bytes:
    written, _offsets = body({page_contents(kit.target): stream(EVIL)}, len(kit.target))
    return kit.target + written + b"startxref\n%d\n" % last_xref(kit.target) + END


def saved_again_with_a_copy_of_the_signature(kit: Kit) -> bytes:
    number, text = signature_object(kit.target)
    return increment(kit.target, {page_contents(kit.target): stream(EVIL), number: text})


def saved_again_with_an_empty_trailer(kit: Kit) -> bytes:
    return kit.target + b"trailer\n<< >>\nstartxref\n0\n" + END


def another_catalog(kit: Kit) -> bytes:
    """Hide and replace: the trailer names the catalog that was signed in hiding."""
    data = kit.target
    hidden = int(reader(data).root["/PieceInfo"].raw_get("/Hidden").idnum)
    closing = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size(data), hidden, last_xref(data))
    return data + b"xref\n0 0\n" + closing + b"startxref\n%d\n" % len(data) + END


def objects_in_a_stream(kit: Kit) -> bytes:
    """An object stream overrides the pages, named by a cross-reference stream."""
    return _by_xref_stream(kit.target, standalone=True)


def hybrid(kit: Kit) -> bytes:
    """A table for old readers, a stream for new ones: two documents in one file."""
    return _by_xref_stream(kit.target, standalone=False)


def _by_xref_stream(data: bytes, *, standalone: bool) -> bytes:
    data = data if data.endswith(b"\n") else data + b"\n"
    pages = int(reader(data).root.raw_get("/Pages").idnum)
    holder, listing = size(data), size(data) + 1
    inside = b"%d 0 << /Type /Pages /Kids [] /Count 0 >>" % pages
    objects = {holder: stream(inside, b"/Type /ObjStm /N 1 /First %d" % (len(b"%d 0 " % pages)))}
    written, offsets = body(objects, len(data))
    at = len(data) + len(written)
    rows = b"".join(
        (b"\x02" + holder.to_bytes(4, "big") + b"\0", b"\x01" + offsets[holder].to_bytes(4, "big") + b"\0")
    )
    facts = b"/Type /XRef /W [1 4 1] /Index [%d 1 %d 1] /Size %d /Root %d 0 R /Prev %d"
    entries = facts % (pages, holder, listing + 1, root(data), last_xref(data))
    packed = zlib.compress(rows)
    whole = (
        data
        + written
        + b"%d 0 obj\n%b\nendobj\n" % (listing, stream(packed, entries + b" /Filter /FlateDecode"))
    )
    if standalone:
        return whole + b"startxref\n%d\n" % at + END
    closing = trailer(data, last_xref(data), b"/XRefStm %d" % at)
    return whole + b"xref\n0 0\n" + closing + b"startxref\n%d\n" % len(whole) + END


def a_free_page(kit: Kit) -> bytes:
    """The table says that an object is free."""
    data, number = kit.target, page_contents(kit.target)
    rows = b"xref\n%d 1\n0000000000 00001 f \n" % number
    return data + rows + trailer(data, last_xref(data)) + b"startxref\n%d\n" % len(data) + END


def a_loop_of_tables(kit: Kit) -> bytes:
    """/Prev points at itself."""
    at = len(kit.target) + len(body({page_contents(kit.target): stream(EVIL)}, len(kit.target))[0])
    return increment(kit.target, {page_contents(kit.target): stream(EVIL)}, prev=at)


def a_loop_of_two_tables(kit: Kit) -> bytes:
    """Two new tables, each of which names the other as the one before it."""
    data = kit.target
    length = len(b"xref\n0 0\n" + _aimed(data, 0))
    first, second = len(data), len(data) + length
    tables = b"xref\n0 0\n" + _aimed(data, second) + b"xref\n0 0\n" + _aimed(data, first)
    return data + tables + b"startxref\n%d\n" % second + END


def _aimed(data: bytes, prev: int) -> bytes:
    return b"trailer\n<< /Size %d /Root %d 0 R /Prev %010d >>\n" % (size(data), root(data), prev)


def a_table_of_a_billion(kit: Kit) -> bytes:
    closing = trailer(kit.target, last_xref(kit.target)).replace(b"/Size ", b"/Size 99999999")
    return kit.target + b"xref\n0 999999999\n" + closing + b"startxref\n%d\n" % len(kit.target) + END


def bytes_behind(kit: Kit) -> bytes:
    return kit.target + b"<script>alert(1)</script>"


def two_ends(kit: Kit) -> bytes:
    return kit.target + b"\n%%EOF\n"


def bytes_before(kit: Kit) -> bytes:
    """A polyglot: something else stands before the header."""
    return b"GIF89a" + kit.target


def a_recycled_signature(kit: Kit) -> bytes:
    """The signature of one paper in the place kept for another's: same signer, same length, same form."""
    other = kit.signed(unsigned())
    evil = kit.sign(kit.answered(unsigned().replace(b"1,000 dong", b"9,999 dong")), "Signature")
    start, resume, _end = gap(evil)
    begin, end, _last = gap(other, 0)
    taken = other[begin + 1 : end - 1][: resume - start - 2]
    return evil[: start + 1] + taken.ljust(resume - start - 2, b"0") + evil[resume - 1 :]


def a_whole_recycled_dictionary(kit: Kit) -> bytes:
    """Range and all, in a paper that is another from the first page on."""
    evil = unsigned().replace(b"1,000 dong", b"9,999 dong")
    _number, text = signature_object(kit.target, 0)
    field, holder = size(evil), size(evil) + 1
    form = int(reader(evil).root.raw_get("/AcroForm").idnum) if _is_indirect(evil) else None
    fields = b"<< /Fields [%d 0 R] /SigFlags 3 >>" % field
    objects = {holder: text, field: b"<< /FT /Sig /T (Signature) /V %d 0 R /Rect [0 0 0 0] >>" % holder}
    if form is None:
        catalog = b"<< /Type /Catalog /Pages %d 0 R /AcroForm %b >>"
        objects[root(evil)] = catalog % (int(reader(evil).root.raw_get("/Pages").idnum), fields)
    else:
        objects[form] = fields
    return increment(evil, objects)


def _is_indirect(data: bytes) -> bool:
    return hasattr(reader(data).root.raw_get("/AcroForm"), "idnum")


def another_page_inside(kit: Kit) -> bytes:
    """The signed text itself, byte for byte of the same length."""
    return kit.target.replace(b"Approved: 1,000 dong", b"Approved: 9,000 dong", 1)


def the_last_revision_cut_off(kit: Kit) -> bytes:
    """Back to the seal, with half of what came later."""
    _start, _resume, end = gap(kit.target, 1)
    return kit.target[: end + 200]


ATTACKS: dict[str, Callable[[Kit], bytes]] = {
    each.__name__: each
    for each in (
        range_in_place,
        wrapped,
        second_contents_in_the_gap,
        evil_objects_in_the_gap,
        saved_again,
        saved_again_without_a_table,
        saved_again_with_the_body_only,
        saved_again_with_a_copy_of_the_signature,
        saved_again_with_an_empty_trailer,
        another_catalog,
        objects_in_a_stream,
        hybrid,
        a_free_page,
        a_loop_of_tables,
        a_loop_of_two_tables,
        a_table_of_a_billion,
        bytes_behind,
        two_ends,
        bytes_before,
        a_recycled_signature,
        a_whole_recycled_dictionary,
        another_page_inside,
        the_last_revision_cut_off,
    )
}
