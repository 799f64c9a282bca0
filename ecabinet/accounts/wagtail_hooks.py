"""People, agencies, positions and appointments in the administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSetGroup

from ecabinet.accounts.actions import save_agency, save_appointment, save_person, save_position
from ecabinet.accounts.models import Agency, Appointment, Position, User
from ecabinet.common.admin import CarefulForm, HouseViewSet, MomentColumn, as_instance


def _yes_or_no(person: User) -> Any:
    return _("yes") if person.is_active else _("no")


class _PeopleViewSet(HouseViewSet):
    panels: tuple[Any, ...] = ()

    def get_edit_handler(self) -> Any:
        return ObjectList(list(self.panels), base_form_class=CarefulForm).bind_to_model(self.model)


class PersonViewSet(_PeopleViewSet):
    model = User
    name = "persons"
    icon = "user"
    menu_label = _("People")
    menu_name = "persons"
    list_display = ("full_name", "email", Column("is_active", label=_("May sign in"), accessor=_yes_or_no))
    list_filter = ("is_active",)
    search_fields = ("full_name", "email")
    ordering = ("full_name",)
    save_with = as_instance("person", save_person)
    panels = (
        FieldRowPanel([FieldPanel("full_name"), FieldPanel("email")]),
        FieldRowPanel([FieldPanel("is_active")]),
    )


class AgencyViewSet(_PeopleViewSet):
    model = Agency
    name = "agencies"
    icon = "site"
    menu_label = _("Agencies")
    menu_name = "agencies"
    list_display = ("__str__", "code", "abbreviation", Column("get_kind_display", label=_("Kind")))
    list_filter = ("kind",)
    search_fields = ("name", "name_en", "code", "abbreviation")
    ordering = ("name",)
    save_with = as_instance("agency", save_agency)
    panels = (
        FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]),
        FieldRowPanel([FieldPanel("code"), FieldPanel("legacy_code"), FieldPanel("abbreviation")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("place"), FieldPanel("parent")]),
    )


class PositionViewSet(_PeopleViewSet):
    model = Position
    name = "positions"
    icon = "clipboard-list"
    menu_label = _("Positions")
    menu_name = "positions"
    list_display = ("title", Column("agency", label=_("Agency")), Column("get_duty_display", label=_("Duty")))
    list_filter = ("agency", "duty")
    search_fields = ("title", "title_en", "agency__name")
    save_with = as_instance("position", save_position)
    panels = (
        FieldRowPanel([FieldPanel("agency")]),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_en")]),
        FieldRowPanel([FieldPanel("duty"), FieldPanel("rank")]),
    )


class AppointmentViewSet(_PeopleViewSet):
    model = Appointment
    name = "appointments"
    icon = "date"
    menu_label = _("Appointments")
    menu_name = "appointments"
    list_display = (
        "user",
        Column("position", label=_("Position")),
        MomentColumn("starts_on", label=_("From")),
        MomentColumn("ends_on", label=_("Until")),
    )
    search_fields = ("user__full_name", "position__title")
    save_with = as_instance("appointment", save_appointment)
    panels = (
        FieldRowPanel([FieldPanel("user"), FieldPanel("position")]),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
    )


class PeopleGroup(ModelViewSetGroup):
    menu_label = _("People and agencies")
    menu_name = "people"
    menu_icon = "user"
    menu_order = 150
    items = (PersonViewSet, AgencyViewSet, PositionViewSet, AppointmentViewSet)


class ByNameForm(BaseFilterForm):
    """One box over the list of a chooser."""

    q = forms.CharField(label=_("Name"), required=False)

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q", "").strip()
        if not self.search_query:
            return objects
        self.is_searching = True
        return objects.filter(**{f"{NAMED_BY[objects.model]}__icontains": self.search_query})


NAMED_BY = {User: "full_name", Agency: "name"}


class _ByName:
    filter_form_class = ByNameForm
    per_page = 25

    @property
    def title_column(self) -> Any:
        column = super().title_column  # type: ignore[misc]  # a mixin of untyped views
        column.label = _("Name")
        return column


class ChooseView(_ByName, chooser.ChooseView):
    pass


class ChooseResultsView(_ByName, chooser.ChooseResultsView):
    pass


class _NameChooser(ChooserViewSet):
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView


class PersonChooser(_NameChooser):
    model = User
    icon = "user"
    page_title = _("Choose a person")
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Open this person")


class AgencyChooser(_NameChooser):
    model = Agency
    icon = "site"
    page_title = _("Choose an agency")
    choose_one_text = _("Choose an agency")
    choose_another_text = _("Choose another agency")
    edit_item_text = _("Open this agency")


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [PeopleGroup(), PersonChooser("person_chooser"), AgencyChooser("agency_chooser")]
