"""The sentence of a verdict in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from ecabinet.accounts.models import in_language

OF_WHOM = {
    "all": gettext_noop("%(needed)d of %(base)d members needed"),
    "present": gettext_noop("%(needed)d of %(base)d members present needed"),
    "cast": gettext_noop("%(needed)d of %(base)d votes cast needed"),
}
SENTENCES = {
    "no_quorum": gettext_noop("No quorum: %(quorum)d of %(members)d members needed, %(present)d present."),
    "reached": gettext_noop("%(of_whom)s; %(in_favour)d in favour: adopted."),
    "missed": gettext_noop("%(of_whom)s; %(in_favour)d in favour: not adopted."),
    "chair_for": gettext_noop(
        "Equal votes, %(in_favour)d to %(against)d; the chair voted in favour: adopted."
    ),
    "chair_against": gettext_noop(
        "Equal votes, %(in_favour)d to %(against)d; the chair voted against: not adopted."
    ),
    "tie_rejected": gettext_noop(
        "Equal votes, %(in_favour)d to %(against)d; the chair took no side: not adopted."
    ),
    "objected": gettext_noop("Consensus needed; %(against)d objected: not adopted."),
    "no_objection": gettext_noop("Consensus: nobody objected: adopted."),
    "nobody_voted": gettext_noop("No vote was cast: not adopted."),
    "option_reached": gettext_noop("%(of_whom)s; %(in_favour)d for “%(option)s”: chosen."),
    "option_missed": gettext_noop("%(of_whom)s; the leading option has %(in_favour)d: none chosen."),
    "option_unopposed": gettext_noop("Consensus: nobody objected; %(in_favour)d for “%(option)s”: chosen."),
    "option_by_chair": gettext_noop(
        "Equal votes, %(in_favour)d each; the chair voted for “%(option)s”: chosen."
    ),
    "option_tied": gettext_noop("Equal votes for the leading options, %(in_favour)d each: none chosen."),
    "option_unvoted": gettext_noop("No option received a vote: none chosen."),
}


def sentence(verdict: Mapping[str, Any]) -> str:
    """The reason of ``Verdict.as_data()`` in the active language; KeyError when it is no verdict."""
    params = dict(verdict["params"])
    if "option" in params:
        params["option"] = in_language(params["option"], params["option_en"])
    params["of_whom"] = _(OF_WHOM[str(verdict["base_kind"])]) % params
    return _(SENTENCES[str(verdict["reason"])]) % params


def sentence_in(language: str, verdict: Mapping[str, Any]) -> str:
    with override(language):
        return sentence(verdict)
