"""What the administration shows a clerk: listings, board, reports, first page; the rest is hidden."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from meetings.admin.home import MissingPapers, NextMeetings
from meetings.admin.viewsets import (
    body_viewset,
    dossier_viewset,
    extra_urls,
    item_viewset,
    meeting_viewset,
)
from meetings.permissions import prepares_anything

# Names of the menu entries that stay; everything else Wagtail offers has no place here.
KEPT = frozenset({"meetings", "written", "dossiers", "bodies", "people", "reading", "portal"})


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [meeting_viewset, item_viewset, dossier_viewset, body_viewset]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return extra_urls()


class SecretariatItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return prepares_anything(request.user)


@hooks.register("register_admin_menu_item")
def reading_item() -> MenuItem:
    url = reverse("meetings_reading_index")
    return SecretariatItem(_("Who has read what"), url, name="reading", icon_name="view", order=140)


@hooks.register("register_admin_menu_item")
def written_item() -> MenuItem:
    url = reverse("written-list")
    return SecretariatItem(_("Written ballots"), url, name="written", icon_name="mail", order=120)


@hooks.register("register_admin_menu_item")
def portal_item() -> MenuItem:
    # "/" alone begins every address, so the menu would always show it as the current one.
    return MenuItem(_("Back to the portal"), "/#main", name="portal", icon_name="home", order=900)


@hooks.register("construct_main_menu")
def only_what_a_clerk_needs(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name in KEPT]


@hooks.register("construct_homepage_panels")
def home(request: HttpRequest, panels: list[Any]) -> None:
    mine = [NextMeetings(request.user), MissingPapers(request.user)]
    panels[:] = mine if prepares_anything(request.user) else []


@hooks.register("construct_homepage_summary_items")
def no_page_counts(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("construct_search")
def no_page_search(request: HttpRequest, areas: list[Any]) -> None:
    areas.clear()


@hooks.register("insert_global_admin_css")
def own_sheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("dist/admin.css"))


@hooks.register("insert_global_admin_js")
def own_script() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("dist/admin.js"))
