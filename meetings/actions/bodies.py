"""Bodies and their members."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.common.validation import must_be_valid
from ecabinet.ledger.actions import record
from meetings.actions.guards import must_manage
from meetings.enums import MembershipRole
from meetings.models import Body, Membership
from voting.rules import PRESETS


@transaction.atomic
def create_body(
    *,
    actor: User,
    name: str,
    slug: str,
    agency: Agency,
    symbol: str,
    name_en: str = "",
    rule_preset: str = "vn-government",
    papers_lead_days: int = 3,
    minutes_per_speech: int = 5,
) -> Body:
    """A new body. ``symbol`` is the part after the type in numbers (``CP`` in 36/NQ-CP)."""
    body = Body(
        name=name,
        name_en=name_en,
        slug=slug,
        agency=agency,
        symbol=symbol,
        rule_preset=rule_preset,
        papers_lead_days=papers_lead_days,
        minutes_per_speech=minutes_per_speech,
    )
    return save_body(actor=actor, body=body)


@transaction.atomic
def save_body(*, actor: User, body: Body) -> Body:
    """Write a new or changed body together with the members that hang on it unsaved.

    Polls that are open keep the rule they were opened with.
    """
    must_manage(actor)
    if body.rule_preset not in PRESETS:
        raise DomainError("unknown_preset", _("Choose voting rules from the list."))
    must_be_valid(body)
    act = "body.changed" if body.pk else "body.created"
    try:
        body.save()
    except ProtectedError as error:
        raise _mandate_used(error) from error
    details = {"rule_preset": body.rule_preset, "members": body.memberships.count()}
    record(actor=actor, act=act, subject=f"body:{body.pk}", details=details)
    return body


def _mandate_used(error: ProtectedError) -> WrongState:
    """A mandate under which papers were received or the floor was taken is ended, never removed."""
    mandates = [mandate for each in error.protected_objects for mandate in _mandates(each)]
    names = sorted({str(mandate.user) for mandate in mandates})
    return WrongState(
        "membership_used",
        _("%(names)s: took part in meetings. Enter the last day of the mandate instead of removing it.")
        % {"names": ", ".join(names)},
    )


def _mandates(row: Model) -> list[Membership]:
    """Those that a row holds on to, whatever it calls them: most have one, a proxy has two."""
    ties = [field.name for field in row._meta.concrete_fields if field.related_model is Membership]
    return [mandate for name in ties if (mandate := getattr(row, name)) is not None]


@transaction.atomic
def add_member(
    *,
    actor: User,
    body: Body,
    user: User,
    role: MembershipRole = MembershipRole.MEMBER,
    office: str = "",
    office_en: str = "",
    seniority: int = 100,
    weight: int = 1,
    starts_on: date,
    ends_on: date | None = None,
) -> Membership:
    """A mandate from ``starts_on`` to ``ends_on``, both days included; open-ended when None."""
    must_manage(actor)
    membership = Membership(
        body=body,
        user=user,
        role=role,
        office=office,
        office_en=office_en,
        seniority=seniority,
        weight=weight,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    must_be_valid(membership)
    membership.save()
    details = {"body": body.pk, "user": user.pk, "role": str(role), "from": starts_on.isoformat()}
    record(actor=actor, act="membership.created", subject=f"membership:{membership.pk}", details=details)
    return membership


@transaction.atomic
def end_membership(*, actor: User, membership: Membership, on: date) -> Membership:
    """The mandate holds until ``on``, that day included; what was done under it stays valid."""
    must_manage(actor)
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    locked.ends_on = on
    must_be_valid(locked)
    locked.save(update_fields=["ends_on"])
    details = {"until": on.isoformat()}
    record(actor=actor, act="membership.ended", subject=f"membership:{locked.pk}", details=details)
    return locked
