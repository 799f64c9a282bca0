"""The secret of a code app, as a person types it: ``{% load code_app %}``."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def fours(secret: str) -> list[str]:
    """“ABCDEFGH” in groups of four, so that the eye finds its place again."""
    return [secret[start : start + 4] for start in range(0, len(secret), 4)]
