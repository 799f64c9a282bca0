"""People, agencies, positions and appointments in the administration."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSetGroup

from ecabinet.accounts.actions import save_agency, save_appointment, save_person, save_position
from ecabinet.accounts.models import Agency, Appointment, Position, User
from ecabinet.common.admin import CarefulForm, HouseViewSet, as_instance


class _PeopleViewSet(HouseViewSet):
    panels: tuple[Any, ...] = ()

    def get_edit_handler(self) -> Any:
        panels = [*self.panels, FieldPanel("seen")]
        return ObjectList(panels, base_form_class=CarefulForm).bind_to_model(self.model)


class PersonViewSet(_PeopleViewSet):
    model = User
    name = "persons"
    icon = "user"
    menu_label = _("People")
    menu_name = "persons"
    list_display = ("full_name", "email", "is_active")
    list_filter = ("is_active",)
    search_fields = ("full_name", "email")
    ordering = ("full_name",)
    save_with = as_instance("person", save_person)
    panels = (
        FieldRowPanel([FieldPanel("full_name"), FieldPanel("email")]),
        FieldPanel("is_active"),
    )


class AgencyViewSet(_PeopleViewSet):
    model = Agency
    name = "agencies"
    icon = "site"
    menu_label = _("Agencies")
    menu_name = "agencies"
    list_display = ("name", "code", "abbreviation", "kind")
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
        FieldPanel("agency"),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_en")]),
        FieldRowPanel([FieldPanel("duty"), FieldPanel("rank")]),
    )


class AppointmentViewSet(_PeopleViewSet):
    model = Appointment
    name = "appointments"
    icon = "date"
    menu_label = _("Appointments")
    menu_name = "appointments"
    list_display = ("user", Column("position", label=_("Position")), "starts_on", "ends_on")
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


class PersonChooser(ChooserViewSet):
    model = User
    icon = "user"
    page_title = _("Choose a person")
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Open this person")


class AgencyChooser(ChooserViewSet):
    model = Agency
    icon = "site"
    page_title = _("Choose an agency")
    choose_one_text = _("Choose an agency")
    choose_another_text = _("Choose another agency")
    edit_item_text = _("Open this agency")


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [PeopleGroup(), PersonChooser("person_chooser"), AgencyChooser("agency_chooser")]
