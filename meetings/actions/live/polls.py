"""Polls on agenda items: this room knows who sits; ``voting`` knows how to count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from meetings.actions.live import questions
from meetings.actions.live.attendance import must_be_quorate, present_ids
from meetings.actions.live.items import check_current, check_no_open_poll, find_item
from meetings.actions.live.log import Happening, desk, in_session, not_found, perform
from meetings.actions.live.questions import Put
from meetings.actions.live.recusal import recused_ids
from meetings.actions.minutes import item_dealt_with
from meetings.enums import ItemKind, MembershipRole
from meetings.models import AgendaItem, Body, ItemPoll, LiveEvent, Meeting, Membership
from meetings.permissions import can_chair, can_read_meeting, membership_of
from meetings.poll_view import mandate_key
from meetings.queries.live import voting_members
from meetings.queries.proxies import acting_for, on_item
from meetings.rules.polls import Amendment, Option, basis_digest, options_of
from meetings.snapshots import push_turnout
from voting import actions as voting
from voting.actions import ElectorSpec
from voting.enums import Entitlement
from voting.models import Poll
from voting.receipts import Receipt
from voting.rules import PRESETS, Rule, with_options


def open_poll(
    *,
    actor: User,
    meeting_id: int,
    item_id: int,
    question: str = "",
    question_en: str = "",
    key: str = "",
) -> LiveEvent:
    """Put the current item's text to a named vote; the event's body tells the ``poll``.

    Frozen now: the body's rule, the voting mandates, where each of them is and who acts for it, and the
    hash of the text: the draft as distributed last, with the amendments adopted before. Without a
    question the item's adoption is put, under the title that screens show. Needs the quorum.
    """
    return _put(
        actor, meeting_id, item_id, key, partial(questions.motion, asked=question, asked_en=question_en)
    )


def open_amendment(
    *, actor: User, meeting_id: int, item_id: int, amendment: Amendment, key: str = ""
) -> LiveEvent:
    """Put new words for one clause to the vote, before the text itself; its words and hash are frozen."""
    return _put(actor, meeting_id, item_id, key, partial(questions.amendment, words=amendment))


def open_options(
    *,
    actor: User,
    meeting_id: int,
    item_id: int,
    options: Sequence[Option],
    question: str = "",
    question_en: str = "",
    key: str = "",
) -> LiveEvent:
    """Put two to eight options to the vote; at most one is chosen, by the body's rule."""
    asked = partial(questions.options, choices=options, asked=question, asked_en=question_en)
    return _put(actor, meeting_id, item_id, key, asked)


def open_revote(*, actor: User, meeting_id: int, poll_id: int, reason: str, key: str = "") -> LiveEvent:
    """Take a vote again, for a reason: the earlier one stays visible and counts until this has a result."""

    def change(meeting: Meeting) -> Happening:
        earlier = _poll_of(meeting, poll_id)
        item = _votable(meeting, earlier.item_id)
        return _opened(actor, meeting, item, questions.again(meeting, earlier, reason))

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _put(
    actor: User, meeting_id: int, item_id: int, key: str, ask: Callable[[Meeting, AgendaItem], Put]
) -> LiveEvent:
    def change(meeting: Meeting) -> Happening:
        item = _votable(meeting, item_id)
        return _opened(actor, meeting, item, ask(meeting, item))

    return perform(actor=actor, meeting_id=meeting_id, key=key, may=desk, change=change)


def _opened(actor: User, meeting: Meeting, item: AgendaItem, put: Put) -> Happening:
    """Freeze the question, the rule and the electorate, and tell what was frozen."""
    sha256, electorate = basis_digest(put.basis), electors(meeting, item)
    poll = voting.open_poll(
        actor=actor,
        question=put.question,
        question_en=put.question_en,
        text_sha256=sha256,
        rule=_rule(meeting.body, put),
        electors=electorate,
    )
    ItemPoll.objects.create(
        item=item,
        poll=poll,
        kind=put.kind,
        number=put.number,
        basis=dict(put.basis),
        revote_of=put.revote_of,
        reason=put.reason,
    )
    return Happening(
        "poll.opened", {**_told(poll.pk, item, put), "text_sha256": sha256, "proxies": _acting(electorate)}
    )


