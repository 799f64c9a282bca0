from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgencyKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    MINISTRY = "ministry", _("Ministry")
    PROVINCE = "province", _("Province or city")
    OFFICE = "office", _("Office")
    OTHER = "other", _("Other agency")


class Duty(models.TextChoices):
    """What a position obliges its holder to do in the system, beside leading."""

    NONE = "none", pgettext_lazy("duty", "None")
    LEADER = "leader", _("Leads the agency and signs for it")
    SECRETARIAT = "secretariat", _("Secretariat")
    CLERK = "clerk", _("Agency clerk")
    ARCHIVIST = "archivist", _("Archive staff")
    AUDITOR = "auditor", _("Auditor")
    REGISTRAR = "registrar", _("Registration officer")
    ADMINISTRATOR = "administrator", _("System administrator")


class Role(models.TextChoices):
    """What a person is to the system on a given day: from appointments, and from memberships of bodies."""

    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Member")
    SECRETARY = "secretary", _("Secretary of the body")
    OBSERVER = "observer", _("Observer")
    LEADER = "leader", _("Head of an agency")
    SECRETARIAT = "secretariat", _("Secretariat")
    CLERK = "clerk", _("Agency clerk")
    ARCHIVIST = "archivist", _("Archive staff")
    AUDITOR = "auditor", _("Auditor")
    REGISTRAR = "registrar", _("Registration officer")
    ADMINISTRATOR = "administrator", _("System administrator")


class Theme(models.TextChoices):
    AUTO = "auto", _("Same as the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TextSize(models.TextChoices):
    NORMAL = "normal", _("Normal text")
    LARGE = "large", _("Large text")
    LARGER = "larger", _("Larger text")
