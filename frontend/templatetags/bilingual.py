"""Texts that exist in two languages: ``{% load bilingual %}``."""

from __future__ import annotations

from django import template

from ecabinet.accounts.models import in_language as chosen

register = template.Library()


@register.simple_tag
def in_language(vietnamese: str, english: str) -> str:
    """``{% in_language record.title record.title_en %}``: the one in the screen's language."""
    return chosen(vietnamese, english)
