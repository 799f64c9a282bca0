"""Who votes for whom in a meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from meetings.models import Meeting, Membership, Proxy


def proxies_in_force(meeting: Meeting) -> tuple[Proxy, ...]:
    """Proxies given for this meeting and not taken back, in the order in which they were given."""
    rows = Proxy.objects.filter(meeting=meeting, revoked_at=None)
    return tuple(rows.select_related("represented__user", "acting__user"))


def acting_for(meeting: Meeting, voting: Collection[int], here: Collection[int]) -> dict[int, Membership]:
    """Who acts for whom if a poll opened now, by represented membership."""
    limit = meeting.body.proxies
    if not limit:
        return {}
    return awake(proxies_in_force(meeting), limit=limit, voting=voting, here=here)


def awake(
    proxies: Iterable[Proxy], *, limit: int, voting: Collection[int], here: Collection[int]
) -> dict[int, Membership]:
    """Who acts, by represented membership, given who votes in the body and who is here.

    The proxy of a member who is here sleeps, and one whose holder is away is of no use. Nobody acts
    for more than ``limit`` others: the earlier proxies count.
    """
    acting: dict[int, Membership] = {}
    held: Counter[int] = Counter()
    for proxy in proxies:
        known = proxy.represented_id in voting and proxy.acting_id in voting
        if known and proxy.represented_id not in here and proxy.acting_id in here:
            held[proxy.acting_id] += 1
            if held[proxy.acting_id] <= limit:
                acting[proxy.represented_id] = proxy.acting
    return acting


def on_item(acting: Mapping[int, Membership], recused: Collection[int]) -> dict[int, Membership]:
    """Who acts in an item: nobody for a mandate that takes no part in it, and nobody who takes no part."""
    return {
        represented: member
        for represented, member in acting.items()
        if represented not in recused and member.pk not in recused
    }
