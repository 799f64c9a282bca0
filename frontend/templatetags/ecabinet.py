"""Template tags of the design system. Built in: no template needs to load them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frontend.seats import Place, Seat, places

register = template.Library()

MARK_ICONS = {"adopted": "check", "final": "x", "sealed": "seal"}
VERDICT_ICONS = {"adopted": "circle-check", "final": "circle-x", "unknown": "circle-question-mark"}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """``{% icon "check" "icon--sm" %}``: one sign of the sprite, hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        extra,
        static("dist/icons.svg"),
        name,
    )


@register.simple_tag
def docno(reference: str, shape: str = "") -> SafeString:
    """``{% docno "36/NQ-CP" "large" %}``: the number as one unbreakable sign; shape: stacked or large."""
    ordinal, slash, notation = reference.partition("/")
    extra = f" docno--{shape}" if shape else ""
    return format_html(
        '<span class="docno{}"><b>{}</b><span>{}{}</span></span>', extra, ordinal, slash, notation
    )


@register.inclusion_tag("components/figure.html")
def figure(label: str, value: Any, note: str = "", of: Any = "") -> dict[str, Any]:
    """``{% figure label value note of=27 %}``: a reading; stands inside a ``<dl class="readings">``."""
    return {"label": label, "value": value, "note": note, "of": of}


@register.inclusion_tag("components/meter.html")
def meter(done: int, total: int, words: str = "") -> dict[str, Any]:
    """``{% meter 133 214 words %}``: how far something is, as a line with its sentence."""
    return {"share": round(100 * min(done, total) / total, 1) if total else 0, "words": words}


@register.inclusion_tag("components/mark.html")
def mark(kind: str, words: str) -> dict[str, Any]:
    """``{% mark "changed" words %}``: a state in words with its sign in front.

    Kinds: unread, read, changed, adopted, final, sealed, pending, live.
    """
    return {"kind": kind, "words": words, "icon": MARK_ICONS.get(kind, "")}


@register.inclusion_tag("components/verdict.html")
def verdict(
    tone: str, answer: str, reason: str, *, icon: str = "", level: int = 0, small: bool = False
) -> dict[str, Any]:
    """``{% verdict "adopted" answer reason level=2 %}``: tone adopted, final or unknown.

    ``level`` 1 to 3 makes the answer a heading.
    """
    sign = icon or VERDICT_ICONS[tone]
    return {"tone": tone, "answer": answer, "reason": reason, "icon": sign, "level": level, "small": small}


@register.inclusion_tag("components/notice.html")
def notice(kind: str, words: str, strong: str = "", icon: str = "info") -> dict[str, Any]:
    """``{% notice "hatched" words strong %}``: a strip across the page; kind plain, hatched or final."""
    return {"kind": kind, "words": words, "strong": strong, "icon": icon}


@register.inclusion_tag("components/field.html")
def field(bound: Any) -> dict[str, Any]:
    """``{% field form.email %}``: label, hint, control and error of one form field."""
    bound.field.widget.attrs.setdefault("class", "field__input")
    return {"field": bound}


@register.inclusion_tag("components/seats.html")
def seat_map(seats: Sequence[Seat], label: str = "") -> dict[str, Any]:
    """``{% seat_map seats %}``: the half round as SVG, read out as its counts. One Seat per member."""
    placed = [_drawn(seat, place) for seat, place in zip(seats, places(len(seats)), strict=True)]
    return {"seats": placed, "label": label or _spoken(seats)}


@register.inclusion_tag("components/seat_key.html")
def seat_key(*states: str) -> dict[str, Any]:
    """``{% seat_key "for" "against" %}``: the key to a seat map, all states unless some are named."""
    names = state_names()
    wanted = states or tuple(names)
    return {"items": [(state, names[state], KEY_SIGNS.get(state, "")) for state in wanted]}


KEY_SIGNS = {"for": "M7.5 12l3.2 3.2 5.6-6.6", "against": "M8.5 8.5l7 7m0-7l-7 7", "abstain": "M7.5 12h9"}


def state_names() -> dict[str, str]:
    return {
        "for": _("In favour"),
        "against": _("Not in favour"),
        "abstain": _("Abstained"),
        "voted": _("Voted, not yet announced"),
        "wait": _("Not voted yet"),
        "absent": _("Absent"),
    }


def _spoken(seats: Sequence[Seat]) -> str:
    counts = Counter(seat.state for seat in seats)
    return ", ".join(f"{name}: {counts[state]}" for state, name in state_names().items() if counts[state])


def _drawn(seat: Seat, place: Place) -> dict[str, Any]:
    classes = [f"seat--{seat.state}"]
    classes += ["seat--speaking"] * seat.speaking + ["seat--mine"] * seat.mine
    return {
        "seat": seat,
        "classes": " ".join(classes),
        "x": place.x,
        "y": place.y,
        "label_y": round(place.y + 52, 2),
        "sign": _sign(seat.state, place),
    }


def _sign(state: str, at: Place) -> str:
    """The tick, cross or bar in a seat, as path data."""
    match state:
        case "for":
            return f"M{at.x - 12.6:.2f} {at.y:.2f}l9.45 9.45 15.75 -18.9"
        case "against":
            return f"M{at.x - 10.08:.2f} {at.y - 10.08:.2f}l20.16 20.16m0 -20.16l-20.16 20.16"
        case "abstain":
            return f"M{at.x - 12.6:.2f} {at.y:.2f}h25.2"
        case _:
            return ""
