"""What memberships make of a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ecabinet.accounts.enums import Role
from ecabinet.accounts.models import User
from meetings.enums import MembershipRole
from meetings.models.scope import mandates

_ROLES: dict[str, tuple[Role, ...]] = {
    MembershipRole.CHAIR: (Role.CHAIR, Role.MEMBER),
    MembershipRole.VICE_CHAIR: (Role.MEMBER,),
    MembershipRole.MEMBER: (Role.MEMBER,),
    MembershipRole.SECRETARY: (Role.SECRETARY, Role.SECRETARIAT),
    MembershipRole.INVITEE: (Role.OBSERVER,),
    MembershipRole.OBSERVER: (Role.OBSERVER,),
}


def roles_from_memberships(user: User, on: date) -> Iterable[Role]:
    """Roles that follow from sitting in bodies on that day."""
    held = mandates(user, on).values_list("role", flat=True)
    return {role for membership_role in held for role in _ROLES[membership_role]}
