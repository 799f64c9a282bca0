"""The live room over HTTP: state, what is mine, and one POST per command.

All commands take an ``Idempotency-Key`` header; refusals answer ``{code, message, details}``.

    GET  meetings/{pk}/state?audience=member|observer|projector|desk   StateFrame, ETag, 304, Server-Now
    GET  meetings/{pk}/me                                              Me
    POST meetings/{pk}/start | adjourn                                 → Done
    POST meetings/{pk}/presence                      PresenceIn        → Done
    POST meetings/{pk}/items/{item}/call | end                         → Done
    POST meetings/{pk}/items/{item}/postpone         ReasonIn          → Done
    POST meetings/{pk}/items/{item}/conclusion       ConclusionIn      → Done
    POST meetings/{pk}/floor/request | withdraw      FloorIn           → Done
    POST meetings/{pk}/floor/{request}/give | extend MinutesIn         → Done
    POST meetings/{pk}/floor/{request}/end | remove                    → Done
    POST meetings/{pk}/polls                         PollIn            → Done (id of the poll)
    POST meetings/{pk}/polls/{poll}/cast             BallotIn          → ReceiptOut, step-up
    POST meetings/{pk}/polls/{poll}/close            CloseIn           → Done
    POST meetings/{pk}/polls/{poll}/cancel           ReasonIn          → Done

Socket: ``ws/meetings/<pk>/?audience=…``, server → client: StateFrame and BeatFrame of
``meetings.live_types``; closes with 4401 (not signed in), 4403 (no access, or access ended),
4404 (no such meeting), 4409 "resync" (too slow: connect again).
"""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Header, Router
from ninja.security import django_auth

from ecabinet.accounts import stepup
from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import Denied
from meetings import mine
from meetings.actions import live
from meetings.actions.live.log import not_found
from meetings.api_schemas import (
    BallotIn,
    CloseIn,
    ConclusionIn,
    Done,
    FloorIn,
    MinutesIn,
    PollIn,
    PresenceIn,
    ReasonIn,
    ReceiptOut,
)
from meetings.live_types import Audience, StateFrame
from meetings.models import LiveEvent, Meeting
from meetings.my_types import Me
from meetings.permissions import can_read_meeting, can_watch
from meetings.poll_view import moment
from meetings.snapshots import frame_of

router = Router(tags=["live room"], auth=django_auth)
Key: Any = Header("", alias="Idempotency-Key")  # type: ignore[type-arg]  # a value, no type


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; the router's authentication let nobody else in."""
    return cast("User", request.user)


def readable(request: HttpRequest, pk: int) -> Meeting:
    meeting = Meeting.objects.select_related("body").filter(pk=pk).first()
    if meeting is None or not can_read_meeting(actor_of(request), meeting):
        raise not_found()
    return meeting


def check_audience(user: User, meeting: Meeting, audience: str) -> None:
    """The desk's state is for the desk, the members' for members; the others for every reader."""
    if can_watch(user, meeting, audience):
        return
    if audience == "desk":
        raise Denied(_("The desk is open to the chair and the secretariat only."))
    raise Denied(_("What members see is open to members only. Open the meeting room anew."))


def done(event: LiveEvent) -> Done:
    made = event.body.get("poll") or event.body.get("request") or event.body.get("proxy")
    return Done(seq=event.seq, kind=event.kind, id=made)


@router.get("meetings/{pk}/state", response=StateFrame, summary="What a screen shows")
def state(request: HttpRequest, pk: int, audience: Audience = "member") -> HttpResponse:
    """The state frame of one audience. With ``If-None-Match`` 304 while nothing is newer."""
    meeting = readable(request, pk)
    check_audience(actor_of(request), meeting, audience)
    head, body = frame_of(pk, audience)
    tag = f'"{pk}-{audience}-{head.seq}.{head.votes}.{head.pages}"'
    unchanged = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if unchanged else HttpResponse(body, content_type="application/json")
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    # A screen whose socket is blocked hears no beats: this sets its clock.
    response["Server-Now"] = moment(clock.now())
    return response


@router.get("meetings/{pk}/me", response=Me, summary="What concerns only me")
def get_me(request: HttpRequest, pk: int) -> Me:
    """My mandate, ballot with receipt, wish to speak, position; whether I must confirm who I am."""
    meeting, user = readable(request, pk), actor_of(request)
    url = stepup.step_up_url(user, f"/meetings/{pk}/live/")
    return mine.me(user, meeting, {"fresh": stepup.is_fresh(request), "url": url})


@router.post("meetings/{pk}/start", response=Done, summary="Begin the sitting")
def start(request: HttpRequest, pk: int, key: str = Key) -> Done:
    """Open the sitting; the papers must have been distributed."""
    return done(live.start(actor=actor_of(request), meeting_id=pk, key=key))


@router.post("meetings/{pk}/adjourn", response=Done, summary="End the sitting")
def adjourn(request: HttpRequest, pk: int, key: str = Key) -> Done:
    """Close the sitting; refused while a poll is open."""
    return done(live.adjourn(actor=actor_of(request), meeting_id=pk, key=key))


