"""Commands beside those of ``meetings.api``: programme, consent list, recusals, roll calls.

POST meetings/{pk}/items/{item}/reopen             ReasonIn    → Done
POST meetings/{pk}/items/{item}/pull               MemberIn    → Done
POST meetings/{pk}/consent/adopt                   BlockIn     → Done
POST meetings/{pk}/items/{item}/recusal            RecusalIn   → Done
POST meetings/{pk}/items/{item}/recusal/take-back  MemberIn    → Done
POST meetings/{pk}/items/{item}/roll-call          RollCallIn  → Done
POST meetings/{pk}/items/{item}/roll-call/confirm  DigestIn    → Done (id of the poll)
POST meetings/{pk}/items/{item}/roll-call/discard              → Done
POST meetings/{pk}/present                         PageIn      → PageOut
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.security import django_auth

from meetings.actions import live
from meetings.api import Key, actor_of, done
from meetings.api_schemas import Done, ReasonIn

router = Router(tags=["live room"], auth=django_auth)


class MemberIn(Schema):
    membership_id: int | None = None  # the desk only; without: my own mandate


class RecusalIn(MemberIn):
    reason: str = Field(max_length=20)  # conflict, other
    note: str = Field("", max_length=200)


class BlockIn(Schema):
    items: list[int]  # as read out; nothing is adopted when the list has changed


class RollCallIn(Schema):
    held_at: datetime
    answers: dict[int, str]  # by membership: a choice of the rule, absent, recused or silent
    question: str = Field("", max_length=400)  # without: adopt the item
    question_en: str = Field("", max_length=400)


class PageIn(Schema):
    version_id: int | None = None  # without: nothing is presented any more
    page: int = Field(1, ge=1)


class PageOut(Schema):
    turns: int  # as in the state that shows it


class DigestIn(Schema):
    digest: str = Field(max_length=64)  # of the sheet that was compared with the paper


@router.post("meetings/{pk}/items/{item}/reopen", response=Done, summary="Reopen an item")
def reopen_item(request: HttpRequest, pk: int, item: int, data: ReasonIn, key: str = Key) -> Done:
    """A finished or postponed item waits again; what was decided stands until a new poll."""
    event = live.reopen_item(
        actor=actor_of(request), meeting_id=pk, item_id=item, reason=data.reason, key=key
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/pull", response=Done, summary="Take an item off the consent list")
def pull_item(request: HttpRequest, pk: int, item: int, data: MemberIn, key: str = Key) -> Done:
    """In my own name, or by the desk for a member; until the gavel."""
    event = live.pull_item(
        actor=actor_of(request), meeting_id=pk, item_id=item, membership_id=data.membership_id, key=key
    )
    return done(event)


@router.post("meetings/{pk}/consent/adopt", response=Done, summary="Adopt the consent list")
def adopt_consent(request: HttpRequest, pk: int, data: BlockIn, key: str = Key) -> Done:
    """One gavel for all items named; 409 ``consent_changed`` when the list is another by now."""
    return done(live.adopt_consent(actor=actor_of(request), meeting_id=pk, item_ids=data.items, key=key))


@router.post("meetings/{pk}/items/{item}/recusal", response=Done, summary="Take no part in an item")
def declare_recusal(request: HttpRequest, pk: int, item: int, data: RecusalIn, key: str = Key) -> Done:
    """Withdraw from the item, or record that a member does."""
    event = live.declare_recusal(
        actor=actor_of(request),
        meeting_id=pk,
        item_id=item,
        reason=data.reason,
        note=data.note,
        membership_id=data.membership_id,
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/recusal/take-back", response=Done, summary="Take part again")
def take_back_recusal(request: HttpRequest, pk: int, item: int, data: MemberIn, key: str = Key) -> Done:
    """Only until a poll on the item has been opened."""
    event = live.take_back_recusal(
        actor=actor_of(request), meeting_id=pk, item_id=item, membership_id=data.membership_id, key=key
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/roll-call", response=Done, summary="Enter a roll call")
def enter_roll_call(request: HttpRequest, pk: int, item: int, data: RollCallIn, key: str = Key) -> Done:
    """Held on paper; counts once another person of the desk has confirmed the same sheet."""
    event = live.enter_roll_call(
        actor=actor_of(request),
        meeting_id=pk,
        item_id=item,
        answers=data.answers,
        held_at=data.held_at,
        question=data.question,
        question_en=data.question_en,
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/roll-call/confirm", response=Done, summary="Confirm a roll call")
def confirm_roll_call(request: HttpRequest, pk: int, item: int, data: DigestIn, key: str = Key) -> Done:
    """By somebody else than who entered it."""
    event = live.confirm_roll_call(
        actor=actor_of(request), meeting_id=pk, item_id=item, digest=data.digest, key=key
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/roll-call/discard", response=Done, summary="Discard a roll call")
def discard_roll_call(request: HttpRequest, pk: int, item: int, key: str = Key) -> Done:
    """What was entered and not confirmed."""
    return done(live.discard_roll_call(actor=actor_of(request), meeting_id=pk, item_id=item, key=key))


@router.post("meetings/{pk}/present", response=PageOut, summary="Show a page to those who follow")
def present_page(request: HttpRequest, pk: int, data: PageIn) -> PageOut:
    """By who reports on the item, or the desk. No event: the last page counts."""
    row = live.present_page(
        actor=actor_of(request), meeting_id=pk, version_id=data.version_id, page=data.page
    )
    return PageOut(turns=row.turns)
