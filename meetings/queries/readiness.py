"""Whether an agenda may go out: the facts for ``meetings.rules.check_agenda`` and its findings in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecabinet.common import clock
from meetings.enums import VOTING_ROLES, ItemState, MeetingKind, MembershipRole
from meetings.models import AgendaItem, Document, Meeting, Membership
from meetings.queries.programme import newest_versions
from meetings.rules import Facts, Finding, ItemFacts, check_agenda

RECIPIENT_ROLES = (*VOTING_ROLES, MembershipRole.INVITEE)

SENTENCES = {
    "no_items": gettext_noop("The agenda has no items. Add at least one."),
    "no_recipients": gettext_noop(
        "The body has no members on the day of the meeting. Add its members first."
    ),
    "late": gettext_noop(
        "Papers go out at least %(lead)s days ahead; %(days)s are left. "
        "Give the reason in the note to members."
    ),
    "over_time": gettext_noop("The items take %(minutes)s minutes more than the meeting has."),
    "paper_only_files": gettext_noop("The item is on paper only: take its dossier away."),
    "missing_statement": gettext_noop("The statement is missing."),
    "missing_draft": gettext_noop("The draft decision is missing."),
    "missing_opinions": gettext_noop("The agencies' opinions are missing."),
    "missing_summary": gettext_noop("The statement has %(pages)s pages and no summary."),
    "unfinished": gettext_noop("“%(title)s” has no file yet. Upload it or remove the document."),
}


@dataclass(frozen=True)
class Check:
    """A finding in words."""

    finding: Finding
    sentence: str

    @property
    def stops(self) -> bool:
        return self.finding.weight == "stop"

    @property
    def wants_reason(self) -> bool:
        return self.finding.weight == "reason"

    @property
    def item(self) -> int | None:
        return self.finding.item


@dataclass(frozen=True)
class Readiness:
    """Everything the board says about an agenda."""

    checks: tuple[Check, ...]
    passed: tuple[str, ...]
    recipients: int
    papers: int

    @property
    def stops(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.stops)

    @property
    def wants_reason(self) -> bool:
        return any(check.wants_reason for check in self.checks)

    @property
    def ready(self) -> bool:
        return not self.stops

    def of_item(self, number: int) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.item == number)


def recipients_of(meeting: Meeting) -> QuerySet[Membership]:
    """Mandates the papers go to: those in force today, of voting members and invitees, by precedence."""
    members: QuerySet[Membership] = Membership.objects.in_force(clock.today()).filter(
        body=meeting.body_id, role__in=RECIPIENT_ROLES
    )
    return members.select_related("user").order_by("seniority", "pk")


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """The items that will be dealt with, in order."""
    agenda = meeting.items.exclude(state=ItemState.POSTPONED).select_related(
        "sponsor", "rapporteur", "dossier"
    )
    return list(agenda.order_by("sort_order", "pk"))


def readiness(meeting: Meeting) -> Readiness:
    """Run the checks on the agenda as it stands."""
    facts, papers = _facts(meeting)
    checks = tuple(Check(finding, _words(finding)) for finding in check_agenda(facts))
    return Readiness(checks, tuple(_passed(facts, checks)), facts.recipients, papers)


def _words(finding: Finding) -> str:
    return _(SENTENCES[finding.code]) % dict(finding.values)


def _facts(meeting: Meeting) -> tuple[Facts, int]:
    items = agenda_of(meeting)
    papers = newest_versions(items)
    pages: dict[int, dict[str, int]] = defaultdict(dict)
    for version in papers:
        pages[version.document.dossier.item_id or 0][version.document.role] = version.pages
    unfinished = _unfinished(items)
    facts = Facts(
        today=clock.today(),
        starts_on=timezone.localtime(meeting.starts_at).date(),
        lead_days=meeting.body.papers_lead_days,
        hurried=meeting.kind == MeetingKind.EXTRAORDINARY,
        available_minutes=int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        planned_minutes=sum(item.minutes for item in items),
        recipients=recipients_of(meeting).count(),
        items=tuple(
            ItemFacts(number, item.kind, pages[item.pk], tuple(unfinished[item.pk]), hasattr(item, "dossier"))
            for number, item in enumerate(items, start=1)
        ),
    )
    return facts, len(papers)


def _unfinished(items: Sequence[AgendaItem]) -> dict[int, list[str]]:
    titles: dict[int, list[str]] = defaultdict(list)
    waiting = Document.objects.filter(dossier__item__in=[item.pk for item in items], versions=None)
    for document in waiting.select_related("dossier"):
        titles[document.dossier.item_id or 0].append(str(document))
    return titles


def _passed(facts: Facts, checks: Sequence[Check]) -> list[str]:
    codes = {check.finding.code for check in checks}
    sentences = []
    if facts.items and not codes & {"missing_statement", "missing_draft", "unfinished"}:
        sentences.append(_("Every item has the papers it needs."))
    if "late" not in codes and not facts.hurried:
        sentences.append(
            _("The papers reach members at least %(days)s days ahead.") % {"days": facts.lead_days}
        )
    if "paper_only_files" not in codes:
        sentences.append(_("No file carries a classification marking."))
    if "over_time" not in codes:
        sentences.append(_("The items fit into the time of the meeting."))
    return sentences
