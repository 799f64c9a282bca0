"""The demo's written ballots: one that ended, one that waits for answers, one not sent out yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from ecabinet.common import clock
from ecabinet.demo.cast import Cast
from ecabinet.demo.content.ballots import DRAFT, ENDED, OPINIONS, OUT, BallotRow
from ecabinet.demo.content.papers import papers_of
from ecabinet.demo.sittings import upload
from meetings.actions import dossiers
from meetings.actions import written as actions
from meetings.models import Dossier, Membership, WrittenBallot
from meetings.rules.written import Opinion

NINE = time(9)
OUT_SINCE, ENDED_SINCE = timedelta(days=1), timedelta(days=16)
GUEST = "y-te"  # the first role card: has still to answer


def send_written_ballots(cast: Cast) -> None:
    """Two weeks ago with its result, since yesterday with a third of the answers, and a draft."""
    ended = _sent(cast, ENDED, _morning(clock.today() - ENDED_SINCE))
    _answered(cast, ended, cast.members[:-2])
    if ended.closes_at is not None:
        with clock.starting_at(ended.closes_at + timedelta(seconds=1)):
            actions.close_due()
    out = _sent(cast, OUT, _morning(clock.today() - OUT_SINCE))
    _answered(cast, out, [member for member in cast.members if member.user != cast.people[GUEST]][1:10])
    actions.save_written(actor=cast.clerk, written=_draft(cast, DRAFT, None))


def _sent(cast: Cast, row: BallotRow, at: datetime) -> WrittenBallot:
    with clock.starting_at(at):
        draft = _draft(cast, row, _dossier(cast, row))
        return actions.open_written(
            actor=cast.clerk, written=actions.save_written(actor=cast.clerk, written=draft)
        )


def _draft(cast: Cast, row: BallotRow, dossier: Dossier | None) -> WrittenBallot:
    return WrittenBallot(
        body=cast.body,
        title=row.item.title,
        title_en=row.item.title_en,
        question=row.question,
        question_en=row.question_en,
        dossier=dossier,
        days=cast.body.written_days,
    )


def _dossier(cast: Cast, row: BallotRow) -> Dossier:
    sponsor = cast.agencies[row.item.sponsor]
    dossier = dossiers.create_dossier(
        actor=cast.clerk, agency=sponsor, title=row.item.title, title_en=row.item.title_en
    )
    for paper in papers_of(row.item, sponsor.name, timezone.localdate(clock.now()), sponsor.abbreviation):
        document = dossiers.add_document(
            actor=cast.clerk, dossier=dossier, role=paper.role, title=paper.title, title_en=paper.title_en
        )
        upload(cast, document.pk, paper)
    return dossier


def _answered(cast: Cast, written: WrittenBallot, members: Sequence[Membership]) -> None:
    """One after the other, in the hours after it was sent out; some with opinions."""
    opened = written.opened_at or clock.now()
    for place, member in enumerate(members):
        choice, comment, opinions = OPINIONS[place % len(OPINIONS)]
        with clock.starting_at(opened + timedelta(minutes=11 * (place + 1))):
            actions.answer(
                actor=member.user,
                written=written,
                choice=choice,
                key=f"demo-{member.pk}",
                comment=comment,
                opinions=[Opinion(*row) for row in opinions],
            )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NINE))
