"""The way of a decision in words: what was done, what it waits for, what is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend.templatetags.bilingual import in_sentence
from meetings.enums import UNSIGNED, DecisionState
from meetings.models import Decision
from signing.models import SigningRequest


@dataclass(frozen=True)
class Step:
    """One stage: done (with its time), the one it is at, still to come, or ``stopped`` there."""

    words: str
    done: bool
    current: bool
    at: datetime | None = None
    stopped: str = ""  # returned or refused


def steps_of(decision: Decision) -> list[Step]:
    """The five stages; what the signer returned or refused ends at the signature."""
    asked = SigningRequest.objects.filter(subject=f"decision:{decision.pk}").order_by("-created_at").first()
    stages = _stages(decision, asked)
    if decision.state in UNSIGNED:
        done = [Step(words, done=True, current=False, at=at) for words, _coming, at in stages[:2]]
        return [*done, _stop(decision, asked)]
    order = [state for state in DecisionState if state not in UNSIGNED]
    reached = order.index(DecisionState(decision.state))
    return [
        Step(words if place <= reached else coming, place <= reached, place == reached + 1, at)
        for place, (words, coming, at) in enumerate(stages)
    ]


def _stages(decision: Decision, asked: SigningRequest | None) -> list[tuple[str, str, datetime | None]]:
    """Each in words when it is done and when it is to come, and when it was done."""
    name = {"name": decision.signer.full_name}
    agency = {"agency": in_sentence(decision.item.meeting.body.agency)}
    reserved = _("Number %(number)s reserved") % {"number": decision.notation}
    return [
        (reserved, reserved, decision.created_at),
        (
            _("Drawn up and sent for signature"),
            _("Drawing up and sending for signature"),
            asked.created_at if asked else None,
        ),
        (
            _("Signed by %(name)s") % name,
            pgettext("stage of a decision", "Signature of %(name)s") % name,
            decision.signed_at,
        ),
        (
            _("Sealed by %(agency)s, with timestamp") % agency,
            _("Seal of %(agency)s, with timestamp") % agency,
            decision.sealed_at,
        ),
        (
            _("In the archive and searchable"),
            _("Deposit in the archive"),
            decision.record.deposited_at if decision.record else None,
        ),
    ]


def _stop(decision: Decision, asked: SigningRequest | None) -> Step:
    name = {"name": decision.signer.full_name}
    refused = decision.state == DecisionState.REFUSED
    words = _("%(name)s refused to sign") if refused else _("Returned unsigned by %(name)s")
    at = asked.settled_at if asked else None
    return Step(words % name, done=False, current=True, at=at, stopped=str(decision.state))
