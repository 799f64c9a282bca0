"""Periodic work of the demo: members whose seat nobody can take by a role card vote by themselves.

Without them no one who tries the demo would ever see an adoption: it needs 14 of 27 members.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet

from ecabinet.accounts.models import User
from ecabinet.common import clock
from ecabinet.common.errors import DomainError
from ecabinet.demo.cards import CARDS, DOMAIN
from meetings.actions import live
from meetings.models import ItemPoll
from voting.enums import Entitlement, PollMode, PollState
from voting.models import Elector

# They think it over, and come one after another: a vote to look at, not a jump.
THINKING = timedelta(seconds=4)
AT_A_TIME = 3
CHOICES = ("for",) * 10 + ("against", "abstain")


def tick() -> None:
    """A few more ballots in every open poll of the demo."""
    ripe = ItemPoll.objects.filter(
        poll__state=PollState.OPEN, poll__mode=PollMode.LIVE, poll__opened_at__lte=clock.now() - THINKING
    )
    for link in ripe.select_related("item"):
        _vote(link, _silent(link.poll_id)[:AT_A_TIME])


def _silent(poll_id: int) -> QuerySet[Elector]:
    """Electors of the demo's own people without a card and without a ballot."""
    seated = [card.email for card in CARDS]
    people = User.objects.filter(email__endswith=f"@{DOMAIN}").exclude(email__in=seated)
    present = Elector.objects.filter(poll=poll_id, entitlement=Entitlement.PRESENT, user__in=people)
    silent: QuerySet[Elector] = present.filter(ballots__isnull=True).select_related("user")
    return silent


def _vote(link: ItemPoll, electors: Iterable[Elector]) -> None:
    for elector in electors:
        choice = CHOICES[(elector.pk * 7 + link.poll_id) % len(CHOICES)]
        try:
            live.cast_ballot(
                actor=elector.user,
                meeting_id=link.item.meeting_id,
                poll_id=link.poll_id,
                choice=choice,
                key=f"demo-{elector.pk}",
            )
        except DomainError:
            return  # closed meanwhile, or a rule with other choices: people decide it
