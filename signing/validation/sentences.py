"""The findings in words: what was found and what a person should do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from ecabinet.common import clock
from signing.validation.report import Code, Reason

_SENTENCES: dict[Code, Any] = {
    "intact": _("Every byte of the file is as it was when it was sealed."),
    "trusted": _("All signatures come from certificates this site trusts."),
    "longterm": _(
        "The file ends with a trusted timestamp of %(time)s and can be checked without the internet."
    ),
    "demo": _("The certificates come from a demonstration authority and have no legal force."),
    "digest": _("The content was changed after “%(signer)s” signed it. Ask for the original file."),
    "bytes_after": _(
        "Something was added after the last signature and nothing covers it (bytes: %(count)s). Ask for the "
        "original file."
    ),
    "padding": _("The place that holds the last signature was altered. Ask for the original file."),
    "container": _("The last signature was altered after it was made. Ask for the original file."),
    "objects": _(
        "Pages, notes or form fields were changed after “%(signer)s” signed. Ask for the original file."
    ),
    "coverage": _("The signature of “%(signer)s” does not cover the whole file of its time."),
    "token": _(
        "The timestamp in the signature of “%(signer)s” was made for another one or altered. Ask for the "
        "original file."
    ),
    "structure": _("The file is damaged: its signatures cannot be read. Ask for the original file."),
    "signer_unknown": _("The certificate of “%(signer)s” comes from an authority this site does not know."),
    "revoked": _("The certificate of “%(signer)s” was revoked. Ask the agency whether the document stands."),
    "issuer_revoked": _(
        "An authority above the certificate of “%(signer)s” was revoked. Ask the agency whether the document "
        "stands."
    ),
    "expired": _(
        "The certificate of “%(signer)s” has expired and no timestamp proves that it was valid then."
    ),
    "revocation_unknown": _(
        "The file does not say whether the certificate of “%(signer)s” was revoked. Ask the agency for the "
        "final file, which ends with a timestamp."
    ),
    "not_proven": _("The signature of “%(signer)s” cannot be confirmed (%(indication)s)."),
    "timestamp_pending": _(
        "The last timestamp is still to come. The document is signed, but not yet for decades."
    ),
    "unsigned": _("The file carries no digital signature."),
    "not_pdf": _("This is not a PDF file. Choose the PDF of the document."),
    "encrypted": _("The file is locked with a password. Ask for one that opens without it."),
    "limits": _(
        "The file could not be examined within the limits of time and memory. Ask for a simpler export of it."
    ),
    "unreadable": _("The file cannot be read as a PDF. Ask for the original file."),
}


CODES = frozenset(_SENTENCES)
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "time": lambda value: clock.exactly(datetime.fromisoformat(value)),
    "count": lambda value: str(number_format(value, force_grouping=True)),
}


def sentence(reason: Reason) -> str:
    """In the language and the time zone that are active."""
    params = {name: _WRITTEN.get(name, str)(value) for name, value in reason.params.items()}
    return str(_SENTENCES[reason.code]) % params
