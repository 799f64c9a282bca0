"""Taking in the separate files of a decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import blobs
from ecabinet.common.errors import Denied, DomainError
from ecabinet.common.intake import inspect_pdf, refuse_bad
from meetings.models import AgendaItem, Decision, DecisionAppendix
from meetings.permissions import can_run_desk

MOST = 99


@dataclass(frozen=True)
class Appendix:
    """A file that was examined and stored."""

    title: str
    sha256: str
    size: int
    pages: int


def take_in(*, actor: User, item: AgendaItem, path: Path, filename: str) -> Appendix:
    """Examine the PDF at ``path`` by the rules for papers and store its bytes unaltered.

    Its name without the ending is its title. Raises Denied, or 422 ``paper_…`` for a bad file; one with a
    classification marking is not stored at all.
    """
    if not can_run_desk(actor, item.meeting):
        raise Denied(_("Only the chair and the secretariat may prepare a decision for signature."))
    report = inspect_pdf(path, filename)
    refuse_bad(report)
    sha256, size = blobs.put_file(path)
    title = filename.removesuffix(".pdf").removesuffix(".PDF").strip()
    return Appendix(title[:200] or _("Appendix"), sha256, size, report.pages)


def change(decision: Decision, *, drop: Collection[int], add: Sequence[Appendix]) -> None:
    """Called by ``meetings.actions.decisions``, in its transaction, before the decision is printed again.

    ``drop`` holds ids. The others keep their order, and all are numbered anew: nothing signed names them yet.
    """
    if not drop and not add:
        return
    rows = [each for each in decision.appendices.all() if each.pk not in drop]
    kept = [Appendix(each.title, each.sha256, each.size, each.pages) for each in rows]
    decision.appendices.all().delete()
    attach(decision, [*kept, *add])


def attach(decision: Decision, appendices: Sequence[Appendix]) -> None:
    """Called by ``meetings.actions.decisions``, in its transaction, when the decision is made.

    Raises DomainError ``bad_appendices``.
    """
    if len(appendices) > MOST or len({each.sha256 for each in appendices}) < len(appendices):
        message = _("A decision takes at most %(n)d appendices, each file once.") % {"n": MOST}
        raise DomainError("bad_appendices", message, 422)
    DecisionAppendix.objects.bulk_create(
        DecisionAppendix(decision=decision, number=number, **vars(each))
        for number, each in enumerate(appendices, 1)
    )
