"""A shorter way for ballots that come together, in front of the site.

A whole request for each of five thousand ballots costs minutes of a small machine. Here they are examined
together, by the rules of the long way (session, CSRF token, recent proof of identity, mandate), and written
in one COMMIT. Only ballots against which there is nothing to say end here: every other one goes on to the
API as it came, which tells the reason.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from pydantic import ValidationError

from ecabinet.accounts import stepup
from ecabinet.accounts.sessions import SignedIn, signed_in
from ecabinet.common.gate import Asgi, Message, Receive, Send
from ecabinet.common.middleware import ContentSecurityPolicyMiddleware
from ecabinet.common.sparse import answered
from ecabinet.realtime.together import Together
from meetings.actions.live.ballots import OfferedBallot, cast_ballots
from meetings.api_schemas import BallotIn, ReceiptOut
from voting.receipts import Receipt

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

logger = logging.getLogger(__name__)

CAST = re.compile(r"/api/v1/meetings/(\d{1,9})/polls/(\d{1,9})/cast")
LONGEST = 16_384  # bytes of a ballot with the longest comment


class BallotDoor:
    def __init__(self, site: Asgi) -> None:
        self._site = site
        self._ballots: Together[Envelope, HttpResponse | None] = Together(cast_together)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        place = CAST.fullmatch(scope["path"]) if scope["method"] == "POST" else None
        if place is None:
            return await self._site(scope, receive, send)
        heard, body = await _whole(receive)
        answer = None
        if body is not None:
            meeting, poll = map(int, place.groups())
            answer = await self._ballots.ask(Envelope(scope, body, meeting, poll))
        if answer is None:
            return await self._site(scope, _again(heard, receive), send)
        await _send(answer, send)
        return None


async def _whole(receive: Receive) -> tuple[list[Message], bytes | None]:
    """What was received, and the body; None instead of a body that is too long or was broken off."""
    heard: list[Message] = []
    size = 0
    while size <= LONGEST:
        heard.append(await receive())
        if heard[-1]["type"] != "http.request":
            break
        size += len(heard[-1].get("body", b""))
        if not heard[-1].get("more_body", False):
            return heard, b"".join(message.get("body", b"") for message in heard)
    return heard, None


def _again(heard: list[Message], receive: Receive) -> Receive:
    """First what was heard already, then what comes."""
    rest = iter(heard)

    async def listen() -> Message:
        message = next(rest, None)
        return message if message is not None else await receive()

    return listen


async def _send(answer: HttpResponse, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


@dataclass(frozen=True)
class Envelope:
    """A request as it came; ``meeting`` and ``poll`` are the ids in its path."""

    scope: Any
    body: bytes
    meeting: int
    poll: int


def cast_together(envelopes: Sequence[Envelope]) -> list[HttpResponse | None]:
    """For each the answer to an accepted ballot, or None: the long way tells what is wrong with it.

    After an error of our own all go the long way; what was written before it counts once, by its key.
    """
    try:
        return _cast(envelopes)
    except Exception:
        logger.exception("%d ballots go the long way", len(envelopes))
        return [None for _envelope in envelopes]


def _cast(envelopes: Sequence[Envelope]) -> list[HttpResponse | None]:
    requests = [ASGIRequest(each.scope, BytesIO(each.body)) for each in envelopes]
    keys = [request.COOKIES.get(settings.SESSION_COOKIE_NAME, "") for request in requests]
    people = signed_in(set(keys))
    asked = zip(requests, envelopes, keys, strict=True)
    ballots = [_ballot(request, each, people.get(key)) for request, each, key in asked]
    taken = zip(requests, answered(ballots, cast_ballots), strict=True)
    return [_answer(request, receipt) if receipt is not None else None for request, receipt in taken]


def _ballot(request: ASGIRequest, envelope: Envelope, person: SignedIn | None) -> OfferedBallot | None:
    if person is None:
        return None
    request.user, request.session = person.user, cast("SessionBase", person.data)  # only looked at
    if not _is_ours(request) or not stepup.is_fresh(request):
        return None
    try:
        data = BallotIn.model_validate_json(envelope.body)
    except ValidationError:
        return None
    key = request.headers.get("Idempotency-Key", "")
    place = envelope.meeting, envelope.poll
    return OfferedBallot(person.user, *place, data.choice, key, data.comment, data.mandate)


def _is_ours(request: HttpRequest) -> bool:
    """Sent by a page of this site, over the way it wants to be spoken to."""
    try:
        if SecurityMiddleware(_nothing).process_request(request) is not None:
            return False
        token = _Token(_nothing)
        token.process_request(request)
        return token.process_view(request, _nothing, (), {}) is None
    except DisallowedHost:
        return False


class _Token(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        """The long way refuses it and writes it into the log."""
        return HttpResponse(reason, status=403)


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _answer(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """With the headers of every answer of this site."""
    told = ReceiptOut.of(receipt).model_dump()
    answer = JsonResponse(told, content_type="application/json; charset=utf-8")
    answer.headers["Content-Length"] = str(len(answer.content))
    framed = XFrameOptionsMiddleware(_nothing).process_response(request, answer)
    secured = SecurityMiddleware(_nothing).process_response(request, framed)
    return ContentSecurityPolicyMiddleware(lambda _request: secured)(request)
