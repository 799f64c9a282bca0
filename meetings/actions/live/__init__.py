"""What happens while a meeting sits: one function per state change, one live event per command.

Every function takes ``actor`` and, for commands sent over the network, the client's idempotency
``key``: the same key sent again returns the first event and changes nothing. Each raises Denied,
WrongState or DomainError with a sentence for people.
"""

from meetings.actions.live.attendance import set_presence
from meetings.actions.live.floor import (
    end_floor,
    extend_floor,
    give_floor,
    remove_request,
    request_floor,
    withdraw_request,
)
from meetings.actions.live.items import call_item, end_item, postpone_item, record_conclusion
from meetings.actions.live.polls import cancel_poll, cast_ballot, close_poll, open_poll
from meetings.actions.live.session import adjourn, start

__all__ = [
    "adjourn",
    "call_item",
    "cancel_poll",
    "cast_ballot",
    "close_poll",
    "end_floor",
    "end_item",
    "extend_floor",
    "give_floor",
    "open_poll",
    "postpone_item",
    "record_conclusion",
    "remove_request",
    "request_floor",
    "set_presence",
    "start",
    "withdraw_request",
]
