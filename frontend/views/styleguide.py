"""The living page of the design system."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ecabinet.accounts.access import public
from frontend.seats import Seat
from frontend.tokens import Colour, colours

ICONS = Path(__file__).parent.parent / "icons"
LABELS = (
    *("PTT",) * 9,
    *("BQP", "BCA", "BNG", "TTg", "BNV", "BTP", "BTC", "BCT", "BNNMT"),
    *("BXD", "BVHTTDL", "BKHCN", "BGDĐT", "BYT", "BDTTG", "NHNN", "TTCP", "VPCP"),
)
STATES = {
    2: "against",
    8: "absent",
    10: "against",
    16: "abstain",
    20: "against",
    23: "abstain",
    24: "against",
    26: "absent",
}
USES = {
    "paper": gettext_lazy("the ground of every page"),
    "sheet": gettext_lazy("what is in hand: a ballot, a document, the item being discussed"),
    "well": gettext_lazy("the desk under a document; disabled"),
    "wash": gettext_lazy("hover, current row"),
    "ink": gettext_lazy("titles, thick rules, filled marks"),
    "text": gettext_lazy("running text"),
    "muted": gettext_lazy("second line, labels"),
    "link": gettext_lazy("links and focus"),
    "edge": gettext_lazy("borders of controls (3:1)"),
    "rule": gettext_lazy("hair-lines, decorative"),
    "final": gettext_lazy("closing, rejected, revoked, error"),
    "adopted": gettext_lazy("adopted, genuine"),
    "seal": gettext_lazy("gold hair-line, mark of the seal"),
    "seal-text": gettext_lazy("the word beside the seal"),
}


class Sample(forms.Form):
    """Fields to show; the second is wrong on purpose."""

    reference = forms.CharField(
        label=gettext_lazy("Number and notation"),
        help_text=gettext_lazy("As printed on the document, for example 36/NQ-CP"),
    )
    due = forms.DateField(
        label=gettext_lazy("Answer by"),
        error_messages={"invalid": gettext_lazy("February has no 31st day. The month ends on 28/02/2027.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("Other opinion"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every token and component in every state."""
    form = Sample({"reference": "36/NQ-CP", "due": "31/02/2027", "comment": _("Add public hospitals.")})
    context = {
        "colours": _described("normal"),
        "more": _described("more"),
        "icons": sorted(path.stem for path in ICONS.glob("*.svg")),
        "sizes": ["3xl", "2xl", "xl", "lg", "md", "sm", "xs"],
        "spaces": range(1, 9),
        "seats": [
            Seat(label, label, STATES.get(place, "for"), mine=place == 22, speaking=place == 17)
            for place, label in enumerate(LABELS)
        ],
        "form": form,
    }
    return render(request, "frontend/styleguide.html", context)


def _described(contrast: str) -> list[tuple[Colour, str]]:
    known = colours(contrast)
    return [(known[name], str(use)) for name, use in USES.items() if name in known]