def _told(poll_id: int, item: AgendaItem, put: Put) -> dict[str, object]:
    told = {"poll": poll_id, "item": item.pk, "kind": put.kind.value, "number": put.number}
    if put.revote_of is None:
        return told
    return {**told, "revote_of": put.revote_of.poll_id, "reason": put.reason}


def _acting(electorate: Sequence[ElectorSpec]) -> list[dict[str, object]]:
    """Who acts for whom in this poll: both names stand in the log."""
    return [
        {"represented": spec.name, "acting": spec.proxy_name, "mandate": spec.mandate}
        for spec in electorate
        if spec.proxy_id is not None
    ]


def _rule(body: Body, put: Put) -> Rule:
    """The body's rule as it is now, for this question."""
    rule = replace(PRESETS[body.rule_preset], tally_while_open=body.tally_while_open)
    choices = options_of(put.basis)
    return with_options(rule, [(one.text, one.text_en or one.text) for one in choices]) if choices else rule


def cast_ballot(
    *,
    actor: User,
    meeting_id: int,
    poll_id: int,
    choice: str,
    key: str,
    comment: str = "",
    mandate: int | None = None,
) -> Receipt:
    """Cast or change the actor's own ballot, or that of the membership ``mandate`` for which the actor
    held a proxy when the poll opened; returns after COMMIT.

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
        mandate=mandate_key(mandate or member.pk),
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
        told = {"poll": poll.pk, "item": link.item_id, "kind": link.kind, "number": link.number}
        return Happening("poll.closed", {**told, **told_of(poll)}, at=poll.closed_at)

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
    """The electorate as it stands now: every voting mandate, where it is in this item and who acts for it."""
    here, members, recused = present_ids(meeting), voting_members(meeting), recused_ids(item)
    represented = acting_for(meeting, {member.pk for member in members}, here)
    acting, counted = on_item(represented, recused), here | set(represented)
    return [
        _elector(one, _standing(one, here, counted, recused, acting), acting.get(one.pk)) for one in members
    ]


def _standing(
    member: Membership,
    here: Collection[int],
    counted: Collection[int],
    recused: Collection[int],
    acting: Collection[int],
) -> Entitlement:
    """Recused is who is counted as present, represented or not, and takes no part: it counts for the quorum.
    A represented mandate whose proxy takes no part has nobody to cast for it, and is absent.
    """
    if member.pk in recused and member.pk in counted:
        return Entitlement.RECUSED
    return Entitlement.PRESENT if member.pk in here or member.pk in acting else Entitlement.ABSENT


def _elector(member: Membership, standing: Entitlement, proxy: Membership | None) -> ElectorSpec:
    return ElectorSpec(
        mandate=mandate_key(member.pk),
        user_id=member.user_id,
        name=member.user.full_name,
        weight=member.weight,
        is_chair=member.role == MembershipRole.CHAIR,
        entitlement=standing,
        proxy_id=proxy.user_id if proxy else None,
        proxy_name=proxy.user.full_name if proxy else "",
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


def _poll_of(meeting: Meeting, poll_id: int) -> ItemPoll:
    rows = ItemPoll.objects.filter(item__meeting=meeting).select_related("poll", "item")
    link = rows.filter(poll=poll_id).first()
    if link is None:
        raise DomainError("poll_not_found", gettext_lazy("There is no such poll in this meeting."), 404)
    return link


def told_of(poll: Poll) -> dict[str, object]:
    """The verdict as the log tells it."""
    verdict = poll.verdict or {}
    told = {name: verdict[name] for name in ("adopted", "reason", "counts", "needed", "base")}
    return {**told, "chosen": verdict["chosen"]} if verdict.get("chosen") else told
