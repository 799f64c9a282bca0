"""Read receipts: who opened which version, and how far they came."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied
from ecabinet.ledger.actions import record
from meetings.models import DocumentVersion, ReadReceipt
from meetings.permissions import can_read_version


@transaction.atomic
def record_opened(*, actor: User, version: DocumentVersion) -> ReadReceipt:
    """Note that the person opened the version; the first time counts, later ones change nothing."""
    _must_read(actor, version)
    receipt, created = ReadReceipt.objects.get_or_create(
        user=actor, version=version, defaults={"opened_at": clock.now()}
    )
    if created:
        _finish(receipt, version)
        receipt.save()
        details = {"user": actor.pk}
        record(
            actor=actor,
            act="paper.opened",
            subject=f"version:{version.pk}",
            digest=version.sha256,
            details=details,
        )
    return receipt


@transaction.atomic
def record_progress(*, actor: User, version: DocumentVersion, page: int, pages_seen: int = 0) -> ReadReceipt:
    """Keep the page the person is on (from 1) and how many they have seen; both stay within the paper.

    The paper counts as read once its last page was on the screen.
    """
    record_opened(actor=actor, version=version)
    receipt = ReadReceipt.objects.select_for_update().get(user=actor, version=version)
    receipt.last_page = min(max(page, 1), version.pages)
    receipt.pages_seen = min(max(pages_seen, receipt.pages_seen), version.pages)
    _finish(receipt, version)
    receipt.save()
    return receipt


def _finish(receipt: ReadReceipt, version: DocumentVersion) -> None:
    if receipt.finished_at is None and receipt.last_page >= version.pages:
        receipt.finished_at = clock.now()


def _must_read(actor: User, version: DocumentVersion) -> None:
    if not can_read_version(actor, version):
        raise Denied(_("This paper was not distributed to you."))
