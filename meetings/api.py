"""The live room over HTTP: state, what is mine, and one POST per command.

All commands take an ``Idempotency-Key`` header; refusals answer ``{code, message, details}``.

    GET  meetings/{pk}/state?audience=member|observer|projector|desk   StateFrame, ETag, 304
    GET  meetings/{pk}/me                                              Me
    POST meetings/{pk}/start | adjourn                                 → Done
    POST meetings/{pk}/presence                      PresenceIn        → Done
    POST meetings/{pk}/items/{item}/call | end                         → Done
    POST meetings/{pk}/items/{item}/postpone         ReasonIn          → Done
    POST meetings/{pk}/items/{item}/conclusion       ConclusionIn      → Done
    POST meetings/{pk}/floor/request | withdraw                        → Done
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

from ninja import Router

router = Router(tags=["live room"])
