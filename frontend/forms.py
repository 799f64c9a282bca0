"""Forms of the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import Agency, User
from meetings.enums import DecisionType
from meetings.models import Body, Dossier, WrittenBallot
from meetings.models.scope import prepared_bodies


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


class WrittenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A written ballot before it is sent out; offers the bodies and dossiers the person prepares."""

    class Meta:
        model = WrittenBallot
        fields = ("body", "title", "title_en", "question", "question_en", "dossier", "days")
        widgets = {  # noqa: RUF012  # the package declares it so
            name: forms.Textarea({"rows": 2}) for name in ("title", "title_en", "question", "question_en")
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = prepared_bodies(user)
        first = bodies.first()
        self.fields["body"] = forms.ModelChoiceField(bodies, label=_("Body"), empty_label=None)
        self.fields["dossier"] = forms.ModelChoiceField(
            Dossier.objects.prepared_by(user),
            label=_("Dossier"),
            required=False,
            empty_label=_("Without papers"),
            help_text=_("The newest version of each of its papers goes out with the ballot."),
        )
        if self.instance.pk is None and isinstance(first, Body):
            self.initial["days"] = first.written_days

    def clean_title(self) -> str:
        return self._one_line("title")

    def clean_question(self) -> str:
        return self._one_line("question")

    def _one_line(self, name: str) -> str:
        return " ".join(str(self.cleaned_data[name]).split())


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


class PersonField(forms.EmailField):
    """A person, named by the address they sign in with."""

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        if not email:
            return None
        found = User.objects.filter(email=email.lower(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(gettext("Nobody who may sign in has this address."))
        return found


class CertificateRequestForm(forms.Form):
    """An officer, leader or clerk asks for a certificate: of a person, or of an agency's seal."""

    person = PersonField(
        label=_("E-mail address of the holder"),
        required=False,
        help_text=_("For a person. Leave it empty to ask for the seal of an agency."),
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Seal of the agency"), required=False)
    backend = forms.ChoiceField(label=_("Where the key is kept"))

    def __init__(
        self, *args: Any, agencies: QuerySet[Agency], custodies: Any, persons: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = forms.ModelChoiceField(
            agencies,
            label=_("Seal of the agency"),
            required=not persons,
            empty_label=_("No seal") if persons else None,
        )
        self.fields["backend"] = forms.ChoiceField(label=_("Where the key is kept"), choices=custodies)
        if not persons:
            del self.fields["person"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("person")) == bool(cleaned.get("agency")):
            message = gettext("Name a person or choose the seal of an agency, one of both.")
            raise forms.ValidationError(message)
        return cleaned


class OfficerForm(forms.Form):
    """To whom an administrator delegates the certificates of an agency."""

    person = PersonField(label=_("E-mail address of the person"))
    agency = forms.ModelChoiceField(Agency.objects.all(), label=_("Agency"))
    until = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), input_formats=["%Y-%m-%d"]
    )
