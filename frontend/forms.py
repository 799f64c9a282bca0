"""Forms of the portal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import Agency
from meetings.enums import DecisionType


class DecisionForm(forms.Form):
    """What is printed on a decision; number, date and signer are not for anybody to type."""

    type = forms.ChoiceField(label=_("Type"), choices=DecisionType.choices)
    abstract = forms.CharField(label=_("Abstract"), max_length=400, widget=forms.Textarea({"rows": 2}))
    abstract_en = forms.CharField(
        label=_("Abstract in English"), max_length=400, required=False, widget=forms.Textarea({"rows": 2})
    )
    content = forms.CharField(
        label=_("Content"),
        help_text=_(
            "One paragraph a line. Articles, bases and the enacting formula are set by their first words."
        ),
        widget=forms.Textarea({"rows": 18}),
    )
    recipients = forms.CharField(
        label=_("Recipients"),
        help_text=_("One a line, as printed under “To”."),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    public = forms.BooleanField(label=_("Everyone may find and read it"), required=False)


class RevisionForm(forms.Form):
    """The words of a decision that came back unsigned."""

    abstract = DecisionForm.base_fields["abstract"]
    abstract_en = DecisionForm.base_fields["abstract_en"]
    content = DecisionForm.base_fields["content"]


class DayInput(forms.DateInput):
    """The browser's own calendar; the value goes as ISO 8601, whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AssignmentForm(forms.Form):
    """A task that follows from a conclusion."""

    text = forms.CharField(label=_("Task"), max_length=4000, widget=forms.Textarea({"rows": 4, "lang": "vi"}))
    owner = forms.ModelChoiceField(label=_("Responsible"), queryset=Agency.objects.all())
    due_on = forms.DateField(label=_("Due"), widget=DayInput(), input_formats=["%Y-%m-%d"])


class ExtensionForm(forms.Form):
    until = forms.DateField(input_formats=["%Y-%m-%d"])
    reason = forms.CharField()
