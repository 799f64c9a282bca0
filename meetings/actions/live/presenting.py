"""The page of the paper being presented: a hint for screens, in the state and not in the log."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live.log import in_session, not_found
from meetings.models import AgendaItem, DocumentVersion, Meeting, PresentedPage
from meetings.permissions import can_present, can_read_meeting
from meetings.queries.live import current_item, papers_of
from meetings.snapshots import push_page_on_commit


@transaction.atomic
def present_page(*, actor: User, meeting_id: int, version_id: int | None, page: int = 1) -> PresentedPage:
    """Show ``page`` (from 1) of a paper of the current item to all who follow; None ends it.

    Takes no lock on the meeting: pages are turned faster than acts happen, and the last one counts.
    """
    meeting = Meeting.objects.select_related("body").filter(pk=meeting_id).first()
    if meeting is None or not can_read_meeting(actor, meeting):
        raise not_found()
    in_session(meeting)
    item = current_item(meeting)
    if item is None:
        raise WrongState("no_current_item", _("No item is being discussed. Wait until one is called."))
    if not can_present(actor, item):
        raise Denied(_("Only who reports on the item and the desk turn the pages for everybody."))
    version = None if version_id is None else _paper(meeting, item, version_id, page)
    row, _made = PresentedPage.objects.get_or_create(meeting=meeting, defaults={"turned_at": clock.now()})
    facts = {"version": version, "page": page, "presented_by": actor, "turned_at": clock.now()}
    PresentedPage.objects.filter(pk=row.pk).update(turns=F("turns") + 1, **facts)
    push_page_on_commit(meeting.pk)
    row.refresh_from_db()
    return row


def _paper(meeting: Meeting, item: AgendaItem, version_id: int, page: int) -> DocumentVersion:
    papers = (paper.version for paper in papers_of(meeting, item))
    version = next((one for one in papers if one.pk == version_id), None)
    if version is None:
        raise DomainError("paper_not_found", _("This paper does not belong to the item on the table."), 404)
    if not 1 <= page <= version.pages:
        raise DomainError("page_not_found", _("The paper has no such page."), 422)
    return version
