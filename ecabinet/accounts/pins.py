"""The signing PIN: six to twelve digits, five attempts, then a pause.

Short enough for a thumb, so every attempt is counted before it is judged: many at once gain nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from ecabinet.accounts.models import SigningPin, User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.ledger.actions import record

SHORTEST, LONGEST = 6, 12
ATTEMPTS, PAUSE = 5, timedelta(minutes=15)


def has_pin(user: User) -> bool:
    return SigningPin.objects.filter(user=user).exists()


@transaction.atomic
def set_pin(*, actor: User, pin: str) -> None:
    """A new PIN for oneself. Raises DomainError ``pin_weak``. The caller has asked for a step-up."""
    if not _is_strong(pin):
        message = _("Type %(shortest)d to %(longest)d digits that are not all alike and not in a row.")
        raise DomainError("pin_weak", message % {"shortest": SHORTEST, "longest": LONGEST})
    values = {"hash": make_password(pin), "set_at": clock.now(), "attempts": 0, "locked_until": None}
    SigningPin.objects.update_or_create(user=actor, defaults=values)
    record(actor=actor, act="pin.set", subject=f"user:{actor.pk}")


def check(*, user: User, pin: str) -> None:
    """Raises DomainError ``pin_missing``, ``pin_locked`` or ``pin_wrong``; a right PIN clears the count."""
    row, now = SigningPin.objects.filter(user=user).first(), clock.now()
    if row is None:
        raise DomainError("pin_missing", _("You have no signing PIN yet. Set one in your security settings."))
    SigningPin.objects.filter(pk=row.pk, locked_until__lte=now).update(attempts=0, locked_until=None)
    _rest(row, now)
    free = Q(locked_until__isnull=True, attempts__lt=ATTEMPTS)
    if not SigningPin.objects.filter(free, pk=row.pk).update(attempts=F("attempts") + 1):
        raise DomainError("pin_locked", _locked_words(), 403)
    if not check_password(pin, row.hash):
        _rest(row, now)
        raise DomainError("pin_wrong", _("This is not your PIN. Nothing was signed: type it again."), 403)
    SigningPin.objects.filter(pk=row.pk).update(attempts=0, locked_until=None)


def _rest(row: SigningPin, now: datetime) -> None:
    """All attempts are used: the pause begins."""
    used_up = SigningPin.objects.filter(pk=row.pk, attempts__gte=ATTEMPTS, locked_until__isnull=True)
    used_up.update(locked_until=now + PAUSE)


def _locked_words() -> str:
    minutes = int(PAUSE.total_seconds() // 60)
    return _("Too many wrong PINs. Wait %(minutes)d minutes, or confirm with a passkey.") % {
        "minutes": minutes
    }


def _is_strong(pin: str) -> bool:
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) > 1 or steps not in ({0}, {1}, {-1})
