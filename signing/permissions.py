"""Who may sign what."""

from __future__ import annotations

from ecabinet.accounts.models import User
from signing.models import Certificate, SigningRequest


def can_sign_with(user: User, certificate: Certificate) -> bool:
    """A personal certificate signs for its holder only."""
    return user.is_active and certificate.user_id is not None and certificate.user_id == user.pk


def can_settle(user: User, request: SigningRequest) -> bool:
    """Sign or return: only the person asked. Nobody signs for another."""
    return user.is_active and request.signer_id == user.pk


def can_look(user: User, request: SigningRequest) -> bool:
    """See the file itself: the person asked, and who asked."""
    return user.is_active and user.pk in (request.signer_id, request.requested_by_id)
