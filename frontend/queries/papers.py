"""A paper on the reader: where it belongs, what comes next, which versions there are."""

from __future__ import annotations

from dataclasses import dataclass

from ecabinet.accounts.models import User
from meetings.models import DistributionItem, DocumentVersion, Meeting
from meetings.queries import Paper, ProgrammeItem, programme


@dataclass(frozen=True)
class Shelf:
    """``version`` among its neighbours. ``entry`` and ``meeting`` are None for a paper on no agenda."""

    version: DocumentVersion
    meeting: Meeting | None
    entry: ProgrammeItem | None
    paper: Paper | None
    next: Paper | None
    versions: tuple[DocumentVersion, ...]  # those the reader may see, the newest first

    @property
    def newest(self) -> DocumentVersion | None:
        """A later version of the same document, if this is not the last one."""
        first = self.versions[0] if self.versions else None
        return first if first and first.number > self.version.number else None

    @property
    def start_page(self) -> int:
        return self.paper.last_page if self.paper else 1


def shelf(version: DocumentVersion, user: User) -> Shelf:
    """The paper and its neighbours, in a constant number of queries; the caller checks the right to read."""
    meeting = _meeting_of(version, user)
    plan = programme(meeting, user) if meeting else None
    places = [(row, paper) for row in plan.items for paper in row.papers] if plan else []
    here = next((at for at, (_row, p) in enumerate(places) if p.version.pk == version.pk), None)
    if here is None:
        # An older version stands in no programme: its newest sibling tells the place.
        here = next(
            (at for at, (_row, p) in enumerate(places) if p.version.document_id == version.document_id), None
        )
    versions = DocumentVersion.objects.visible_to(user).filter(document=version.document_id)
    entry, paper = places[here] if here is not None else (None, None)
    return Shelf(
        version=version,
        meeting=meeting,
        entry=entry,
        paper=paper if paper and paper.version.pk == version.pk else None,
        next=_next([p for _row, p in places], here),
        versions=tuple(versions.select_related("document").order_by("-number")),
    )


def _meeting_of(version: DocumentVersion, user: User) -> Meeting | None:
    """The meeting the version was last distributed for, else the one its dossier is on the agenda of."""
    readable = Meeting.objects.visible_to(user).select_related("body")
    sent = DistributionItem.objects.filter(version=version).order_by("-distribution__distributed_at")
    pk = sent.values_list("distribution__meeting", flat=True).first()
    item = version.document.dossier.item
    wanted = pk or (item.meeting_id if item else None)
    return readable.filter(pk=wanted).first() if wanted else None


def _next(papers: list[Paper], here: int | None) -> Paper | None:
    """The next paper in the order of the programme."""
    if here is None or here + 1 >= len(papers):
        return None
    return papers[here + 1]
