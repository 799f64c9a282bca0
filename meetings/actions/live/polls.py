"""Polls on agenda items: this room knows who sits; ``voting`` knows how to count."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live.attendance import must_be_quorate, present_ids
from meetings.actions.live.consent import draft_sha256
from meetings.actions.live.items import check_current, check_no_open_poll, find_item
from meetings.actions.live.log import Happening, desk, in_session, not_found, perform
from meetings.actions.live.recusal import recused_ids
from meetings.actions.minutes import item_dealt_with
from meetings.enums import ItemKind, MembershipRole
from meetings.models import AgendaItem, ItemPoll, LiveEvent, Meeting, Membership
from meetings.permissions import can_chair, can_read_meeting, membership_of
from meetings.poll_view import mandate_key
from meetings.projection import shown_title
from meetings.queries.live import voting_members
from meetings.snapshots import push_turnout
from voting import actions as voting
from voting.actions import ElectorSpec
from voting.enums import Entitlement
from voting.models import Poll
from voting.receipts import Receipt
from voting.rules import PRESETS


def open_poll(
    *,
    actor: User,
    meeting_id: int,
    item_id: int,
    question: str = "",
    question_en: str = "",
    key: str = "",
) -> LiveEvent:
    """Put the current item to a named vote; the event's body tells the ``poll``.

    Frozen now: the body's rule, the voting mandates and where each of them is, and the SHA-256 of the
    draft as distributed last. Without a question the item's adoption is put, under the title that screens
    show. Needs the quorum.
    """

    def change(meeting: Meeting) -> Happening:
        item = _votable(meeting, item_id)
        asked, asked_en = question_of(item, question, question_en)
        sha256 = draft_sha256(meeting, item)
        poll = voting.open_poll(
            actor=actor,
            question=asked,
            question_en=asked_en,
            text_sha256=sha256,
            rule=PRESETS[meeting.body.rule_preset],
            electors=electors(meeting, item),
        )
        ItemPoll.objects.create(item=item, poll=poll)
        return Happening("poll.opened", {"poll": poll.pk, "item": item.pk, "text_sha256": sha256})

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def cast_ballot(
    *, actor: User, meeting_id: int, poll_id: int, choice: str, key: str, comment: str = ""
) -> Receipt:
    """Cast or change the actor's own ballot; returns after COMMIT.

    Takes no lock on the meeting: ballots wait for nothing but the poll. Raises what ``voting.actions.cast``
    raises, and Denied ``no_mandate``.
    """
    meeting = Meeting.objects.select_related("body").filter(pk=meeting_id).first()
    if meeting is None or not can_read_meeting(actor, meeting):
        raise not_found()
    _poll_of(meeting, poll_id)
    member = membership_of(actor, meeting.body)
    if member is None:
        raise Denied(gettext_lazy("You hold no mandate in this body."), "no_mandate")
    receipt = voting.cast(
        actor=actor,
        poll_id=poll_id,
        mandate=mandate_key(member.pk),
        choice=choice,
        key=key,
        comment=comment,
    )
    push_turnout(meeting.pk)
    return receipt


def close_poll(
    *, actor: User, meeting_id: int, poll_id: int, chair_choice: str | None = None, key: str = ""
) -> LiveEvent:
    """End the vote and publish the verdict.

    On equal votes with a chair who is present and has not voted, WrongState ``chair_must_decide``
    unless the chair closes with ``chair_choice``.
    """

    def change(meeting: Meeting) -> Happening:
        link = _poll_of(meeting, poll_id)
        own_side = chair_choice if can_chair(actor, meeting) else None
        with clock.running():  # it waits for ballots on their way: none of them is later than the close
            poll = voting.close_poll(actor=actor, poll_id=poll_id, chair_choice=own_side)
        item_dealt_with(actor=actor, item_id=link.item_id)
        told = {"poll": poll.pk, "item": link.item_id, **told_of(poll)}
        return Happening("poll.closed", told, at=poll.closed_at)

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def cancel_poll(*, actor: User, meeting_id: int, poll_id: int, reason: str = "", key: str = "") -> LiveEvent:
    """Withdraw an open poll; nothing of it counts."""

    def change(meeting: Meeting) -> Happening:
        link = _poll_of(meeting, poll_id)
        voting.cancel_poll(actor=actor, poll_id=poll_id)
        words = reason.strip()[:200]
        return Happening("poll.cancelled", {"poll": poll_id, "item": link.item_id, "reason": words})

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def electors(meeting: Meeting, item: AgendaItem) -> list[ElectorSpec]:
    """The electorate as it stands now: every voting mandate, and where it is in this item."""
    here, recused = present_ids(meeting), recused_ids(item)
    return [_elector(member, _standing(member, here, recused)) for member in voting_members(meeting)]


def _standing(member: Membership, here: set[int], recused: set[int]) -> Entitlement:
    """Who is not here is absent, recused or not: a recused mandate counts as present for the quorum."""
    if member.pk not in here:
        return Entitlement.ABSENT
    return Entitlement.RECUSED if member.pk in recused else Entitlement.PRESENT


def _elector(member: Membership, standing: Entitlement) -> ElectorSpec:
    return ElectorSpec(
        mandate=mandate_key(member.pk),
        user_id=member.user_id,
        name=member.user.full_name,
        weight=member.weight,
        is_chair=member.role == MembershipRole.CHAIR,
        entitlement=standing,
    )


def _votable(meeting: Meeting, item_id: int) -> AgendaItem:
    in_session(meeting)
    item = find_item(meeting, item_id)
    check_current(item)
    if item.kind == ItemKind.INFORMATION:
        raise WrongState(
            "item_not_votable", _("This item is for information only; nothing is decided on it.")
        )
    check_no_open_poll(meeting)
    must_be_quorate(meeting)
    return item


def question_of(item: AgendaItem, asked: str, asked_en: str) -> tuple[str, str]:
    """The question in both languages: as worded, else the item's adoption."""
    if asked.strip():
        return asked.strip(), asked_en.strip()
    title, title_en = shown_title(item)
    with override("vi"):
        vietnamese = _("Adopt: %(title)s") % {"title": title}
    with override("en"):
        english = _("Adopt: %(title)s") % {"title": title_en} if title_en else ""
    return vietnamese[:400], english[:400]


def _poll_of(meeting: Meeting, poll_id: int) -> ItemPoll:
    link = ItemPoll.objects.filter(item__meeting=meeting, poll=poll_id).first()
    if link is None:
        raise DomainError("poll_not_found", gettext_lazy("There is no such poll in this meeting."), 404)
    return link


def told_of(poll: Poll) -> dict[str, object]:
    """The verdict as the log tells it."""
    verdict = poll.verdict or {}
    return {name: verdict[name] for name in ("adopted", "reason", "counts", "needed", "base")}
