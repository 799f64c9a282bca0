"""Written ballots: who is asked, who has answered, and how once it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from ecabinet.accounts.models import User
from meetings.enums import ReminderStage, WrittenState
from meetings.models import Membership, WrittenAnswer, WrittenBallot, WrittenReminder
from meetings.poll_view import mandate_key, membership_id
from voting.models import Ballot, Elector
from voting.queries import current_ballots, rule_of
from voting.rules import Choice


@dataclass(frozen=True)
class AnswerRow:
    """One mandate of the summary. While the ballot is out only ``answered`` is told of others."""

    membership: Membership
    answered: bool
    choice: Choice | None
    comment: str
    opinions: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class ClauseOpinions:
    """What members said on one clause, in order of precedence."""

    clause: str
    opinions: tuple[tuple[Membership, str], ...]


@dataclass(frozen=True)
class Summary:
    rows: tuple[AnswerRow, ...]
    clauses: tuple[ClauseOpinions, ...]

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)

    @property
    def silent(self) -> tuple[Membership, ...]:
        return tuple(row.membership for row in self.rows if not row.answered)


@dataclass(frozen=True)
class OwnAnswer:
    """The person's place in the electorate, the ballot of it that counts, and what came with it."""

    elector: Elector
    ballot: Ballot | None
    answer: WrittenAnswer | None


def summary(written: WrittenBallot) -> Summary:
    """Who answered; once closed also how, named, with the opinions by clause. Constant queries."""
    if written.poll is None:
        return Summary((), ())
    electors = list(Elector.objects.filter(poll=written.poll))
    ballots = {ballot.elector_id: ballot for ballot in current_ballots(written.poll)}
    ids = [membership_id(elector.mandate) for elector in electors]
    members = Membership.objects.select_related("user", "deputy").in_bulk(ids)
    answers = {row.membership_id: row for row in WrittenAnswer.objects.filter(written=written)}
    told = written.state == WrittenState.CLOSED
    rule = rule_of(written.poll)
    rows = []
    for elector, pk in zip(electors, ids, strict=True):
        ballot, answer = ballots.get(elector.pk), answers.get(pk)
        shown = ballot if told else None
        rows.append(
            AnswerRow(
                membership=members[pk],
                answered=ballot is not None,
                choice=rule.choice(shown.choice) if shown else None,
                comment=shown.comment if shown else "",
                opinions=tuple(answer.opinions) if answer and told else (),
            )
        )
    return Summary(tuple(rows), tuple(_by_clause(rows)))


def _by_clause(rows: Iterable[AnswerRow]) -> list[ClauseOpinions]:
    """Clauses in the order in which they are first named; the same words are the same clause."""
    found: dict[str, tuple[str, list[tuple[Membership, str]]]] = {}
    for row in rows:
        for opinion in row.opinions:
            _clause, said = found.setdefault(opinion["clause"].casefold(), (opinion["clause"], []))
            said.append((row.membership, opinion["text"]))
    return [ClauseOpinions(clause, tuple(said)) for clause, said in found.values()]


def waiting_for_answer(user: User) -> QuerySet[WrittenBallot]:
    """Ballots the person is asked by and has not answered, the most pressing first."""
    voted = Ballot.objects.filter(elector=OuterRef("pk"))
    mine = Elector.objects.filter(user_id=user.pk, poll=OuterRef("poll"))
    silent = mine.filter(~Exists(voted))
    rows: QuerySet[WrittenBallot] = WrittenBallot.objects.filter(Exists(silent), state=WrittenState.OPEN)
    return rows.select_related("body").order_by("closes_at", "pk")


@dataclass(frozen=True)
class Deputised:
    """A member who has not answered, as their deputy is told."""

    written: WrittenBallot
    name: str


def told_as_deputy(user: User) -> tuple[Deputised, ...]:
    """Answers still missing of members whose deputy the person is and was reminded as."""
    members = Membership.objects.filter(deputy=user).values_list("pk", flat=True)
    told = WrittenReminder.objects.filter(user=user, stage=ReminderStage.DEPUTY).values("written")
    silent = Elector.objects.filter(
        mandate__in=[mandate_key(pk) for pk in members],
        poll__written_ballot__in=told,
        poll__written_ballot__state=WrittenState.OPEN,
        ballots=None,
    )
    rows = silent.select_related("poll__written_ballot").order_by("poll__closes_at", "order")
    return tuple(Deputised(row.poll.written_ballot, row.name) for row in rows)


def out_of(user: User) -> QuerySet[WrittenBallot]:
    """Ballots of bodies the person prepares that are out, the most pressing first; ``is_pressing`` once the
    secretariat was told that answers are missing.
    """
    told = WrittenReminder.objects.filter(written=OuterRef("pk"), stage=ReminderStage.SECRETARIAT)
    rows = WrittenBallot.objects.prepared_by(user).filter(state=WrittenState.OPEN)
    pressing: QuerySet[WrittenBallot] = with_turnout(rows).annotate(is_pressing=Exists(told))
    return pressing.order_by("closes_at", "pk")


def with_turnout(rows: QuerySet[WrittenBallot]) -> QuerySet[WrittenBallot]:
    """Each row with ``asked`` and ``answered``."""
    counted: QuerySet[WrittenBallot] = rows.annotate(
        asked=Count("poll__electors", distinct=True),
        answered=Count("poll__ballots__elector", distinct=True),
    )
    return counted


def own_answer(written: WrittenBallot, user: User) -> OwnAnswer | None:
    """None for who is not asked."""
    if written.poll is None:
        return None
    elector = Elector.objects.filter(poll=written.poll, user=user).first()
    if elector is None:
        return None
    ballot = current_ballots(written.poll).filter(elector=elector).first()
    answer = WrittenAnswer.objects.filter(written=written, membership=membership_id(elector.mandate)).first()
    return OwnAnswer(elector, ballot, answer)
