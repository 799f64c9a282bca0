from __future__ import annotations

from typing import Any

from django import template

from ecabinet.demo.cards import seats

register = template.Library()


@register.inclusion_tag("demo/card_list.html", takes_context=True)
def role_cards(context: template.Context) -> dict[str, Any]:
    """The cards of the people who exist, as forms."""
    request = context["request"]
    return {"seats": list(seats()), "next": request.GET.get("next", "")}
