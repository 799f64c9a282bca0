"""Role cards of the demo: one way into each seat. A card is shown when its person exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ecabinet.accounts.enums import Role
from ecabinet.accounts.models import User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common.clock import today

DOMAIN = "demo.ecabinet.example"


@dataclass(frozen=True)
class Card:
    """``key`` stands in the address, ``login`` before the @ of the person's e-mail address."""

    key: str
    login: str
    title: Any
    what: Any

    @property
    def email(self) -> str:
        return f"{self.login}@{DOMAIN}"


def _member(number: int, login: str, what: Any) -> Card:
    return Card("member" if number == 1 else f"member-{number}", login, Role.MEMBER.label, what)


CARDS = (
    Card(
        "chair", "thu-tuong", Role.CHAIR.label, _("Opens the meeting, gives the floor, closes votes, signs.")
    ),
    _member(1, "y-te", _("Reads the papers, gives a position, votes.")),
    Card(
        "secretariat", "thu-ky", Role.SECRETARIAT.label, _("Prepares the agenda, distributes, runs the desk.")
    ),
    Card("archivist", "luu-tru", Role.ARCHIVIST.label, _("Finds sealed records and proves them genuine.")),
    Card("auditor", "kiem-toan", Role.AUDITOR.label, _("Looks into records and proofs, changes nothing.")),
    Card("clerk", "van-thu", Role.CLERK.label, _("Receives, numbers and sends for a ministry.")),
    Card(
        "registrar",
        "dang-ky",
        Role.REGISTRAR.label,
        _("Approves and issues certificates, suspends and revokes them."),
    ),
    _member(2, "tai-chinh", _("Votes on a second device, or presents an item.")),
    _member(3, "tu-phap", _("A third vote, for a live poll with others.")),
    _member(4, "nong-nghiep", _("A fourth vote.")),
    _member(5, "khoa-hoc", _("A fifth vote.")),
)


@dataclass(frozen=True)
class Seat:
    """A card with its person."""

    card: Card
    user: User
    office: str


def seats() -> Iterator[Seat]:
    """The cards whose people exist and may sign in, in the order above."""
    people = {user.email: user for user in _people(CARDS)}
    for card in CARDS:
        if card.email in people:
            user = people[card.email]
            yield Seat(card, user, mandate_text(user, today()))


def person_of(key: str) -> User | None:
    """The person behind a card, or None."""
    wanted = [card for card in CARDS if card.key == key]
    return next(iter(_people(wanted)), None)


def _people(cards: Any) -> Any:
    return User.objects.filter(email__in=[card.email for card in cards], is_active=True)
