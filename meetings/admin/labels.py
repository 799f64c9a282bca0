"""Names of the voting rules that come with the house."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from voting.rules import PRESETS

_LABELS: dict[str, Promise] = {
    "vn-government": _("Government of Viet Nam: more than half of all members, the chair breaks a tie"),
    "simple-majority-present": _("Simple majority of those present"),
    "two-thirds-cast": _("Two thirds of the votes cast"),
    "consensus": _("Consensus: adopted unless somebody objects"),
    "unanimity": _("Unanimity of those present"),
    "weighted": _("Weighted votes: more than half of all"),
}


def preset_choices() -> list[tuple[str, Promise | str]]:
    """Every preset with its name; one without a name of its own shows its key."""
    return [(key, _LABELS.get(key, key)) for key in PRESETS]
