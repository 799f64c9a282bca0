"""Theme, text size and contrast: from the person, else from a cookie, so that the first paint is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ecabinet.accounts.enums import TextSize, Theme

COOKIE = "ecabinet_look"


@dataclass(frozen=True)
class Look:
    """Values as in the enums; the templates leave the plain ones out of ``<html>``."""

    theme: str = Theme.AUTO
    text_size: str = TextSize.NORMAL
    high_contrast: bool = False

    def as_cookie(self) -> str:
        return f"{self.theme}.{self.text_size}.{int(self.high_contrast)}"


def from_cookie(value: str) -> Look:
    """The look in a cookie; anything unknown in it counts as plain."""
    theme, text_size, contrast, *_ = [*value.split("."), "", "", ""]
    return Look(
        theme if theme in Theme.values else Theme.AUTO,
        text_size if text_size in TextSize.values else TextSize.NORMAL,
        contrast == "1",
    )


def look_of(request: HttpRequest) -> Look:
    """The person's own look when signed in, otherwise this device's."""
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Look(user.theme, user.text_size, user.high_contrast)
    return from_cookie(request.COOKIES.get(COOKIE, ""))