@router.post("meetings/{pk}/presence", response=Done, summary="Check in, or record presence")
def presence(request: HttpRequest, pk: int, data: PresenceIn, key: str = Key) -> Done:
    """My own presence, or that of others by the desk."""
    event = live.set_presence(
        actor=actor_of(request),
        meeting_id=pk,
        presence=data.presence,
        membership_ids=data.membership_ids,
        reason=data.reason,
        substitute=data.substitute,
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/call", response=Done, summary="Call an item")
def call_item(request: HttpRequest, pk: int, item: int, key: str = Key) -> Done:
    """Put an item on the table; the one before it ends."""
    return done(live.call_item(actor=actor_of(request), meeting_id=pk, item_id=item, key=key))


@router.post("meetings/{pk}/items/{item}/end", response=Done, summary="End an item")
def end_item(request: HttpRequest, pk: int, item: int, key: str = Key) -> Done:
    """The item is dealt with."""
    return done(live.end_item(actor=actor_of(request), meeting_id=pk, item_id=item, key=key))


@router.post("meetings/{pk}/items/{item}/postpone", response=Done, summary="Put an item off")
def postpone_item(request: HttpRequest, pk: int, item: int, data: ReasonIn, key: str = Key) -> Done:
    """The item is not dealt with now; it can be called again."""
    event = live.postpone_item(
        actor=actor_of(request), meeting_id=pk, item_id=item, reason=data.reason, key=key
    )
    return done(event)


@router.post("meetings/{pk}/items/{item}/conclusion", response=Done, summary="Record the conclusion")
def conclusion(request: HttpRequest, pk: int, item: int, data: ConclusionIn, key: str = Key) -> Done:
    """The chair's conclusion; the last text counts."""
    event = live.record_conclusion(
        actor=actor_of(request), meeting_id=pk, item_id=item, text=data.text, key=key
    )
    return done(event)


@router.post("meetings/{pk}/floor/request", response=Done, summary="Ask to speak")
def request_floor(request: HttpRequest, pk: int, data: FloorIn, key: str = Key) -> Done:
    """Join the queue on the current item, with a point of order before the others."""
    event = live.request_floor(
        actor=actor_of(request), meeting_id=pk, kind=data.kind, membership_id=data.membership_id, key=key
    )
    return done(event)


@router.post("meetings/{pk}/floor/withdraw", response=Done, summary="Take the wish to speak back")
def withdraw_request(request: HttpRequest, pk: int, data: FloorIn, key: str = Key) -> Done:
    """Leave the queue."""
    return done(live.withdraw_request(actor=actor_of(request), meeting_id=pk, kind=data.kind, key=key))


@router.post("meetings/{pk}/floor/{floor}/give", response=Done, summary="Give the floor")
def give_floor(request: HttpRequest, pk: int, floor: int, data: MinutesIn, key: str = Key) -> Done:
    """The clock starts; who spoke before has finished."""
    event = live.give_floor(
        actor=actor_of(request), meeting_id=pk, request_id=floor, minutes=data.minutes, key=key
    )
    return done(event)


@router.post("meetings/{pk}/floor/{floor}/extend", response=Done, summary="Give more minutes")
def extend_floor(request: HttpRequest, pk: int, floor: int, data: MinutesIn, key: str = Key) -> Done:
    """One minute more unless told otherwise."""
    event = live.extend_floor(
        actor=actor_of(request), meeting_id=pk, request_id=floor, minutes=data.minutes, key=key
    )
    return done(event)


@router.post("meetings/{pk}/floor/{floor}/end", response=Done, summary="End the speech")
def end_floor(request: HttpRequest, pk: int, floor: int, key: str = Key) -> Done:
    """By the desk, or by the speaker."""
    return done(live.end_floor(actor=actor_of(request), meeting_id=pk, request_id=floor, key=key))


@router.post("meetings/{pk}/floor/{floor}/remove", response=Done, summary="Take someone off the queue")
def remove_request(request: HttpRequest, pk: int, floor: int, key: str = Key) -> Done:
    """By the desk."""
    return done(live.remove_request(actor=actor_of(request), meeting_id=pk, request_id=floor, key=key))


@router.post("meetings/{pk}/polls", response=Done, summary="Open a poll")
def open_poll(request: HttpRequest, pk: int, data: PollIn, key: str = Key) -> Done:
    """A named vote on the current item; rule, electorate and text are frozen."""
    event = live.open_poll(
        actor=actor_of(request),
        meeting_id=pk,
        item_id=data.item_id,
        question=data.question,
        question_en=data.question_en,
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/polls/{poll}/cast", response=ReceiptOut, summary="Cast or change my ballot")
def cast_ballot(request: HttpRequest, pk: int, poll: int, data: BallotIn, key: str = Key) -> ReceiptOut:
    """Needs a recent proof of identity (403 ``step_up_required``). Answers once the ballot is durable.

    A ballot against which there is nothing to say has been taken at ``meetings.ballot_door`` already.
    """
    stepup.require(request, f"/meetings/{pk}/live/")
    receipt = live.cast_ballot(
        actor=actor_of(request),
        meeting_id=pk,
        poll_id=poll,
        choice=data.choice,
        comment=data.comment,
        mandate=data.mandate,
        key=key,
    )
    return ReceiptOut.of(receipt)


@router.post("meetings/{pk}/polls/{poll}/close", response=Done, summary="Close the poll")
def close_poll(request: HttpRequest, pk: int, poll: int, data: CloseIn, key: str = Key) -> Done:
    """Decide it. 409 ``chair_must_decide`` on equal votes when the chair has not voted."""
    event = live.close_poll(
        actor=actor_of(request), meeting_id=pk, poll_id=poll, chair_choice=data.chair_choice, key=key
    )
    return done(event)


@router.post("meetings/{pk}/polls/{poll}/cancel", response=Done, summary="Cancel the poll")
def cancel_poll(request: HttpRequest, pk: int, poll: int, data: ReasonIn, key: str = Key) -> Done:
    """Nothing of it counts."""
    event = live.cancel_poll(
        actor=actor_of(request), meeting_id=pk, poll_id=poll, reason=data.reason, key=key
    )
    return done(event)
