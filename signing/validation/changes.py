"""What may come after a signature: data for checking, timestamps, further signatures; nothing else.

Stricter than pyHanko's own policy, which lets form fields be filled in and empty signature fields drawn over
a page: of a paper whose number or sum was typed in after signing nobody may say "genuine".
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FieldComparisonContext,
    FormUpdate,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

# A later signature's picture: a quarter of an A4 page, in square points. A larger one is there to cover.
LARGEST_PICTURE = 595 * 842 / 4
# Not /NeedAppearances, /DA and /Q: with them a viewer draws fields otherwise than they looked when signed.
FORM_KEYS_MAY_CHANGE = frozenset({"/Fields", "/DR"})


class NewSignatureFields(SigFieldCreationRule):
    """A new field that shows something holds a signature, and one picture of bearable size."""

    def __init__(self) -> None:
        super().__init__(allow_new_visible_after_certify=False)  # type: ignore[no-untyped-call]

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        for name, spec in context.field_specs.items():
            field = spec.new_field
            if spec.old_field_ref is None and field is not None and _only_covers(field):
                raise SuspiciousModification(f"the new field {name} covers the page")
        yield from super().apply(context)


def _only_covers(field: generic.DictionaryObject) -> bool:
    kids = [each.get_object() for each in field.get("/Kids", ())]
    seen = [area for each in (field, *kids) if "/Rect" in each and (area := _area(each))]
    return bool(seen) and ("/V" not in field or len(seen) > 1 or seen[0] > LARGEST_PICTURE)


def _area(widget: generic.DictionaryObject) -> float:
    """In square points. A place that is not written plainly is one for viewers to disagree about."""
    place = list(widget["/Rect"])
    if len(place) != 4 or not all(isinstance(each, int | float | Decimal) for each in place):
        raise SuspiciousModification("a new field stands at no plain place")
    left, bottom, right, top = (float(each) for each in place)
    return abs(right - left) * abs(top - bottom)


POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[NewSignatureFields(), SigFieldModificationRule()],
        ignored_acroform_keys=FORM_KEYS_MAY_CHANGE,
    ),
)


def allowed(signature: EmbeddedPdfSignature) -> bool:
    """Whether all that came after ``signature`` may come after it, by this policy and by its own word.

    ISO 32000-2, 12.8.2.2: a certification at level 1 takes no further signature, only what proves it longer.
    """
    result = signature.evaluate_modifications(POLICY)
    sealed_up = signature.docmdp_level == MDPPerm.NO_CHANGES
    most = ModificationLevel.LTA_UPDATES if sealed_up else ModificationLevel.FORM_FILLING
    return not isinstance(result, SuspiciousModification) and result.modification_level <= most
