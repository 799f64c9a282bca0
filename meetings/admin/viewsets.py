"""Listings and forms: bodies with their members, meetings, items, dossiers with their documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from ecabinet.common.admin import (
    ActionCreateView,
    ActionEditView,
    HouseViewSet,
    LongLine,
    MomentColumn,
    as_instance,
)
from meetings.actions.agenda import save_item, save_meeting
from meetings.actions.bodies import save_body
from meetings.actions.dossiers import save_dossier
from meetings.admin import board, papers, reading
from meetings.admin.forms import BodyForm, DossierForm, ItemForm, MeetingForm
from meetings.models import AgendaItem, Body, Dossier, Meeting

# A title of an act is a sentence: it is seen whole while it is typed.
LONG = LongLine(attrs={"rows": 1})


def _with_form(viewset: Any, form: type[Any]) -> Any:
    """The panels of the viewset as an edit handler that builds on ``form``."""
    return ObjectList(list(viewset.panels), base_form_class=form).bind_to_model(viewset.model)


class BodyViewSet(HouseViewSet):
    model = Body
    icon = "group"
    menu_label = gettext_lazy("Bodies and members")
    menu_name = "bodies"
    menu_order = 130
    add_to_admin_menu = True
    list_display = ("__str__", "symbol", "papers_lead_days")
    search_fields = ("name", "name_en")
    save_with = as_instance("body", save_body)
    panels = (
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]),
                FieldRowPanel([FieldPanel("agency"), FieldPanel("symbol"), FieldPanel("slug")]),
            ],
            heading=gettext_lazy("Name"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("rule_preset"),
                FieldRowPanel([FieldPanel("papers_lead_days"), FieldPanel("minutes_per_speech")]),
                FieldRowPanel([FieldPanel("written_days"), FieldPanel("written_silence")]),
                FieldRowPanel([FieldPanel("chair_approves_minutes")]),
                FieldPanel("positions_pull"),
                FieldPanel("recusal_hides_papers"),
                FieldPanel("tally_while_open"),
                FieldRowPanel([FieldPanel("proxies"), FieldPanel("proxies_in_quorum")]),
            ],
            heading=gettext_lazy("Rules"),
        ),
        InlinePanel(
            "memberships",
            heading=gettext_lazy("Members"),
            label=gettext_lazy("member"),
            panels=[
                FieldRowPanel([FieldPanel("user"), FieldPanel("role")]),
                FieldRowPanel([FieldPanel("office"), FieldPanel("office_en")]),
                FieldRowPanel([FieldPanel("deputy")]),
                FieldRowPanel(
                    [
                        FieldPanel("seniority"),
                        FieldPanel("weight"),
                        FieldPanel("starts_on"),
                        FieldPanel("ends_on"),
                    ]
                ),
            ],
        ),
    )

    def get_edit_handler(self) -> Any:
        return _with_form(self, BodyForm)


class MeetingIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Meeting]:
        return Meeting.objects.prepared_by(self.request.user).select_related("body")

    def get_edit_url(self, instance: Meeting) -> str:
        return reverse("meetings_board", args=[instance.pk])


class MeetingCreateView(ActionCreateView):
    def get_success_url(self) -> str:
        return reverse("meetings_board", args=[self.object.pk])


class MeetingEditView(ActionEditView):
    def get_queryset(self) -> QuerySet[Meeting]:
        return Meeting.objects.prepared_by(self.request.user)

    def get_success_url(self) -> str:
        return reverse("meetings_board", args=[self.object.pk])

    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("meetings_board", args=[self.object.pk])
        return [HeaderButton(_("Agenda"), url=url, icon_name="list-ul")]


class MeetingViewSet(HouseViewSet):
    model = Meeting
    icon = "calendar-alt"
    menu_label = gettext_lazy("Meetings")
    menu_name = "meetings"
    menu_order = 100
    add_to_admin_menu = True
    list_display = (
        TitleColumn("__str__", label=gettext_lazy("Title"), url_name="meetings_board"),
        Column("body", label=gettext_lazy("Body")),
        MomentColumn("starts_at", label=gettext_lazy("Starts"), sort_key="starts_at"),
        Column("get_state_display", label=gettext_lazy("State")),
    )
    list_filter = ("state", "kind")
    search_fields = ("title", "title_en")
    ordering = ("-starts_at",)
    save_with = as_instance("meeting", save_meeting)
    index_view_class = MeetingIndexView
    create_base = MeetingCreateView
    edit_base = MeetingEditView
    panels = (
        FieldRowPanel([FieldPanel("body")]),
        FieldRowPanel([FieldPanel("title", widget=LONG)]),
        FieldRowPanel([FieldPanel("title_en", widget=LONG)]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("mode")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("place"), FieldPanel("place_en")]),
    )

    def get_edit_handler(self) -> Any:
        return _with_form(self, MeetingForm)


class ItemCreateView(ActionCreateView):
    """A new item of the meeting named in the address (``?meeting=``)."""

    def get_initial_form_instance(self) -> AgendaItem:
        meetings = Meeting.objects.prepared_by(self.request.user)
        return AgendaItem(meeting=get_object_or_404(meetings, pk=self.meeting_id))

    @property
    def meeting_id(self) -> int:
        given = self.request.GET.get("meeting", "")
        return int(given) if given.isdecimal() else 0

    @property
    def add_url(self) -> str:
        return f"{self.get_add_url()}?meeting={self.meeting_id}"

    def get_success_url(self) -> str:
        return reverse("meetings_board", args=[self.object.meeting_id])


class ItemEditView(ActionEditView):
    def get_queryset(self) -> QuerySet[AgendaItem]:
        meetings = Meeting.objects.prepared_by(self.request.user)
        items: QuerySet[AgendaItem] = AgendaItem.objects.filter(meeting__in=meetings)
        return items.select_related("meeting__body")

    def get_success_url(self) -> str:
        return reverse("meetings_board", args=[self.object.meeting_id])


class ItemViewSet(HouseViewSet):
    """Items are reached from the agenda board only."""

    model = AgendaItem
    name = "items"
    icon = "list-ul"
    save_with = as_instance("item", save_item)
    create_base = ItemCreateView
    edit_base = ItemEditView
    removed_views = (*HouseViewSet.removed_views, "index", "index_results")
    panels = (
        FieldRowPanel([FieldPanel("kind"), FieldPanel("minutes")]),
        FieldRowPanel([FieldPanel("title", widget=LONG)]),
        FieldRowPanel([FieldPanel("title_en", widget=LONG)]),
        FieldRowPanel([FieldPanel("sponsor"), FieldPanel("rapporteur")]),
        FieldRowPanel([FieldPanel("consent"), FieldPanel("restricted")]),
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_common_view_kwargs(**kwargs), "index_url_name": None}

    def get_edit_handler(self) -> Any:
        return _with_form(self, ItemForm)


class PaperColumn(Column):
    """A number that says what it counts: on a narrow screen its column has no heading."""

    def get_value(self, instance: Dossier) -> str:
        count: int = super().get_value(instance)
        return ngettext("%(n)d paper", "%(n)d papers", count) % {"n": count}


class DossierIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Dossier]:
        mine: QuerySet[Dossier] = Dossier.objects.prepared_by(self.request.user)
        counted: QuerySet[Dossier] = mine.annotate(papers=Count("documents"))
        return counted.select_related("agency", "item__meeting")

    def get_edit_url(self, instance: Dossier) -> str:
        return reverse("meetings_papers", args=[instance.pk])


class DossierCreateView(ActionCreateView):
    """A new dossier, for the item named in the address (``?item=``) when there is one."""

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET.get("item", "")
        item = AgendaItem.objects.filter(pk=int(given)).first() if given.isdecimal() else None
        if item is None:
            return {}
        return {
            "item": item.pk,
            "agency": item.sponsor_id,
            "title": item.title,
            "title_en": item.title_en,
        }

    def get_success_url(self) -> str:
        return reverse("meetings_papers", args=[self.object.pk])


class DossierEditView(ActionEditView):
    def get_queryset(self) -> QuerySet[Dossier]:
        mine: QuerySet[Dossier] = Dossier.objects.prepared_by(self.request.user)
        return mine

    def get_success_url(self) -> str:
        return reverse("meetings_papers", args=[self.object.pk])

    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("meetings_papers", args=[self.object.pk])
        return [HeaderButton(_("Papers and versions"), url=url, icon_name="doc-full")]


class DossierViewSet(HouseViewSet):
    model = Dossier
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Dossiers")
    menu_name = "dossiers"
    menu_order = 110
    add_to_admin_menu = True
    list_display = (
        TitleColumn("__str__", label=gettext_lazy("Title"), url_name="meetings_papers"),
        Column("agency", label=gettext_lazy("Submitted by")),
        # Mostly the same words as the title: a narrow screen leaves it out.
        Column("item", label=gettext_lazy("Agenda item"), classname="listing__also"),
        PaperColumn("papers", label=gettext_lazy("Papers")),
    )
    list_filter = ("agency",)
    search_fields = ("title", "title_en")
    save_with = as_instance("dossier", save_dossier)
    index_view_class = DossierIndexView
    create_base = DossierCreateView
    edit_base = DossierEditView
    panels = (
        FieldRowPanel([FieldPanel("agency")]),
        FieldRowPanel([FieldPanel("item")]),
        FieldRowPanel([FieldPanel("title", widget=LONG)]),
        FieldRowPanel([FieldPanel("title_en", widget=LONG)]),
        InlinePanel(
            "documents",
            heading=gettext_lazy("Papers"),
            label=gettext_lazy("paper"),
            panels=[
                FieldRowPanel([FieldPanel("role"), FieldPanel("title"), FieldPanel("title_en")]),
            ],
        ),
    )

    def get_edit_handler(self) -> Any:
        return _with_form(self, DossierForm)


body_viewset = BodyViewSet("bodies")
meeting_viewset = MeetingViewSet("meetings")
item_viewset = ItemViewSet("items")
dossier_viewset = DossierViewSet("dossiers")


def extra_urls() -> list[Any]:
    """Pages beside the listings, under /admin/."""
    return [
        path("meetings/<int:pk>/board/", board.BoardView.as_view(), name="meetings_board"),
        path("meetings/<int:pk>/board/order/", board.order, name="meetings_board_order"),
        path("meetings/<int:pk>/distribute/", board.DistributeView.as_view(), name="meetings_distribute"),
        path(
            "meetings/<int:pk>/distributions/",
            board.DistributionsView.as_view(),
            name="meetings_distributions",
        ),
        path("meetings/<int:pk>/board/preview/", board.preview, name="meetings_preview"),
        path("meetings/<int:pk>/reading/", reading.ReadingView.as_view(), name="meetings_reading"),
        path("meetings/<int:pk>/cancel/", board.CancelView.as_view(), name="meetings_cancel"),
        path("agenda-items/<int:pk>/<str:command>/", board.item_command, name="meetings_item_command"),
        path("dossiers/<int:pk>/papers/", papers.PapersView.as_view(), name="meetings_papers"),
        path("dossiers/<int:pk>/papers/add/", papers.add, name="meetings_paper_add"),
        path("papers/<int:pk>/upload/", papers.upload, name="meetings_upload"),
        path("papers/<int:pk>/remove/", papers.remove, name="meetings_document_remove"),
        path("reading/", reading.MeetingsView.as_view(), name="meetings_reading_index"),
    ]
