"""What happens while a meeting sits: one function per state change, one live event per command.

Every function takes ``actor`` and, for commands sent over the network, the client's idempotency
``key``: the same key sent again returns the first event and changes nothing. Each raises Denied,
WrongState or DomainError with a sentence for people.
"""

from meetings.actions.live.attendance import set_presence
from meetings.actions.live.consent import adopt_consent, pull_item
from meetings.actions.live.floor import (
    end_floor,
    extend_floor,
    give_floor,
    remove_request,
    request_floor,
    withdraw_request,
)
from meetings.actions.live.items import call_item, end_item, postpone_item, record_conclusion, reopen_item
from meetings.actions.live.polls import (
    cancel_poll,
    cast_ballot,
    close_poll,
    open_amendment,
    open_options,
    open_poll,
    open_revote,
)
from meetings.actions.live.presenting import present_page
from meetings.actions.live.proxies import give_proxy, revoke_proxy
from meetings.actions.live.recusal import declare_recusal, take_back_recusal
from meetings.actions.live.rollcall import confirm_roll_call, discard_roll_call, enter_roll_call
from meetings.actions.live.session import adjourn, start

__all__ = [
    "adjourn",
    "adopt_consent",
    "call_item",
    "cancel_poll",
    "cast_ballot",
    "close_poll",
    "confirm_roll_call",
    "declare_recusal",
    "discard_roll_call",
    "end_floor",
    "end_item",
    "enter_roll_call",
    "extend_floor",
    "give_floor",
    "give_proxy",
    "open_amendment",
    "open_options",
    "open_poll",
    "open_revote",
    "postpone_item",
    "present_page",
    "pull_item",
    "record_conclusion",
    "remove_request",
    "reopen_item",
    "request_floor",
    "revoke_proxy",
    "set_presence",
    "start",
    "take_back_recusal",
    "withdraw_request",
]
