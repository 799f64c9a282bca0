"""Forms of the secretariat's administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecabinet.common.admin import CarefulForm
from meetings.actions.agenda import MAX_MINUTES
from meetings.admin.labels import preset_choices
from meetings.enums import DocumentRole, ItemKind, MeetingState
from meetings.models import AgendaItem, Body
from meetings.models.agenda import ON_PAPER
from meetings.models.scope import prepared_bodies


class BodyForm(CarefulForm):
    """Says the rules in force in full below the choice, where they may be longer than it is wide."""

    rule_preset = forms.ChoiceField(label=_("Voting rules"), choices=preset_choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = dict(preset_choices()).get(self.instance.rule_preset)
        if self.instance.pk and rules:
            self.fields["rule_preset"].help_text = gettext("In force: %(rules)s.") % {"rules": rules}


class MeetingForm(CarefulForm):
    """Offers the bodies the person prepares."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = prepared_bodies(self.for_user) if self.for_user else Body.objects.none()
        self.fields["body"].queryset = bodies
        if bodies.count() == 1:
            self.initial.setdefault("body", bodies.get().pk)


class ItemForm(CarefulForm):
    """A matter on paper only has no name here; every other one needs its title."""

    minutes = forms.IntegerField(label=_("Minutes allotted"), min_value=1, max_value=MAX_MINUTES, initial=15)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].help_text = _("A state secret is “on paper only”: leave its title empty.")
        self.fields["title"].required = self.data.get("kind") != ItemKind.PAPER_ONLY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == ItemKind.PAPER_ONLY:
            cleaned["title"], cleaned["title_en"] = ON_PAPER
        return cleaned


class DossierForm(CarefulForm):
    """Offers the items still without a dossier, of meetings that are not over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_items = AgendaItem.objects.filter(
            meeting__body__in=prepared_bodies(self.for_user),
            meeting__state__in=(MeetingState.PREPARING, MeetingState.DISTRIBUTED),
        ).exclude(kind=ItemKind.PAPER_ONLY)
        free = open_items.filter(dossier=None) | open_items.filter(dossier=self.instance.pk)
        self.fields["item"].queryset = free.select_related("meeting").order_by("meeting", "sort_order")
        self.fields["item"].label_from_instance = _item_label


def _item_label(item: AgendaItem) -> str:
    return f"{item.meeting} · {item}"


class PaperForm(forms.Form):
    """A paper to be announced; without a title it is called by its role."""

    role = forms.ChoiceField(label=_("Role"), choices=DocumentRole.choices)
    title = forms.CharField(label=_("Title, when it is not the role"), max_length=300, required=False)


class UploadForm(forms.Form):
    # What an empty file is told, intake knows.
    file = forms.FileField(
        label=_("PDF file"), allow_empty_file=True, widget=forms.ClearableFileInput(attrs={"accept": ".pdf"})
    )


class DistributeForm(forms.Form):
    """The confirmation: the number of the distribution that is meant, and a note to members."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to members"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MinutesForm(forms.Form):
    minutes = forms.IntegerField(min_value=1, max_value=MAX_MINUTES)


class OrderForm(forms.Form):
    """A whole order, as item ids parted by commas, and the order it started from."""

    ids = forms.CharField()
    seen = forms.CharField(required=False)

    def clean_ids(self) -> list[int]:
        return _numbers(self.cleaned_data["ids"])

    def clean_seen(self) -> list[int]:
        return _numbers(self.cleaned_data["seen"])


def _numbers(text: str) -> list[int]:
    parts = [part for part in text.split(",") if part]
    if not all(part.isdecimal() for part in parts):
        raise forms.ValidationError(_("The order cannot be read. Load the page again."))
    return [int(part) for part in parts]
