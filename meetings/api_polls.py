"""Votes beyond the plain motion over HTTP: amendments, options, votes taken again, proxies, receipts.

POST meetings/{pk}/polls/amendment               AmendmentIn       → Done (id of the poll)
POST meetings/{pk}/polls/options                 OptionsIn         → Done (id of the poll)
POST meetings/{pk}/polls/{poll}/again            ReasonIn          → Done (id of the new poll)
POST meetings/{pk}/proxies                       ProxyIn           → Done (id of the proxy)
POST meetings/{pk}/proxies/{proxy}/revoke                          → Done
GET  meetings/{pk}/polls/{poll}/receipts/{mandate}                 the voter's own proof, as a file
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.security import django_auth

from meetings.actions import live
from meetings.api import Key, actor_of, done, readable
from meetings.api_schemas import AmendmentIn, Done, OptionsIn, ProxyIn, ReasonIn
from meetings.queries.receipts import own_ballot
from meetings.rules.polls import Amendment, Option
from voting.proofs import proof_file

router = Router(tags=["votes"], auth=django_auth)


@router.post("meetings/{pk}/polls/amendment", response=Done, summary="Put an amendment to the vote")
def open_amendment(request: HttpRequest, pk: int, data: AmendmentIn, key: str = Key) -> Done:
    """New words for one clause, before the text itself."""
    event = live.open_amendment(
        actor=actor_of(request),
        meeting_id=pk,
        item_id=data.item_id,
        amendment=Amendment(data.clause, data.text, data.text_en),
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/polls/options", response=Done, summary="Put several options to the vote")
def open_options(request: HttpRequest, pk: int, data: OptionsIn, key: str = Key) -> Done:
    """At most one is chosen, by the body's rule."""
    event = live.open_options(
        actor=actor_of(request),
        meeting_id=pk,
        item_id=data.item_id,
        options=[Option(one.text, one.text_en) for one in data.options],
        question=data.question,
        question_en=data.question_en,
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/polls/{poll}/again", response=Done, summary="Take a vote again")
def open_revote(request: HttpRequest, pk: int, poll: int, data: ReasonIn, key: str = Key) -> Done:
    """The earlier vote stays visible; it no longer counts once this one has a result."""
    event = live.open_revote(
        actor=actor_of(request), meeting_id=pk, poll_id=poll, reason=data.reason, key=key
    )
    return done(event)


@router.post("meetings/{pk}/proxies", response=Done, summary="Give a vote to another member")
def give_proxy(request: HttpRequest, pk: int, data: ProxyIn, key: str = Key) -> Done:
    """My own for this meeting, or another's by the desk on a written notice."""
    event = live.give_proxy(
        actor=actor_of(request),
        meeting_id=pk,
        acting=data.acting,
        represented=data.represented,
        note=data.note,
        key=key,
    )
    return done(event)


@router.post("meetings/{pk}/proxies/{proxy}/revoke", response=Done, summary="Take a proxy back")
def revoke_proxy(request: HttpRequest, pk: int, proxy: int, key: str = Key) -> Done:
    """Not while a poll is open."""
    return done(live.revoke_proxy(actor=actor_of(request), meeting_id=pk, proxy_id=proxy, key=key))


@router.get("meetings/{pk}/polls/{poll}/receipts/{mandate}", summary="The proof of my ballot, to keep")
def receipt(request: HttpRequest, pk: int, poll: int, mandate: int) -> HttpResponse:
    """Only for who cast it; 409 ``not_sequenced`` until the ledger has sealed it."""
    ballot = own_ballot(actor_of(request), readable(request, pk), poll, mandate)
    name = f'attachment; filename="ballot-{poll}-{mandate}.json"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return HttpResponse(proof_file(ballot), content_type="application/json", headers=headers)
