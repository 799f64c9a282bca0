"""Texts that exist in two languages: ``{% load bilingual %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from ecabinet.accounts.models import in_language as chosen

register = template.Library()


@register.simple_tag
def in_language(vietnamese: str, english: str) -> str:
    """``{% in_language record.title record.title_en %}``: the one in the screen's language."""
    return chosen(vietnamese, english)


@register.filter
def in_sentence(agency: object) -> str:
    """“the Government Office”, “the Government”: a name inside an English sentence; else as it is."""
    name = str(agency)
    return name if get_language() == "vi" else f"the {name.removeprefix('The ')}"
