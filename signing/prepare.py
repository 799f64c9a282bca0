"""Making a printed document ready for its first signature.

Only the persons' fields are visible. They are tagged (a Form element with an object reference)
before anything is signed, because a change to the structure afterwards would count as a change of
the signed document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

PERSON_FIELD = "Signature"
SEAL_FIELD = "Seal"

_PRINT = 4  # annotation flag: PDF/A wants every annotation printable


@dataclass(frozen=True)
class Slot:
    """One visible place for a signature.

    ``page`` counts from 0, ``box`` is (left, bottom, right, top) in points, ``tooltip`` what a screen
    reader says.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]
    tooltip: str


def add_signature_field(
    pdf: bytes,
    *,
    page: int,
    box: tuple[float, float, float, float],
    tooltip: str,
    name: str = PERSON_FIELD,
) -> bytes:
    """The document with one place for a signature; see ``add_signature_fields``."""
    return add_signature_fields(pdf, [Slot(name, page, box, tooltip)])


def add_signature_fields(pdf: bytes, slots: Sequence[Slot]) -> bytes:
    """The document with visible, tagged, empty signature fields, one for each slot.

    Also brings the file into its plain form once, so call it before the first signature and never
    after. Raises ValueError for a signed or untagged file.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        if "/AcroForm" in document.Root:
            raise ValueError("the document has a form already")
        if "/StructTreeRoot" not in document.Root:
            raise ValueError("the document is not tagged")
        fields = [_add(document, slot) for slot in slots]
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array(fields), SigFlags=3))
        out = BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, min_version="1.7")
    return out.getvalue()


def _add(document: pikepdf.Pdf, slot: Slot) -> Object:
    target = document.pages[slot.page].obj
    field = document.make_indirect(_widget(document, target, slot.box, slot.tooltip, slot.name))
    _tag(document, target, field)
    target.Annots = Array([*target.get("/Annots", []), field])
    target.Tabs = Name.S
    return field


def _widget(
    document: pikepdf.Pdf,
    page: Object,
    box: tuple[float, float, float, float],
    tooltip: str,
    name: str,
) -> Dictionary:
    left, bottom, right, top = box
    empty = document.make_stream(b"")
    empty.Type, empty.Subtype = Name.XObject, Name.Form
    empty.BBox = Array([0, 0, right - left, top - bottom])
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(name),
        TU=String(tooltip),
        Rect=Array([left, bottom, right, top]),
        F=_PRINT,
        P=page,
        AP=Dictionary(N=empty),
    )


def _tag(document: pikepdf.Pdf, page: Object, field: Object) -> None:
    """ISO 14289-1 §7.18.4: the widget hangs in a Form element, found again through the parent tree."""
    root: Any = document.Root.StructTreeRoot
    parent = _first_element(root)
    reference = Dictionary(Type=Name.OBJR, Obj=field, Pg=page)
    # One kid and no array of it: judges of later signatures know the field by this very path.
    form = document.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=parent, Pg=page, K=reference)
    )
    children = parent.get("/K", Array())
    parent.K = Array([*(children if isinstance(children, Array) else [children]), form])
    tree = pikepdf.NumberTree(root.ParentTree)
    key = max(tree, default=-1) + 1
    tree[key] = form
    root.ParentTreeNextKey = key + 1
    field.StructParent = key


def _first_element(root: Any) -> Any:
    kids = root.K
    return kids[0] if isinstance(kids, Array) else kids
