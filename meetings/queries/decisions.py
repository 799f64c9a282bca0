"""Reads about outcomes: what was adopted, who signs, how far a decision has come."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ecabinet.accounts.models import User
from ecabinet.common import blobs, clock
from ecabinet.common.errors import DomainError
from ecabinet.common.pdftext import page_texts
from meetings.enums import DecisionState, DocumentRole, MembershipRole
from meetings.models import AgendaItem, ConsentAdoption, Decision, DocumentVersion, Meeting, Membership
from meetings.models.scope import mandates, prepared_bodies
from meetings.queries.polls import adopted_amendments, closed_polls, deciding
from meetings.rules import draft_content
from meetings.rules.polls import Amendment, amendment_of
from signing.queries import refused_since
from voting.models import Poll

# How long a refusal is shown to those who prepared the decision: it asks for nothing from them here.
REFUSAL_SHOWN = timedelta(days=7)


def adopted_poll(item: AgendaItem) -> Poll | None:
    """The poll that decides the item when it adopted, else None."""
    last = deciding_poll(item)
    return last if last is not None and (last.verdict or {}).get("adopted") else None


def amendments_of(item: AgendaItem) -> list[Amendment]:
    """The adopted amendments in order: what the decision's text takes up."""
    found = (amendment_of(link.basis) for link in adopted_amendments(closed_polls(item)))
    return [amendment for amendment in found if amendment is not None]


def deciding_poll(item: AgendaItem) -> Poll | None:
    """The newest closed poll on the text itself or its options: a later vote replaces an earlier."""
    last = deciding(closed_polls(item))
    return last.poll if last is not None else None


def basis_of(item: AgendaItem) -> Poll | ConsentAdoption | None:
    """What the item was adopted by, if it was: its adoption in the block stands until a vote decides it."""
    if deciding_poll(item) is None:
        return ConsentAdoption.objects.filter(item=item).first()
    return adopted_poll(item)


def decision_on(basis: Poll | ConsentAdoption) -> Decision | None:
    """The decision prepared on this basis."""
    by = {"poll": basis} if isinstance(basis, Poll) else {"adoption": basis}
    return Decision.objects.filter(**by).first()


def signer_of(meeting: Meeting) -> Membership:
    """The chair's mandate, by which decisions are signed. Raises DomainError ``no_chair``."""
    members = Membership.objects.in_force(clock.today()).filter(body=meeting.body_id)
    chair = members.filter(role=MembershipRole.CHAIR).select_related("user").first()
    if chair is None:
        raise DomainError("no_chair", _("The body has no chair today. Add one to its members first."), 409)
    return chair


def draft_of(item: AgendaItem) -> DocumentVersion | None:
    """The draft decision that went out last with the item."""
    sent = DocumentVersion.objects.filter(distributed_in__item=item, document__role=DocumentRole.DRAFT)
    return sent.order_by("-distributed_in__distribution__number", "document__sort_order").first()


def suggested_content(item: AgendaItem) -> str:
    """The adopted draft's text as the start of the decision; empty when it cannot be told."""
    draft = draft_of(item)
    return "" if draft is None else draft_content(page_texts(blobs.path_of(draft.sha256)))


def held_up(user: User) -> QuerySet[Decision]:
    """Decisions that need somebody of their secretariat: returned, refused lately, or stuck on the way."""
    refused = refused_since("decision", clock.now() - REFUSAL_SHOWN)
    ids = [int(subject.removeprefix("decision:")) for subject in refused]
    stuck = ~Q(trouble="") & ~Q(state=DecisionState.REFUSED)
    rows = Decision.objects.filter(item__meeting__body__in=prepared_bodies(user))
    found = rows.filter(Q(state=DecisionState.RETURNED) | stuck | Q(pk__in=ids))
    return found.exclude(item__in=AgendaItem.objects.closed_to(user))


def visible_decisions(user: User) -> QuerySet[Decision]:
    """Decisions of the bodies the person sits in or prepares, newest first."""
    # SQLite takes no order inside a union.
    sits_in, prepares = mandates(user).order_by(), prepared_bodies(user).order_by()
    bodies = sits_in.values("body").union(prepares.values("pk"))
    decisions = Decision.objects.filter(item__meeting__body__in=bodies)
    return decisions.exclude(item__in=AgendaItem.objects.closed_to(user)).select_related(
        "item__meeting__body__agency", "signer", "record", "poll"
    )
