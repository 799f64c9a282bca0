"""What the frame of every page needs: look, language, person, and the places they may go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecabinet.accounts.enums import Role, TextSize, Theme
from ecabinet.accounts.queries import government, mandate_text
from ecabinet.accounts.roles import roles_of
from ecabinet.common.clock import today
from frontend.look import look_of

SIGNERS = frozenset({Role.CHAIR, Role.MEMBER, Role.LEADER, Role.SECRETARY})
DESK = frozenset({Role.SECRETARIAT, Role.SECRETARY, Role.ADMINISTRATOR})
REGISTER = frozenset({Role.REGISTRAR, Role.ADMINISTRATOR, Role.AUDITOR})
READERS = frozenset(Role) - {Role.CLERK, Role.REGISTRAR, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. ``for_roles`` empty means everyone who is signed in."""

    name: str
    label: Any
    icon: str
    for_roles: frozenset[Role] = frozenset()
    in_tabs: bool = True
    holds: tuple[str, ...] = ()  # beginnings of other addresses that lie in this place


PLACES = (
    Place("today", gettext_lazy("Today"), "house"),
    Place("meetings", gettext_lazy("Meetings"), "scroll-text", READERS),
    Place("assignments", pgettext_lazy("navigation", "Tasks"), "circle-check", in_tabs=False),
    Place("search", pgettext_lazy("navigation", "Search"), "search", holds=("/records/",)),
    Place("tray", gettext_lazy("Sign"), "signature", SIGNERS),
    Place("register", pgettext_lazy("navigation", "Certificates"), "key-round", REGISTER),
    Place("wagtailadmin_home", gettext_lazy("Administration"), "list", DESK, in_tabs=False),
)


@dataclass(frozen=True)
class NavItem:
    label: str
    icon: str
    url: str
    current: bool
    in_tabs: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``look``, ``masthead`` (lazy, so that a fragment costs no query), ``demo``."""
    return {
        "look": look_of(request),
        "masthead": SimpleLazyObject(lambda: masthead(request)),
        "demo": settings.DEMO,
        "text_sizes": TextSize.choices,
        "themes": Theme.choices,
        "languages": settings.LANGUAGES,
    }


def masthead(request: HttpRequest) -> dict[str, Any]:
    """Name of the body, person, office and navigation; three queries and one per role source."""
    user = getattr(request, "user", None)
    agency = government()
    head: dict[str, Any] = {"body": str(agency) if agency else _("E-Cabinet"), "items": [], "office": ""}
    if user is None or not user.is_authenticated:
        return head
    roles = roles_of(user)
    head["items"] = navigation(request.path, roles)
    head["office"] = mandate_text(user, today())
    return head


def navigation(path: str, roles: frozenset[Role]) -> list[NavItem]:
    """The places open to these roles; the one that holds ``path`` is marked current."""
    open_places = [place for place in PLACES if not place.for_roles or place.for_roles & roles]
    items = ((place, _address(place.name)) for place in open_places)
    return [
        NavItem(str(place.label), place.icon, url, _holds(place, url, path), place.in_tabs)
        for place, url in items
        if url
    ]


def _address(name: str) -> str:
    # A site may run without a room: a place that has no address is not offered.
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _holds(place: Place, url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith((url, *place.holds))
