"""What members think of an item before the meeting."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from meetings.enums import STANCES_WITH_TEXT, Stance
from meetings.models import AgendaItem, PositionStatement
from meetings.permissions import can_state_position, membership_of
from meetings.rules import takes_positions

MAX_COMMENT = 4000


@transaction.atomic
def state_position(*, actor: User, item: AgendaItem, stance: Stance, comment: str = "") -> PositionStatement:
    """State or change one's position; the newest word counts until the item is called.

    ``agree_comment`` and ``object`` need a text (422 ``comment_missing``).
    """
    membership = membership_of(actor, item.meeting.body)
    if membership is None or not can_state_position(actor, item):
        raise Denied(_("Only voting members of the body state a position on this item."))
    locked = AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=item.pk)
    if not takes_positions(locked.meeting.state, locked.state, locked.kind):
        raise WrongState("positions_closed", _("Positions on this item can no longer be stated."))
    text = _comment(stance, comment)
    position, _created = PositionStatement.objects.update_or_create(
        item=locked,
        membership=membership,
        defaults={"stance": stance, "comment": text, "stated_at": clock.now()},
    )
    details = {"item": item.pk, "membership": membership.pk, "stance": str(stance)}
    record(actor=actor, act="position.stated", subject=f"position:{position.pk}", details=details)
    return position


def _comment(stance: Stance, comment: str) -> str:
    text = comment.strip()
    if stance not in Stance.values:
        raise DomainError("unknown_stance", _("Choose one of the positions offered."), 422)
    if stance in STANCES_WITH_TEXT and not text:
        raise DomainError("comment_missing", _("Write in a few words what you object to or add."), 422)
    if len(text) > MAX_COMMENT:
        raise DomainError("comment_long", _("The comment is longer than 4,000 characters. Shorten it."), 422)
    return text
