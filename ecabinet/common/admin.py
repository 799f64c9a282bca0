"""What every listing and form of the administration has in common: writes go through actions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.log_actions import log

from ecabinet.common import clock
from ecabinet.common.errors import DomainError


def fingerprint(instance: models.Model) -> str:
    """A digest of everything a form shows of the object, to notice that somebody else changed it."""
    children = getattr(instance, "serializable_data", None)
    data = children() if children else model_to_dict(instance)
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def as_instance(keyword: str, action: Callable[..., Any]) -> Any:
    """The action with its object under the name the views know: ``save(actor=…, instance=…)``."""

    def save(*, actor: Any, instance: Any) -> Any:
        return action(actor=actor, **{keyword: instance})

    return save


class LongLine(AdminAutoHeightTextInput):
    """One line of text that may be long: its field grows with it, and breaks typed into it are spaces."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        value = super().value_from_datadict(data, files, name)
        return None if value is None else " ".join(str(value).split())


class MomentColumn(Column):
    """A day, with its hour when it has one."""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        if value is None:
            return ""
        return clock.minute(value) if isinstance(value, datetime) else clock.day(value)


class CarefulForm(WagtailAdminModelForm):
    """A form that knows which state of the object it was opened on (``seen``)."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            stored = type(self.instance).objects.get(pk=self.instance.pk)
            self.initial["seen"] = fingerprint(stored)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.pk and cleaned.get("seen") != self.initial["seen"]:
            raise forms.ValidationError(
                _(
                    "Someone else changed this while you were working. "
                    "Open it again to see the current state; what you typed is still here to copy."
                ),
                code="stale",
            )
        return cleaned


class _ThroughAction:
    """Lets an action do the writing and shows its refusal in the form, with all that was typed."""

    # The action that writes ``instance`` (not saved, with its children) and returns it; from the viewset.
    save_with: ClassVar[Any]
    request: Any
    form: Any
    error_message: Any = gettext_lazy("Not saved. Look at the marked places.")

    def save_instance(self) -> Any:
        action = "wagtail.edit" if self.form.instance.pk else "wagtail.create"
        instance = self.form.save(commit=False)
        saved = type(self).save_with(actor=self.request.user, instance=instance)
        log(instance=saved, action=action, user=self.request.user, content_changed=True)
        return saved

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]  # a mixin of untyped views
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            self.produced_error_code = refusal.code
            self.produced_error_message = _("Not saved.")
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]  # a mixin


class ActionCreateView(_ThroughAction, generic.CreateView):
    page_title = gettext_lazy("New")
    success_message = gettext_lazy("Saved: %(object)s.")
    submit_button_label = gettext_lazy("Save")
    submit_button_active_label = gettext_lazy("Saving…")


class ActionEditView(_ThroughAction, generic.EditView):
    page_title = gettext_lazy("Edit")
    success_message = gettext_lazy("Saved: %(object)s.")
    submit_button_label = gettext_lazy("Save")
    submit_button_active_label = gettext_lazy("Saving…")
    can_delete = False


class HouseViewSet(ModelViewSet):
    """A listing with forms that write through ``save_with``. Nothing is copied or deleted here."""

    copy_view_enabled = False
    sort_order_field = None
    add_to_reference_index = False
    save_with: ClassVar[Any]
    removed_views: ClassVar[tuple[str, ...]] = ("delete", "usage", "copy", "reorder")

    @property
    def add_view_class(self) -> type[ActionCreateView]:
        return type("CreateView", (self.create_base,), {"save_with": staticmethod(type(self).save_with)})

    @property
    def edit_view_class(self) -> type[ActionEditView]:
        return type("EditView", (self.edit_base,), {"save_with": staticmethod(type(self).save_with)})

    create_base: ClassVar[type[ActionCreateView]] = ActionCreateView
    edit_base: ClassVar[type[ActionEditView]] = ActionEditView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {**common, "delete_url_name": None, "usage_url_name": None}

    def get_urlpatterns(self) -> list[Any]:
        return [p for p in super().get_urlpatterns() if (p.name or "") not in self.removed_views]
