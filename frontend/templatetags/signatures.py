"""What is known of a paper's signatures, in a few words."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing.enums import ReportState
from signing.models import FileReport

register = template.Library()

WORDS = {
    "genuine": gettext_lazy("signatures genuine"),
    "changed": gettext_lazy("changed after signing"),
    "unknown": gettext_lazy("signatures cannot be told for certain"),
    "unsigned": gettext_lazy("signatures cannot be told for certain"),  # intake saw some
}


@register.filter
def words_on(reports: Mapping[str, FileReport], sha256: str) -> str:
    """“signatures genuine”: of the file with this digest, from the reports on the page's files."""
    report = reports.get(sha256)
    if report is None or report.waiting:
        return _("signatures are being examined")
    return str(WORDS[report.verdict]) if report.state == ReportState.DONE else _("signatures not examined")
