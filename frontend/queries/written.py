"""The pages of written ballots: the list, and one ballot as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ecabinet.accounts.models import User, in_language
from ecabinet.common import clock
from meetings.actions.guards import OPEN_AGENDA
from meetings.actions.written import rule_for
from meetings.enums import WrittenState
from meetings.models import DocumentVersion, Meeting, Membership, WrittenBallot
from meetings.permissions import can_prepare, prepares_anything
from meetings.queries.written import OwnAnswer, Summary, own_answer, summary, waiting_for_answer, with_turnout
from meetings.rules.working_days import Holidays, deadline
from voting.queries import receipt_of, rule_of
from voting.receipts import Receipt
from voting.rules import Rule
from voting.verdict_text import sentence


@dataclass(frozen=True)
class Listing:
    """Ballots by what they want: my answer, other people's, to be sent out, nothing any more."""

    waiting: tuple[WrittenBallot, ...]
    out: tuple[WrittenBallot, ...]
    drafts: tuple[WrittenBallot, ...]
    past: tuple[WrittenBallot, ...]
    prepares: bool

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.out or self.drafts or self.past)


@dataclass(frozen=True)
class Option:
    code: str
    label: str


@dataclass(frozen=True)
class Page:
    """One ballot. ``own`` is None for who is not asked; ``meetings`` are those it may be moved to."""

    written: WrittenBallot
    summary: Summary
    own: OwnAnswer | None
    receipt: Receipt | None
    options: tuple[Option, ...]
    versions: tuple[DocumentVersion, ...]
    prepares: bool
    meetings: tuple[Meeting, ...]
    asked: int
    closes_at: datetime | None  # of a draft: if it were sent out now

    @property
    def may_answer(self) -> bool:
        out = self.written.state == WrittenState.OPEN
        return out and self.own is not None and self.closes_at is not None and self.closes_at > clock.now()

    @property
    def own_choice(self) -> str:
        """The label of what the reader said last."""
        code = self.own.ballot.choice if self.own and self.own.ballot else ""
        return next((option.label for option in self.options if option.code == code), "")

    @property
    def is_adopted(self) -> bool:
        return bool(((self.written.poll and self.written.poll.verdict) or {}).get("adopted"))

    @property
    def sentence(self) -> str:
        """Why, for a closed ballot."""
        verdict = self.written.poll.verdict if self.written.poll else None
        return sentence(verdict) if verdict else ""


def readable(user: User) -> QuerySet[WrittenBallot]:
    return WrittenBallot.objects.visible_to(user).select_related(
        "body__agency", "poll", "dossier", "item__meeting"
    )


def listing(user: User) -> Listing:
    """In a constant number of queries."""
    rows = list(with_turnout(readable(user)))
    mine = set(waiting_for_answer(user).values_list("pk", flat=True))
    out = sorted((row for row in rows if row.state == WrittenState.OPEN), key=lambda row: str(row.closes_at))
    return Listing(
        waiting=tuple(row for row in out if row.pk in mine),
        out=tuple(row for row in out if row.pk not in mine),
        drafts=tuple(row for row in rows if row.state == WrittenState.DRAFT),
        past=tuple(row for row in rows if row.state in (WrittenState.CLOSED, WrittenState.CANCELLED)),
        prepares=prepares_anything(user),
    )


def page(written: WrittenBallot, user: User) -> Page:
    """The ballot for this reader; the caller took it from ``readable``."""
    own = own_answer(written, user)
    ballot = own.ballot if own else None
    prepares = can_prepare(user, written.body)
    return Page(
        written=written,
        summary=summary(written),
        own=own,
        receipt=receipt_of(ballot, own.elector.mandate) if own and ballot else None,
        options=_options(rule_of(written.poll) if written.poll else rule_for(written)),
        versions=_versions(written),
        prepares=prepares,
        meetings=_meetings(written) if prepares and written.item_id is None else (),
        asked=_asked(written),
        closes_at=written.closes_at or _deadline(written),
    )


def _options(rule: Rule) -> tuple[Option, ...]:
    return tuple(Option(choice.code, in_language(choice.label, choice.label_en)) for choice in rule.choices)


def _versions(written: WrittenBallot) -> tuple[DocumentVersion, ...]:
    """What went out; of a draft what would."""
    if written.state != WrittenState.DRAFT:
        return tuple(row.version for row in written.papers.select_related("version__document"))
    if written.dossier is None:
        return ()
    documents = written.dossier.documents.order_by("sort_order", "pk")
    newest = (document.versions.select_related("document").first() for document in documents)
    return tuple(version for version in newest if version is not None)


def _meetings(written: WrittenBallot) -> tuple[Meeting, ...]:
    ahead = Meeting.objects.filter(body=written.body_id, state__in=OPEN_AGENDA, ends_at__gte=clock.now())
    return tuple(ahead.order_by("starts_at"))


def _asked(written: WrittenBallot) -> int:
    if written.poll is not None:
        return int(written.poll.electors.count())
    return Membership.objects.in_force(clock.today()).voting().filter(body=written.body_id).count()


def _deadline(written: WrittenBallot) -> datetime:
    return deadline(timezone.localtime(clock.now()), written.days, Holidays.parse(settings.HOLIDAYS))
